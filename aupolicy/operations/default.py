"""What default with premium does to a contract: days free of benefit, its end, its revival."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import GroupContract, PremiumDefault


def record_default(
    *, contract: GroupContract, basis: str, first_day: date, now: datetime
) -> PremiumDefault:
    """The insurer owes nothing to who falls ill from `first_day` on (§ 37 (2), § 38 (2) VVG).

    An open one of the contract is returned as it stands.
    """
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        standing = _list_open(contract).first()
        if standing is not None:
            return standing
        return PremiumDefault.objects.create(
            contract=contract, basis=basis, period=Period(first_day), recorded_at=now
        )


def end_default(*, contract: GroupContract, paid_on: date, now: datetime) -> None:
    """Default ends with payment: its last day is the one before. None open is no error.

    Was it paid before default began, as the bank told only later, there was no default: the row
    stays, withdrawn.
    """
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        for default in _list_open(contract):
            if paid_on <= default.period.first_day:
                default.withdrawn_at = now
            else:
                default.period = Period(default.period.first_day, paid_on - ONE_DAY)
            default.save(update_fields=["withdrawn_at", "period"])


def _list_open(contract: GroupContract) -> QuerySet[PremiumDefault]:
    return PremiumDefault.objects.filter(
        contract=contract, period__upper_inf=True, withdrawn_at=None
    ).order_by("pk")


def end_contract(*, contract: GroupContract, end: date) -> date | None:
    """End a contract without notice on a day (§ 37 (1), § 38 (3) VVG).

    Returns its last day before, None for no end. One that ends earlier stays as it is; none ends
    before its first day.
    """
    with transaction.atomic():
        contract = GroupContract.objects.select_for_update().get(pk=contract.pk)
        previous: date | None = contract.period.last_day
        end = max(end, contract.period.first_day)
        if previous is None or end < previous:
            contract.period = Period(contract.period.first_day, end)
            contract.save(update_fields=["period"])
    return previous


def revive_contract(*, contract: GroupContract, end: date, previous_end: date | None) -> None:
    """Undo `end_contract`: the contract goes on as if it had not been terminated.

    Nothing happens to one that meanwhile ends on another day than `end`.
    """
    with transaction.atomic():
        contract = GroupContract.objects.select_for_update().get(pk=contract.pk)
        if contract.period.last_day == end:
            contract.period = Period(contract.period.first_day, previous_end)
            contract.save(update_fields=["period"])
