"""Names in the order in which Germans look them up, for queries of the ORM."""

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Lower

from aupolicy.kernel.sorting import BARE, MARKED


def name_order(field: str) -> Lower:
    """A text field as it is to be sorted: "Böhm" beside "Bohm", small beside capital."""
    bare = Func(
        F(field), Value(MARKED), Value(BARE), function="translate", output_field=CharField()
    )
    return Lower(bare)
