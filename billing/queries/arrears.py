"""What a policyholder owes although its due date has passed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Sum

from aupolicy.models import GroupContract
from billing.models import Mandate, Statement


@dataclass(frozen=True, slots=True)
class Arrears:
    """Statements that are due and were never collected: since when, how much (EUR), how many.

    `has_mandate`: there is a mandate today, so the insurer was late to collect, and not the
    policyholder to pay.
    """

    since: date
    amount: Decimal
    statements: int
    has_mandate: bool


def get_arrears(contract: GroupContract, *, today: date) -> Arrears | None:
    """What a contract is behind with on a day, None for nothing.

    Counted are posted statements that ask for money, whose due date has passed, and that no
    collection has taken. Credits do not lessen it: nobody has set them off yet.
    """
    open_statements = Statement.objects.filter(
        contract=contract,
        number__isnull=False,
        total__gt=0,
        due_date__lt=today,
        collection_item=None,
    )
    sums = open_statements.aggregate(
        since=Min("due_date"), amount=Sum("total"), statements=Count("pk")
    )
    if sums["since"] is None:
        return None
    mandates = Mandate.objects.filter(contract=contract, period__contains=today)
    return Arrears(**sums, has_mandate=mandates.exists())
