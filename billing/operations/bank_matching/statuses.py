"""What a bank says before it moves money: files, blocks and payments accepted or rejected."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from aupolicy.operations.bulk import insert_rows, take_ids
from billing.facts.bank import PaymentStatus
from billing.facts.bank_match import DebitState, PayoutState
from billing.facts.returned_debit import NO_REASON_CODE, DebitReturn, How
from billing.models import BankStatus, Outcome, Payout
from billing.operations.bank_matching.entries import Reading
from billing.operations.bank_matching.payouts import take_back_payouts
from billing.operations.payouts import record_verification
from billing.operations.returned_debits import record_returned_debits
from billing.queries.bank_matching import lock_debits

_REJECTED: Final = "RJCT"
_CHECKED: Final = frozenset(dict(Payout.VERIFICATIONS))
_CHECKED_FILES: Final = _CHECKED | {"RVCM"}
_AT_ONCE = 10_000
_COLUMNS = (
    "id", "file_id", "message_id", "position", "original_message_id", "original_payment_id",
    "end_to_end_id", "amount", "status", "reason_code", "reason_text", "outcome", "note",
)  # fmt: skip


def take_statuses(
    reading: Reading, message_id: str, statuses: Sequence[PaymentStatus], told_on: date
) -> None:
    """Apply what a status report says; of single payments first, so that their reasons count."""
    single = [status for status in statuses if status.end_to_end_id is not None]
    whole = [status for status in statuses if status.end_to_end_id is None]
    for start in range(0, len(single), _AT_ONCE):
        _take_single(reading, message_id, single[start : start + _AT_ONCE], told_on)
    for status in whole:
        _take_whole(reading, message_id, status, told_on)
    reading.status_count += len(statuses)


def _take_single(
    reading: Reading, message_id: str, statuses: Sequence[PaymentStatus], told_on: date
) -> None:
    keys = {status.end_to_end_id or "" for status in statuses} - {""}
    debits = lock_debits(Q(end_to_end_id__among=keys))
    payouts = _find_payouts(Q(end_to_end_id__among=keys))
    ids = take_ids(BankStatus, len(statuses))
    rows, returns, back = [], [], []
    for key, status in zip(ids, statuses, strict=True):
        debit = debits.get(status.end_to_end_id or "")
        payout = payouts.get(status.end_to_end_id or "")
        outcome = _decide(status, debit, payout)
        if outcome is Outcome.REJECTED_DEBIT and debit is not None:
            returns.append(_reject(debit, status, key, told_on))
        elif outcome is Outcome.PAYOUT_RETURNED and payout is not None:
            back.append((_state(payout), told_on, status.reason_code))
        elif outcome is Outcome.VERIFIED and payout is not None:
            _verify(payout, status, reading)
        rows.append(_row(key, reading.file_id, message_id, status, outcome))
    _write(reading, rows, returns)
    take_back_payouts(back, now=reading.now)


def _decide(status: PaymentStatus, debit: DebitState | None, payout: Payout | None) -> Outcome:
    if debit is None and payout is None:
        return Outcome.UNCLEAR
    if payout is not None and status.status in _CHECKED:
        return Outcome.VERIFIED
    if status.status != _REJECTED:
        return Outcome.ACCEPTED
    if debit is not None:
        if status.amount is not None and status.amount != debit.amount:
            return Outcome.UNCLEAR
        return Outcome.KNOWN if debit.ended_how else Outcome.REJECTED_DEBIT
    return Outcome.KNOWN if payout and payout.returned_on else Outcome.PAYOUT_RETURNED


def _take_whole(reading: Reading, message_id: str, status: PaymentStatus, told_on: date) -> None:
    """A status of a file or of its one block: what rejects it rejects every payment left in it."""
    (key,) = take_ids(BankStatus, 1)
    message = status.original_payment_id or status.original_message_id
    debits = lock_debits(Q(collection__message_id=message))
    payouts = _find_payouts(Q(order__message_id=message))
    live = [debit for debit in debits.values() if not debit.ended_how]
    sent = [payout for payout in payouts.values() if payout.returned_on is None]
    returns: list[DebitReturn] = []
    if not debits and not payouts:
        outcome = Outcome.UNCLEAR
    elif status.status in _CHECKED_FILES and payouts:
        outcome = Outcome.VERIFIED
        for payout in sent if status.status in {"RCVC", "RVNA"} else ():
            _verify(payout, status, reading)
    elif status.status != _REJECTED:
        outcome = Outcome.ACCEPTED
    elif not live and not sent:
        outcome = Outcome.KNOWN
    else:
        outcome = Outcome.REJECTED_DEBIT if live else Outcome.PAYOUT_RETURNED
        returns = [_reject(debit, status, key, told_on) for debit in live]
    _write(reading, [_row(key, reading.file_id, message_id, status, outcome)], returns)
    if outcome is Outcome.PAYOUT_RETURNED:
        take_back_payouts(
            [(_state(payout), told_on, status.reason_code) for payout in sent], now=reading.now
        )


def _find_payouts(condition: Q) -> dict[str, Payout]:
    found = Payout.objects.filter(condition, order__isnull=False).select_related("order")
    return {payout.end_to_end_id: payout for payout in found.order_by("pk")}


def _state(payout: Payout) -> PayoutState:
    return PayoutState(
        payout.pk, payout.end_to_end_id, payout.amount, payout.order_id or 0, False, False
    )


def _verify(payout: Payout, status: PaymentStatus, reading: Reading) -> None:
    """What the bank says of name and account; the last word counts."""
    if payout.verification != status.status:
        record_verification(
            payout=payout,
            result=status.status,
            name=status.reason_text[:140],
            user=None,
            now=reading.now,
        )


def _reject(debit: DebitState, status: PaymentStatus, key: int, told_on: date) -> DebitReturn:
    debit.ended_how = "rejected"
    code = status.reason_code or NO_REASON_CODE
    return DebitReturn(debit, How.REJECT, code, told_on, Decimal(0), status_id=key)


def _write(reading: Reading, rows: Sequence[tuple[Any, ...]], returns: list[DebitReturn]) -> None:
    insert_rows(BankStatus, _COLUMNS, rows)
    place = _COLUMNS.index("outcome")
    reading.counts.update(row[place] for row in rows)
    record_returned_debits(returns=returns, user=reading.user, now=reading.now)
    reading.reopened += [each.debit.open_item_id for each in returns]


def _row(
    key: int, file_id: int, message_id: str, status: PaymentStatus, outcome: Outcome
) -> tuple[Any, ...]:
    return (
        key,
        file_id,
        message_id,
        status.position,
        status.original_message_id,
        status.original_payment_id or "",
        status.end_to_end_id or "",
        status.amount,
        status.status,
        status.reason_code,
        status.reason_text,
        outcome.value,
        "",
    )
