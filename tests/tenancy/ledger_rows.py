"""A plan of instalments for every contract: the constructed world agrees none by itself."""

from datetime import date

from aupolicy.models import GroupContract, User
from billing.models import Instalment, InstalmentPlan, OpenItem, PlannedItem

_DAY = date(2026, 1, 5)


def add_plan(contract: GroupContract, user: User) -> None:
    """The contract's first demand, to be paid in one instalment."""
    item = OpenItem.objects.filter(contract=contract, amount__gt=0).earliest("pk")
    plan = InstalmentPlan.objects.create(
        contract=contract, agreed_on=_DAY, agreed_by=user, reason="Auf Bitte des Kunden"
    )
    PlannedItem.objects.create(plan=plan, open_item=item, amount=item.amount)
    Instalment.objects.create(plan=plan, due_date=_DAY, amount=item.amount)
