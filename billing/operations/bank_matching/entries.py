"""The entries of one message: decided together, written together, booked together."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aupolicy.models import User
from aupolicy.operations.bulk import insert_rows, take_ids
from billing.facts.bank import BankEntry as Entry
from billing.facts.bank_match import Decision, Match
from billing.facts.returned_debit import NO_REASON_CODE, DebitReturn, How
from billing.models import BankEntry
from billing.operations.bank_matching.bookings import BookingDays, book_entry
from billing.operations.bank_matching.payouts import take_back_payouts
from billing.operations.bank_matching.receipts import decide_receipts
from billing.operations.books import post
from billing.operations.crash_points import crash_point
from billing.operations.returned_debits import record_returned_debits
from billing.queries.bank_matching import find_twins, load_known
from billing.rules.bank_identity import Fingerprints, weak_key
from billing.rules.bank_matching import decide

_AT_ONCE = 10_000
_COLUMNS = (
    "id", "file_id", "message_id", "position", "account_iban", "direction", "amount",
    "original_amount", "charges", "booked_on", "value_on", "bank_reference", "entry_reference",
    "original_message_id", "payment_information_id", "end_to_end_id", "mandate_reference",
    "transaction_code", "reason_code", "reason_text", "party_name", "party_iban", "remittance",
    "batch_count", "reversal", "fingerprint", "outcome", "collection_id", "payout_id",
    "payout_order_id", "note",
)  # fmt: skip


@dataclass(slots=True)
class Reading:
    """A file while it is read: who reads it, what was found, which demands are open again.

    `tell` hears after each part how many entries are booked, and of how many read so far.
    """

    file_id: int
    user: User | None
    now: datetime
    tell: Callable[[int, int], None]
    counts: Counter[str] = field(default_factory=Counter)
    entry_count: int = 0
    status_count: int = 0
    reopened: list[int] = field(default_factory=list)
    days: BookingDays = field(default_factory=BookingDays)
    used_twins: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry with its fingerprint and what it was decided to be."""

    entry: Entry
    fingerprint: str
    decision: Decision


def take_entries(reading: Reading, message_id: str, entries: Sequence[Entry]) -> None:
    """Match and book the entries of a message, so many at a time that memory stays small."""
    fingerprints, before = Fingerprints(), reading.entry_count
    for start in range(0, len(entries), _AT_ONCE):
        part = entries[start : start + _AT_ONCE]
        _take(reading, message_id, part, [fingerprints.take(entry) for entry in part])
        reading.entry_count += len(part)
        reading.tell(reading.entry_count, before + len(entries))


def _take(
    reading: Reading, message_id: str, entries: Sequence[Entry], fingerprints: list[str]
) -> None:
    known = load_known(entries, fingerprints)
    told = [
        _Told(entry, fingerprint, decide(entry, fingerprint, known))
        for entry, fingerprint in zip(entries, fingerprints, strict=True)
    ]
    crash_point("bank.matched")
    left = _mark_twins(reading, [each for each in told if each.decision.match is Match.UNCLEAR])
    _write(reading, message_id, [each for each in told if each.decision.match is not Match.UNCLEAR])
    # Only now: a debit of the same file that came back may be what a transfer pays.
    asked = [each for each in left if each.decision.match is Match.UNCLEAR]
    decisions = decide_receipts([each.entry for each in asked])
    rest = [replace(each, decision=d) for each, d in zip(asked, decisions, strict=True)]
    _write(
        reading, message_id, [each for each in left if each.decision.match is Match.KNOWN] + rest
    )


def _mark_twins(reading: Reading, told: Sequence[_Told]) -> list[_Told]:
    """Movements that an earlier file told of, with or without the bank's reference, are known."""
    twins = find_twins([each.entry for each in told], not_of_file=reading.file_id)
    marked = []
    for each in told:
        twin = _find_twin(each.entry, twins.get(weak_key(each.entry), []), reading.used_twins)
        if twin is not None:
            reading.used_twins.add(twin)
        marked.append(each if twin is None else replace(each, decision=Decision(Match.KNOWN)))
    return marked


def _find_twin(entry: Entry, twins: list[tuple[int, str]], used: set[int]) -> int | None:
    for number, reference in twins:
        if number not in used and not (reference and entry.bank_reference):
            return number
    return None


def _write(reading: Reading, message_id: str, told: Sequence[_Told]) -> None:
    """Keep the entries and book them."""
    ids = take_ids(BankEntry, len(told))
    numbered = list(zip(ids, told, strict=True))
    insert_rows(
        BankEntry,
        _COLUMNS,
        [_row(key, reading.file_id, message_id, each) for key, each in numbered],
    )
    reading.counts.update(each.decision.match.value for each in told)
    returns = [_return(key, each) for key, each in numbered if _came_back(each)]
    record_returned_debits(returns=returns, user=reading.user, now=reading.now)
    reading.reopened += [each.debit.open_item_id for each in returns]
    take_back_payouts(
        [
            (each.decision.payout, each.entry.booked_on, each.entry.reason_code)
            for each in told
            if each.decision.match is Match.PAYOUT_RETURNED
        ],
        now=reading.now,
    )
    bookings = (
        book_entry(each.entry, each.decision, key, reading.days)
        for key, each in numbered
        if not _came_back(each)
    )
    post([booking for booking in bookings if booking is not None])


def _came_back(told: _Told) -> bool:
    return told.decision.match is Match.RETURNED_DEBIT


def _return(key: int, told: _Told) -> DebitReturn:
    debit = told.decision.debit
    if debit is None:
        raise LookupError("a returned debit without its debit")
    code = told.entry.reason_code or NO_REASON_CODE
    return DebitReturn(
        debit, How.of_code(code), code, told.entry.booked_on, told.decision.fee, entry_id=key
    )


def _row(key: int, file_id: int, message_id: str, told: _Told) -> tuple[Any, ...]:
    entry, decision = told.entry, told.decision
    return (
        key,
        file_id,
        message_id,
        entry.position,
        entry.account_iban,
        entry.direction.value,
        entry.amount,
        entry.original_amount,
        decision.fee or entry.charges,
        entry.booked_on,
        entry.value_on,
        entry.bank_reference,
        entry.entry_reference,
        entry.message_id,
        entry.payment_information_id,
        entry.end_to_end_id,
        entry.mandate_reference,
        entry.transaction_code,
        entry.reason_code,
        entry.reason_text,
        entry.party_name,
        entry.party_iban,
        entry.remittance,
        entry.batch_count,
        entry.reversal,
        told.fingerprint,
        decision.match.value,
        decision.collection_id,
        decision.payout.payout_id if decision.payout else None,
        decision.order_id,
        "",
    )
