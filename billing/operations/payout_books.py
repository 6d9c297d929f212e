"""The ledger's side of payouts: benefit, money on its way, what is owed back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.models import (
    LedgerEntry,
    LedgerTransaction,
    Payout,
    PayoutItem,
    Recovery,
    RecoverySettlement,
)

_BATCH = 2_000

Side = tuple[str, int, Decimal]
"""Account, contract and EUR: debit positive, credit negative."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A payout with its items, each with whether its slice had come back before, and offsets."""

    payout: Payout
    items: tuple[tuple[PayoutItem, bool], ...]
    offsets: tuple[RecoverySettlement, ...]


def book_payouts(postings: Iterable[Posting], *, booked_on: date) -> None:
    """Benefit becomes money on its way; what is kept back pays what was owed back.

    What had come back is no expense again: it was owed since.
    """
    _book(
        (
            LedgerTransaction(
                kind=LedgerTransaction.PAYOUT, booked_on=booked_on, payout=posting.payout
            ),
            list(_sides(posting)),
        )
        for posting in postings
    )


def _sides(posting: Posting) -> Iterator[Side]:
    contract_id = posting.payout.contract_id
    for item, came_back in posting.items:
        account = LedgerEntry.UNPAID_BENEFIT if came_back else LedgerEntry.BENEFIT
        yield account, contract_id, item.amount
    yield LedgerEntry.PAYOUTS_IN_TRANSIT, contract_id, -posting.payout.amount
    for offset in posting.offsets:
        yield LedgerEntry.RECOVERABLE, offset.recovery.contract_id, -offset.amount


def book_return(
    payout: Payout, *, gross: Decimal, reversed_offsets: Iterable[RecoverySettlement], day: date
) -> None:
    """Money that came back is owed still; what it had kept back is owed back again."""
    transaction = LedgerTransaction(
        kind=LedgerTransaction.PAYOUT_RETURN, booked_on=day, payout=payout
    )
    sides = [
        (LedgerEntry.PAYOUTS_IN_TRANSIT, payout.contract_id, payout.amount),
        *(
            (LedgerEntry.RECOVERABLE, offset.recovery.contract_id, -offset.amount)
            for offset in reversed_offsets
        ),
        (LedgerEntry.UNPAID_BENEFIT, payout.contract_id, -gross),
    ]
    _book([(transaction, sides)])


def book_recoveries(recoveries: Iterable[Recovery], *, booked_on: date) -> None:
    """Benefit that was not owed is owed back."""
    _book(
        (
            LedgerTransaction(
                kind=LedgerTransaction.RECOVERY, booked_on=booked_on, recovery=recovery
            ),
            [
                (LedgerEntry.RECOVERABLE, recovery.contract_id, recovery.amount),
                (LedgerEntry.BENEFIT, recovery.contract_id, -recovery.amount),
            ],
        )
        for recovery in recoveries
    )


def book_repayment(settlement: RecoverySettlement) -> None:
    """The person transferred what was owed back."""
    contract_id = settlement.recovery.contract_id
    transaction = LedgerTransaction(
        kind=LedgerTransaction.REPAYMENT, booked_on=settlement.received_on, settlement=settlement
    )
    sides = [
        (LedgerEntry.BANK, contract_id, settlement.amount),
        (LedgerEntry.RECOVERABLE, contract_id, -settlement.amount),
    ]
    _book([(transaction, sides)])


def book_cancelled_return(
    item: PayoutItem, *, contract_id: int, owed_back: Decimal, expense: Decimal, booked_on: date
) -> None:
    """What came back is not owed any more: it had been claimed back, or is no expense now."""
    transaction = LedgerTransaction(
        kind=LedgerTransaction.UNPAID_CANCELLED, booked_on=booked_on, payout_item=item
    )
    sides = [
        (LedgerEntry.UNPAID_BENEFIT, contract_id, owed_back + expense),
        (LedgerEntry.RECOVERABLE, contract_id, -owed_back),
        (LedgerEntry.BENEFIT, contract_id, -expense),
    ]
    _book([(transaction, sides)])


def _book(bookings: Iterable[tuple[LedgerTransaction, Sequence[Side]]]) -> None:
    pairs = list(bookings)
    LedgerTransaction.objects.bulk_create([booking for booking, _ in pairs], batch_size=_BATCH)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(transaction=booking, account=account, contract_id=contract, amount=amount)
            for booking, sides in pairs
            for account, contract, amount in sides
            if amount
        ],
        batch_size=_BATCH,
    )
