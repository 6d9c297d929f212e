"""The order in which Germans look names up, whatever collation the database has."""

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Lower

# DIN 5007-1: letters with marks sort as their bare letters. Capitals too, since a database
# without a locale cannot lower them.
_MARKED = "äàáâãåæçèéêëìíîïñòóôõöøœßùúûüýÿğışžćčłÄÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜÝĞİŞŽĆČŁ"
_BARE = "aaaaaaaceeeeiiiinooooooosuuuuyygiszcclaaaaaaaceeeeiiiinooooooouuuuygiszccl"


def name_order(field: str) -> Lower:
    """A text field as it is to be sorted: "Böhm" beside "Bohm", small beside capital."""
    bare = Func(
        F(field), Value(_MARKED), Value(_BARE), function="translate", output_field=CharField()
    )
    return Lower(bare)
