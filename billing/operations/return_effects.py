"""What the rules make of debits that came back: mandates rest, clerks look, fees are passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.work import open_work
from billing.facts.reactions import MandateEffect, NextStep, Reaction
from billing.facts.returned_debit import DebitReturn
from billing.models import CollectionItem, Mandate, OpenItem
from billing.operations.charges import Charge, charge_all
from billing.operations.mandate_stops import Suspension, suspend_mandates

_DAYS_TO_ACT: Final = timedelta(days=3)
_DAYS_TO_PAY: Final = timedelta(days=14)
# So long a code fits what a mandate's suspension keeps of it; those of ISO are no longer.
_CODE_LENGTH: Final = 4


@dataclass(frozen=True, slots=True)
class Recorded:
    """A return as it is recorded: the how-manieth, under which rule, and when it is tried again."""

    returned_id: int
    told: DebitReturn
    occurrence: int
    rule: Reaction
    retry_on: date | None


def apply_reactions(recorded: Sequence[Recorded], *, user: User | None, now: datetime) -> None:
    """Do what the rules say, in a few statements however many there are."""
    _suspend(recorded, user, now)
    _open_work(recorded, now)
    _pass_fees_on(recorded, now)


def _suspend(recorded: Sequence[Recorded], user: User | None, now: datetime) -> None:
    told = [each.told for each in recorded if each.rule.mandate_effect is MandateEffect.SUSPEND]
    if not told:
        return
    mandates = Mandate.objects.in_bulk({each.debit.mandate_id for each in told})
    debits = CollectionItem.objects.in_bulk({each.debit.debit_id for each in told})
    suspensions = [
        Suspension(
            mandates[each.debit.mandate_id],
            f"Rücklastschrift {each.reason_code}",
            each.reason_code[:_CODE_LENGTH],
            debits[each.debit.debit_id],
        )
        for each in told
    ]
    suspend_mandates(suspensions=suspensions, user=user, now=now)


def _open_work(recorded: Sequence[Recorded], now: datetime) -> None:
    """A task for each return that somebody has to look at; its title names no person."""
    wanted = [each for each in recorded if each.rule.next_step is NextStep.CLERK]
    if not wanted:
        return
    contracts = {each.told.debit.contract_id for each in wanted}
    found = GroupContract.objects.filter(Q(pk__among=contracts))
    numbers = dict(found.values_list("pk", "number"))
    open_work(
        kind=WorkItem.Kind.RETURNED_DEBIT,
        titles={
            each.returned_id: f"{numbers[each.told.debit.contract_id]}: {each.told.reason_code}"
            for each in wanted
        },
        employer=None,
        due=timezone.localdate(now) + _DAYS_TO_ACT,
        now=now,
        priority=WorkItem.Priority.HIGH,
    )


def _pass_fees_on(recorded: Sequence[Recorded], now: datetime) -> None:
    today = timezone.localdate(now)
    charges = [
        Charge(
            contract_id=each.told.debit.contract_id,
            kind=OpenItem.Kind.BANK_FEE,
            amount=each.told.fee,
            cause_id=each.told.debit.open_item_id,
            due_date=today + _DAYS_TO_PAY,
            text=f"Rücklastschrift {each.told.debit.end_to_end_id}",
        )
        for each in recorded
        if each.rule.charge_fee and each.told.fee > 0
    ]
    if charges:
        charge_all(charges=charges, booked_on=today)
