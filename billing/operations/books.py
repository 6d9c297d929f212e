"""The one way into the ledger: bookings that balance, with what they settle, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.operations.bulk import insert_rows, take_ids
from billing.models import Allocation, LedgerEntry, LedgerTransaction

Side = tuple[str, int | None, Decimal]
"""Account, contract and EUR: debit positive, credit negative."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a booking settles of an open item, in EUR; negative takes it back."""

    open_item_id: int
    amount: Decimal
    debit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """What a booking is about; it is booked once in each kind."""

    statement_id: int | None = None
    collection_id: int | None = None
    debit_id: int | None = None
    bank_entry_id: int | None = None
    charge_id: int | None = None
    payout_id: int | None = None
    payout_item_id: int | None = None
    recovery_id: int | None = None
    settlement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A transaction to be: its kind, its cause, its sides (adding up to nothing), what it settles.

    `contract_id` is None for a booking about several contracts or about none yet.
    """

    kind: str
    booked_on: date
    contract_id: int | None
    sides: Sequence[Side]
    cause: Cause
    settles: Sequence[Settled] = ()
    text: str = ""


class UnableToBook(ValueError):
    """Sides that do not add up to nothing: `code` is UNBALANCED."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"UNBALANCED: {kind}")
        self.code = "UNBALANCED"


_TRANSACTION = (
    "id", "kind", "booked_on", "contract_id", "text", "statement_id", "collection_id", "debit_id",
    "bank_entry_id", "charge_id", "payout_id", "payout_item_id", "recovery_id", "settlement_id",
)  # fmt: skip
_ENTRY = ("transaction_id", "account", "contract_id", "amount")
_ALLOCATION = ("transaction_id", "open_item_id", "debit_id", "amount")


def post(bookings: Sequence[Booking]) -> list[int]:
    """Write bookings into the ledger and return the ids of their transactions.

    Three statements, however many there are. The caller holds the transaction and has locked the
    open items. Raises UnableToBook; the database refuses a booking into a closed month, a second
    one of the same kind about the same thing, and an item settled beyond its amount.
    """
    for booking in bookings:
        if sum(amount for _, _, amount in booking.sides):
            raise UnableToBook(booking.kind)
    ids = take_ids(LedgerTransaction, len(bookings))
    numbered = list(zip(ids, bookings, strict=True))
    insert_rows(LedgerTransaction, _TRANSACTION, [_row(number, each) for number, each in numbered])
    entries = [
        (number, account, contract_id, amount)
        for number, booking in numbered
        for account, contract_id, amount in booking.sides
        if amount
    ]
    insert_rows(LedgerEntry, _ENTRY, entries)
    allocations = [
        (number, settled.open_item_id, settled.debit_id, settled.amount)
        for number, booking in numbered
        for settled in booking.settles
        if settled.amount
    ]
    insert_rows(Allocation, _ALLOCATION, allocations)
    return ids


def _row(number: int, booking: Booking) -> tuple[object, ...]:
    cause = booking.cause
    return (
        number,
        booking.kind,
        booking.booked_on,
        booking.contract_id,
        booking.text,
        cause.statement_id,
        cause.collection_id,
        cause.debit_id,
        cause.bank_entry_id,
        cause.charge_id,
        cause.payout_id,
        cause.payout_item_id,
        cause.recovery_id,
        cause.settlement_id,
    )
