"""What a policyholder owes although its due date has passed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Sum

from aupolicy.models import GroupContract
from billing.models import Mandate, OpenItem
from billing.queries.open_items import list_open_items


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

    Counted are premiums whose due date has passed and that are not settled. Credits do not lessen
    it until they are set off.
    """
    late = list_open_items(
        OpenItem.objects.filter(
            contract=contract, kind=OpenItem.Kind.PREMIUM, amount__gt=0, due_date__lt=today
        )
    )
    sums = late.order_by().aggregate(
        since=Min("due_date"), amount=Sum("open_amount"), statements=Count("pk")
    )
    if sums["since"] is None:
        return None
    mandates = Mandate.objects.filter(contract=contract, period__contains=today)
    return Arrears(**sums, has_mandate=mandates.exists())
