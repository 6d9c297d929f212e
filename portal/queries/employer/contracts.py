"""Which contract the pages of an employer's room are about."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from aupolicy.models import Employer, GroupContract


def list_contracts(employer: Employer) -> list[GroupContract]:
    """All contracts of an employer, the newest first."""
    return list(find_contracts(employer))


def find_contracts(employer: Employer) -> QuerySet[GroupContract]:
    """The same, to be read with more than they hold."""
    contracts = GroupContract.objects.filter(employer=employer).select_related("employer", "broker")
    return contracts.order_by("-period")


def choose_contract(
    contracts: Sequence[GroupContract], day: date, *, wanted: str = ""
) -> GroupContract | None:
    """The contract whose id is wanted, else the one in force, the next to begin, the last one."""
    for contract in contracts:
        if wanted == str(contract.pk):
            return contract
    in_force = [c for c in contracts if day in c.period]
    coming = [c for c in reversed(contracts) if c.period.first_day > day]
    return next(iter([*in_force, *coming, *contracts]), None)


def shown_day(contract: GroupContract, day: date) -> date:
    """The day itself, moved into the contract's life."""
    day = max(day, contract.period.first_day)
    return min(day, contract.period.last_day) if contract.period.last_day else day
