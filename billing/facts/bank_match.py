"""What an entry of the bank may be about, as it stands before the entry, and what it is taken for.

All amounts in EUR. The states change while a file is read: what one entry takes the next lacks.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.money import ZERO


@dataclass(slots=True)
class DebitState:
    """A debit; `ended_how` is empty while it lives.

    `fee_by_hand` are the charges where a clerk, not an entry, told that it came back.
    """

    debit_id: int
    end_to_end_id: str
    amount: Decimal
    ended_how: str
    collection_id: int
    open_item_id: int
    contract_id: int
    mandate_id: int
    mandate_reference: str
    fee_by_hand: Decimal | None = None


@dataclass(slots=True)
class BatchState:
    """One of our files at the bank: how much of it the bank may still book.

    `booked` are the bookings there were: day, euros, whether of the whole file.
    """

    key: int
    message_id: str
    rest: Decimal
    execution_day: date
    booked: list[tuple[date, Decimal, bool]] = field(default_factory=list)


@dataclass(slots=True)
class PayoutState:
    """A transfer of ours; `is_sent` and `came_back` are what the bank has booked of it."""

    payout_id: int
    end_to_end_id: str
    amount: Decimal
    order_id: int
    is_sent: bool
    came_back: bool


@dataclass(slots=True)
class ItemState:
    """An open item with what is open of it."""

    item_id: int
    number: str
    contract_id: int
    contract_number: str
    open_amount: Decimal
    due_date: date


class Match(StrEnum):
    """What an entry is taken for."""

    SETTLEMENT = "settlement"
    RETURNED_DEBIT = "returned_debit"
    RECEIPT = "receipt"
    PAYOUT_SENT = "payout_sent"
    PAYOUT_RETURNED = "payout_returned"
    FEE = "fee"
    KNOWN = "known"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an entry is, and what it is about; `fee` is the bank's part of what moved."""

    match: Match
    debit: DebitState | None = None
    collection_id: int | None = None
    payout: PayoutState | None = None
    order_id: int | None = None
    items: tuple[tuple[ItemState, Decimal], ...] = ()
    fee: Decimal = ZERO
