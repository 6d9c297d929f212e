"""The ledger's side of benefit paid out: money on its way, what is owed back."""

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
from billing.operations.books import Booking, Cause, Side, post
from billing.queries.open_items import get_booking_day


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
    post(
        [
            _booking(
                LedgerTransaction.PAYOUT,
                booked_on,
                Cause(payout_id=posting.payout.pk),
                list(_sides(posting)),
            )
            for posting in postings
        ]
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
    cause = Cause(payout_id=payout.pk)
    sides = [
        (LedgerEntry.PAYOUTS_IN_TRANSIT, payout.contract_id, payout.amount),
        *(
            (LedgerEntry.RECOVERABLE, offset.recovery.contract_id, -offset.amount)
            for offset in reversed_offsets
        ),
        (LedgerEntry.UNPAID_BENEFIT, payout.contract_id, -gross),
    ]
    post([_booking(LedgerTransaction.PAYOUT_RETURN, day, cause, sides)])


def book_recoveries(recoveries: Iterable[Recovery], *, booked_on: date) -> None:
    """Benefit that was not owed is owed back."""
    post(
        [
            _booking(
                LedgerTransaction.RECOVERY,
                booked_on,
                Cause(recovery_id=recovery.pk),
                [
                    (LedgerEntry.RECOVERABLE, recovery.contract_id, recovery.amount),
                    (LedgerEntry.BENEFIT, recovery.contract_id, -recovery.amount),
                ],
            )
            for recovery in recoveries
        ]
    )


def book_repayment(settlement: RecoverySettlement) -> None:
    """The person transferred what was owed back.

    The money came with a file of the bank, which books it as unclear; this tells what it is.
    """
    contract_id = settlement.recovery.contract_id
    cause = Cause(settlement_id=settlement.pk)
    sides = [
        (LedgerEntry.UNCLEAR, contract_id, settlement.amount),
        (LedgerEntry.RECOVERABLE, contract_id, -settlement.amount),
    ]
    post([_booking(LedgerTransaction.REPAYMENT, settlement.received_on, cause, sides)])


def book_cancelled_return(
    item: PayoutItem, *, contract_id: int, owed_back: Decimal, expense: Decimal, booked_on: date
) -> None:
    """What came back is not owed any more: it had been claimed back, or is no expense now."""
    cause = Cause(payout_item_id=item.pk)
    sides = [
        (LedgerEntry.UNPAID_BENEFIT, contract_id, owed_back + expense),
        (LedgerEntry.RECOVERABLE, contract_id, -owed_back),
        (LedgerEntry.BENEFIT, contract_id, -expense),
    ]
    post([_booking(LedgerTransaction.UNPAID_CANCELLED, booked_on, cause, sides)])


def _booking(kind: str, day: date, cause: Cause, sides: Sequence[Side]) -> Booking:
    """A booking about benefit, on a day whose month is open; it is about no contract's premium."""
    return Booking(kind, get_booking_day(day), None, sides, cause)
