"""Credits of a contract set off against what it owes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from billing.models import LedgerEntry, LedgerTransaction, OpenItem
from billing.operations.books import Booking, Cause, Settled, post
from billing.queries.open_items import get_booking_day, list_open_items, lock_items
from billing.rules.set_off import OpenSum, SetOff, decide_set_offs


@dataclass(frozen=True, slots=True)
class OffsetReport:
    """How many contracts had something set off, and how much of it all together, in EUR."""

    contracts: int
    amount: Decimal


def set_off_credits(*, now: datetime, contract_ids: Iterable[int] | None = None) -> OffsetReport:
    """Settle demands of contracts with their own credits, in the order of §§ 366, 367 BGB.

    Without `contract_ids` all contracts. One booking a contract. A second call finds nothing.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        items = _lock_both_sides(contract_ids)
        by_contract: dict[int, list[OpenSum]] = defaultdict(list)
        for item in items:
            amount: Decimal = item.open_amount
            known = OpenSum(item.pk, item.kind, item.due_date, amount)
            by_contract[item.contract_id].append(known)
        day = get_booking_day(today)
        bookings = [
            _booking(contract_id, found, day)
            for contract_id, known_items in sorted(by_contract.items())
            if (found := decide_set_offs(known_items, today=today))
        ]
        post(bookings)
    moved = total(side[2] for booking in bookings for side in booking.sides if side[2] > 0)
    return OffsetReport(len(bookings), moved)


def _lock_both_sides(contract_ids: Iterable[int] | None) -> list[OpenItem]:
    """Everything open of contracts that have a credit, locked, with `open_amount`."""
    credits_ = OpenItem.objects.filter(amount__lt=0)
    if contract_ids is not None:
        credits_ = credits_.filter(contract_id__in=list(contract_ids))
    with_credit = set(list_open_items(credits_).values_list("contract_id", flat=True))
    if not with_credit:
        return []
    found = list_open_items(OpenItem.objects.filter(contract_id__in=with_credit))
    return lock_items(found.values_list("pk", flat=True))


def _booking(contract_id: int, found: Iterable[SetOff], day: date) -> Booking:
    """Each demand and each credit once, with all that meets there."""
    settled: dict[int, Decimal] = defaultdict(Decimal)
    for each in found:
        settled[each.demand] += each.amount
        settled[each.credit] -= each.amount
    amount = total(part for part in settled.values() if part > 0)
    return Booking(
        kind=LedgerTransaction.OFFSET,
        booked_on=day,
        contract_id=contract_id,
        sides=(
            (LedgerEntry.RECEIVABLE, contract_id, amount),
            (LedgerEntry.RECEIVABLE, contract_id, -amount),
        ),
        cause=Cause(),
        settles=[Settled(item, part) for item, part in sorted(settled.items())],
    )
