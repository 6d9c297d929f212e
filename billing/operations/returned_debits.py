"""Debits that came back: the demand is open again, and the rule of the day is applied."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.models import Role, User
from aupolicy.operations.bulk import insert_rows, take_ids, update_rows
from aupolicy.queries import has_role
from billing.facts.reactions import Reaction
from billing.facts.returned_debit import DebitReturn, How
from billing.models import CollectionItem, LedgerEntry, LedgerTransaction, ReturnedDebit
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.return_effects import Recorded, apply_reactions
from billing.queries.bank_matching import lock_debits
from billing.queries.open_items import get_booking_day
from billing.queries.reactions import get_shipped_reactions, list_own_reactions
from billing.queries.returned_debits import count_unpaid_returns
from billing.rules.reactions import find_reaction

_COLUMNS = (
    "id", "debit_id", "how", "reason_code", "returned_on", "fee", "occurrence", "reaction",
    "retry_on", "bank_entry_id", "bank_status_id", "recorded_at", "recorded_by_id",
)  # fmt: skip


class UnableToRecordReturn(ValueError):
    """A debit cannot have come back so.

    Codes: NOT_ALLOWED (the role is missing), NO_CODE, ENDED (it came back before, or its file was
    never sent), IN_FUTURE, BEFORE_DUE (day: the debit was due later), FEE_NEGATIVE.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def record_return_by_hand(
    *,
    debit: CollectionItem,
    reason_code: str,
    returned_on: date,
    fee: Decimal,
    user: User,
    now: datetime,
) -> ReturnedDebit:
    """Record what a bank told otherwise than by a file. Raises UnableToRecordReturn.

    A file that tells of it later finds it done.
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToRecordReturn("NOT_ALLOWED")
    due = debit.collection.due_date
    problems = {
        "NO_CODE": not reason_code.strip(),
        "IN_FUTURE": returned_on > today,
        "FEE_NEGATIVE": fee < 0,
    }
    for problem, holds in problems.items():
        if holds:
            raise UnableToRecordReturn(problem)
    if returned_on < due:
        raise UnableToRecordReturn("BEFORE_DUE", day=due.isoformat())
    with transaction.atomic():
        state = lock_debits(Q(pk=debit.pk))[debit.end_to_end_id]
        if state.ended_how:
            raise UnableToRecordReturn("ENDED")
        code = reason_code.strip().upper()
        wanted = DebitReturn(state, How.of_code(code), code, returned_on, fee)
        record_returned_debits(returns=[wanted], user=user, now=now)
    return ReturnedDebit.objects.get(debit=debit)


def record_returned_debits(
    *, returns: Sequence[DebitReturn], user: User | None, now: datetime
) -> list[int]:
    """Record debits that came back, many at once, and do what the rules say; ids of the records.

    The caller holds the transaction, has locked the debits (`lock_debits`) and knows that they
    live. Each ends its debit, opens the demand again, books what the banks charged and applies the
    reaction of its code and occurrence: mandates rest, clerks get work, fees are passed on.
    """
    if not returns:
        return []
    _end_debits(returns)
    post(_bookings(returns))
    ids = take_ids(ReturnedDebit, len(returns))
    recorded = _apply_rules(returns, ids)
    rows = [_row(each, user, now) for each in recorded]
    insert_rows(ReturnedDebit, _COLUMNS, rows)
    apply_reactions(recorded, user=user, now=now)
    return ids


def _end_debits(returns: Iterable[DebitReturn]) -> None:
    rows = [
        (
            each.debit.debit_id,
            each.returned_on,
            CollectionItem.Ended.REJECTED.value
            if each.how is How.REJECT
            else CollectionItem.Ended.RETURNED.value,
        )
        for each in returns
    ]
    update_rows(CollectionItem, ["id"], ["ended_on", "ended_how"], rows)


def _bookings(returns: Sequence[DebitReturn]) -> list[Booking]:
    days = {day: get_booking_day(day) for day in {each.returned_on for each in returns}}
    return [_booking(each, days[each.returned_on]) for each in returns]


def _booking(each: DebitReturn, day: date) -> Booking:
    debit, rejected = each.debit, each.how is How.REJECT
    contract = debit.contract_id
    credited = LedgerEntry.IN_TRANSIT if rejected else LedgerEntry.BANK
    return Booking(
        LedgerTransaction.REJECTED_DEBIT if rejected else LedgerTransaction.RETURNED_DEBIT,
        day,
        contract,
        (
            (LedgerEntry.RECEIVABLE, contract, debit.amount),
            (LedgerEntry.BANK_FEES, contract, each.fee),
            (credited, contract, -debit.amount - each.fee),
        ),
        Cause(debit_id=debit.debit_id, bank_entry_id=each.entry_id),
        (Settled(debit.open_item_id, -debit.amount, debit.debit_id),),
    )


def _apply_rules(returns: Sequence[DebitReturn], ids: Sequence[int]) -> list[Recorded]:
    """Each return with its occurrence and the rule that counts for it."""
    counts = count_unpaid_returns(
        {each.debit.contract_id for each in returns}, {each.reason_code for each in returns}
    )
    shipped, own = get_shipped_reactions().reactions, list_own_reactions()
    rules: dict[tuple[str, bool, date], Reaction] = {}
    recorded = []
    for number, each in zip(ids, returns, strict=True):
        key = (each.debit.contract_id, each.reason_code)
        times = counts[key] = counts.get(key, 0) + 1
        asked = (each.reason_code, times > 1, each.returned_on)
        if asked not in rules:
            rules[asked] = find_reaction(
                code=each.reason_code, times=times, day=each.returned_on, shipped=shipped, own=own
            )
        recorded.append(Recorded(number, each, times, rules[asked], _retry_on(each, rules[asked])))
    return recorded


def _retry_on(each: DebitReturn, rule: Reaction) -> date | None:
    if rule.retry_after_days is None:
        return None
    return next_target_day(each.returned_on + timedelta(days=rule.retry_after_days))


def _row(each: Recorded, user: User | None, now: datetime) -> tuple[Any, ...]:
    told = each.told
    return (
        each.returned_id,
        told.debit.debit_id,
        told.how.value,
        told.reason_code,
        told.returned_on,
        told.fee,
        each.occurrence,
        _told_rule(each.rule),
        each.retry_on,
        told.entry_id,
        told.status_id,
        now,
        user.pk if user else None,
    )


def _told_rule(rule: Reaction) -> str:
    return json.dumps(
        {
            "code": rule.code,
            "occurrence": rule.occurrence.value,
            "valid_from": rule.valid_from.isoformat(),
            "mandate_effect": rule.mandate_effect.value,
            "next_step": rule.next_step.value,
            "retry_after_days": rule.retry_after_days,
            "charge_fee": rule.charge_fee,
            "source": rule.source,
            "own": rule.own,
        }
    )
