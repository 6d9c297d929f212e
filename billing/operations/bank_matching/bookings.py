"""The bookings of entries of the bank; see the table in docs/decisions/018-bank-answers.md."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from billing.facts.bank import BankEntry, CreditDebit
from billing.facts.bank_match import Decision, ItemState, Match
from billing.models import LedgerEntry, LedgerTransaction
from billing.operations.books import Booking, Cause, Settled, Side
from billing.queries.open_items import get_booking_day

_BANK, _FEES = LedgerEntry.BANK, LedgerEntry.BANK_FEES


class BookingDays:
    """The booking day of each day an entry was booked on, looked up once."""

    def __init__(self) -> None:
        self.of = cache(get_booking_day)


def book_entry(
    entry: BankEntry, decision: Decision, entry_id: int, days: BookingDays
) -> Booking | None:
    """The booking of an entry that is no returned debit; None where nothing is booked."""
    day = days.of(entry.booked_on)
    cause = Cause(bank_entry_id=entry_id)
    moved = entry.signed_amount
    fee = decision.fee
    match decision.match:
        case Match.SETTLEMENT:
            # Debits of several contracts: the credit is about none of them.
            sides = _sides(moved, fee, LedgerEntry.IN_TRANSIT)
            return Booking(LedgerTransaction.SETTLEMENT, day, None, sides, cause)
        case Match.PAYOUT_SENT | Match.PAYOUT_RETURNED:
            sides = _sides(moved, fee, LedgerEntry.PAYOUTS_IN_TRANSIT)
            return Booking(LedgerTransaction.PAYOUT_SENT, day, None, sides, cause)
        case Match.FEE:
            sides = ((_FEES, None, -moved), (_BANK, None, moved))
            return Booking(LedgerTransaction.BANK_CLEARED, day, None, sides, cause)
        case Match.RECEIPT:
            return book_receipt(moved, decision.items, cause, day)
        case Match.UNCLEAR if is_kept_aside(entry):
            sides = ((_BANK, None, moved), (LedgerEntry.UNCLEAR, None, -moved))
            return Booking(LedgerTransaction.RECEIPT, day, None, sides, cause)
    return None


def is_kept_aside(entry: BankEntry) -> bool:
    """Whether an unclear entry is booked: money came that is not a batch still to be told apart."""
    return entry.direction is CreditDebit.CREDIT and entry.batch_count is None


def _sides(moved: Decimal, fee: Decimal, account: str) -> tuple[Side, ...]:
    """Money on the account, what the bank kept of it, and the account that it was expected on."""
    return ((_BANK, None, moved), (_FEES, None, fee), (account, None, -moved - fee))


def book_receipt(
    moved: Decimal,
    items: Sequence[tuple[ItemState, Decimal]],
    cause: Cause,
    day: date,
) -> Booking:
    """A transfer that pays open items of one contract or of several, in full."""
    contracts = {item.contract_id for item, _ in items}
    owner = contracts.pop() if len(contracts) == 1 else None
    return Booking(
        LedgerTransaction.RECEIPT,
        day,
        owner,
        (
            (_BANK, owner, moved),
            *((LedgerEntry.RECEIVABLE, item.contract_id, -amount) for item, amount in items),
        ),
        cause,
        tuple(Settled(item.item_id, amount) for item, amount in items),
    )
