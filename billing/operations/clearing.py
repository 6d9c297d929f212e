"""What a clerk makes of entries that nobody could match."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import close_work
from aupolicy.queries import has_role
from billing.facts.bank import CreditDebit
from billing.facts.bank_match import ItemState
from billing.facts.returned_debit import DebitReturn, How
from billing.models import (
    BankEntry,
    BankStatus,
    CollectionItem,
    LedgerEntry,
    LedgerTransaction,
    Outcome,
)
from billing.operations.bank_matching.batches import settle_batches
from billing.operations.bank_matching.bookings import BookingDays, book_receipt
from billing.operations.bank_matching.receipts import Paid, book_cleared, match_waiting
from billing.operations.books import Booking, Cause, Side, post
from billing.operations.returned_debits import record_returned_debits
from billing.queries.bank_matching import lock_debits, lock_item_states


class UnableToClear(ValueError):
    """An entry that cannot be cleared so.

    Codes: NOT_ALLOWED (the role is missing), NOT_UNCLEAR (it is cleared already), NO_NOTE,
    NOTHING_CHOSEN, NO_RECEIPT (money that went pays nothing), TOO_MUCH (number: more than is open
    of that item), MORE_THAN_CAME, DEBIT_ENDED, LESS_THAN_DEBIT (what went is less than the debit),
    NO_CODE.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


class ClearAs(StrEnum):
    """ITEMS: it pays open items. FEE: the bank's own. OTHER: neither; a note says what."""

    ITEMS = "items"
    FEE = "fee"
    OTHER = "other"


def clear_entry(
    *,
    entry: BankEntry,
    clear_as: ClearAs,
    items: Mapping[int, Decimal],
    note: str,
    user: User,
    now: datetime,
) -> BankEntry:
    """Say what an unclear entry was, and book it. Raises UnableToClear; then nothing has changed.

    `items` are EUR per open item, for ITEMS only. What the items do not take, and what is OTHER,
    stays on the account of unclear payments; then a note is needed that says why.
    """
    with transaction.atomic():
        entry = _lock(entry, user, now)
        if clear_as is ClearAs.ITEMS:
            _pay_items(entry, items, note)
        else:
            if not note.strip():
                raise UnableToClear("NO_NOTE")
            _book_other(entry, as_fee=clear_as is ClearAs.FEE)
        return _finish(entry, note, user, now)


def clear_as_return(
    *,
    entry: BankEntry,
    debit: CollectionItem,
    reason_code: str,
    note: str,
    user: User,
    now: datetime,
) -> BankEntry:
    """Say that money that went is a debit that came back; what went beyond it are charges.

    Raises UnableToClear.
    """
    code = (reason_code or entry.reason_code).strip().upper()
    with transaction.atomic():
        entry = _lock(entry, user, now)
        state = lock_debits(Q(pk=debit.pk))[debit.end_to_end_id]
        problems = {
            "NO_RECEIPT": entry.direction != CreditDebit.DEBIT,
            "NO_CODE": not code,
            "DEBIT_ENDED": bool(state.ended_how),
            "LESS_THAN_DEBIT": entry.amount < state.amount,
            "NO_NOTE": not note.strip(),
        }
        for problem, holds in problems.items():
            if holds:
                raise UnableToClear(problem)
        fee = entry.amount - state.amount
        told = DebitReturn(state, How.of_code(code), code, entry.booked_on, fee, entry.pk)
        record_returned_debits(returns=[told], user=user, now=now)
        match_waiting(reopened=[state.open_item_id], now=now, days=BookingDays())
        return _finish(entry, note, user, now)


def clear_status(*, status: BankStatus, note: str, user: User, now: datetime) -> BankStatus:
    """Say what a status was about that names nothing of ours. Raises UnableToClear."""
    _check_role(user, now)
    if not note.strip():
        raise UnableToClear("NO_NOTE")
    with transaction.atomic():
        status = BankStatus.objects.select_for_update(no_key=True).get(pk=status.pk)
        if status.outcome != Outcome.UNCLEAR:
            raise UnableToClear("NOT_UNCLEAR")
        status.outcome, status.note = Outcome.CLEARED, note.strip()
        status.cleared_at, status.cleared_by = now, user
        status.save(update_fields=["outcome", "note", "cleared_at", "cleared_by"])
        _close_work(status.file_id, user, now)
    return status


def _check_role(user: User, now: datetime) -> None:
    if not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToClear("NOT_ALLOWED")


def _lock(entry: BankEntry, user: User, now: datetime) -> BankEntry:
    """The entry, locked, if nobody has cleared it."""
    _check_role(user, now)
    entry = BankEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if entry.outcome != Outcome.UNCLEAR:
        raise UnableToClear("NOT_UNCLEAR")
    return entry


def _is_booked(entry: BankEntry) -> bool:
    return entry.bookings.exists()


def _pay_items(entry: BankEntry, items: Mapping[int, Decimal], note: str) -> None:
    wanted = {key: amount for key, amount in items.items() if amount}
    if entry.direction != CreditDebit.CREDIT:
        raise UnableToClear("NO_RECEIPT")
    if not wanted:
        raise UnableToClear("NOTHING_CHOSEN")
    given = total(wanted.values())
    if given > entry.amount:
        raise UnableToClear("MORE_THAN_CAME")
    if given < entry.amount and not note.strip():
        raise UnableToClear("NO_NOTE")
    paid = _check_items(lock_item_states(wanted), wanted)
    days = BookingDays()
    if not _is_booked(entry):
        if given == entry.amount:
            cause, day = Cause(bank_entry_id=entry.pk), days.of(entry.booked_on)
            post([book_receipt(entry.amount, paid, cause, day)])
            return
        _book_other(entry, as_fee=False)
    post([book_cleared(entry.pk, paid, entry, days)])


def _check_items(states: Mapping[int, ItemState], wanted: Mapping[int, Decimal]) -> Paid:
    for key, amount in wanted.items():
        if not 0 < amount <= states[key].open_amount:
            raise UnableToClear("TOO_MUCH", number=states[key].number)
    return tuple((states[key], amount) for key, amount in wanted.items())


def _book_other(entry: BankEntry, *, as_fee: bool) -> None:
    """Where the money belongs that is about nothing of ours."""
    sign = 1 if entry.direction == CreditDebit.CREDIT else -1
    moved = entry.amount * sign
    account = LedgerEntry.BANK_FEES if as_fee else LedgerEntry.UNCLEAR
    aside = _is_booked(entry)
    if aside and not as_fee:
        return
    day = BookingDays().of(entry.booked_on)
    source = LedgerEntry.UNCLEAR if aside else LedgerEntry.BANK
    sides: list[Side] = [(source, None, moved), (account, None, -moved)]
    kind = LedgerTransaction.BANK_CLEARED
    if not as_fee and sign > 0:
        kind = LedgerTransaction.RECEIPT
    post([Booking(kind, day, None, sides, Cause(bank_entry_id=entry.pk))])


def _finish(entry: BankEntry, note: str, user: User, now: datetime) -> BankEntry:
    entry.outcome, entry.note = Outcome.CLEARED, note.strip()
    entry.cleared_at, entry.cleared_by = now, user
    entry.save(update_fields=["outcome", "note", "cleared_at", "cleared_by"])
    settle_batches(now=now)
    _close_work(entry.file_id, user, now)
    return entry


def _close_work(file_id: int, user: User, now: datetime) -> None:
    """The task of a file is done once nothing of it is unclear."""
    left = BankEntry.objects.filter(file=file_id, outcome=Outcome.UNCLEAR).exists()
    statuses = BankStatus.objects.filter(file=file_id, outcome=Outcome.UNCLEAR)
    if not left and not statuses.exists():
        close_work(kind=WorkItem.Kind.BANK, subjects=[file_id], now=now, by=user)
