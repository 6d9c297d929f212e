"""Reads of payouts: what is due now, the orders, one payout, what is owed back."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.money import ZERO, total
from aupolicy.kernel.period import ONE_DAY
from billing.models import Payout, PayoutItem, PayoutOrder, Recovery
from billing.queries.payouts import DuePayout, WaitingClaim, plan_payouts
from billing.queries.recoveries import with_open_amount
from claims.models import BenefitSlice, Claim

PAGE_SIZE = 25
PAYOUTS_PAGE_SIZE = 50
MOST_SHOWN = 50


def propose_pay_day(today: date) -> date:
    """The day after the next one that banks work on: a second person still has to release."""
    return next_target_day(next_target_day(today) + ONE_DAY)


@dataclass(frozen=True, slots=True)
class PayoutPreview:
    """What an order for a day would pay and leave; lists are cut, counts and sums are not.

    `day` is the TARGET day it moves to. Amounts in EUR: `amount` is transferred, `kept_back`
    set off, `waiting_amount` due but not payable. `set_off_count` claims get nothing at all.
    """

    wanted: date
    day: date
    due: tuple[DuePayout, ...]
    transfer_count: int
    set_off_count: int
    amount: Decimal
    kept_back: Decimal
    waiting: tuple[WaitingClaim, ...]
    waiting_count: int
    waiting_amount: Decimal

    @property
    def due_count(self) -> int:
        """Payouts, with those that are set off in full."""
        return self.transfer_count + self.set_off_count


def preview_payouts(wanted: date) -> PayoutPreview:
    """What paying on a day would do; nothing is written."""
    day = next_target_day(wanted)
    plan = plan_payouts(execution_date=day)
    transfers = sum(1 for payout in plan.due if payout.amount)
    return PayoutPreview(
        wanted=wanted,
        day=day,
        due=plan.due[:MOST_SHOWN],
        transfer_count=transfers,
        set_off_count=len(plan.due) - transfers,
        amount=total(payout.amount for payout in plan.due),
        kept_back=total(payout.kept_back for payout in plan.due),
        waiting=plan.waiting[:MOST_SHOWN],
        waiting_count=len(plan.waiting),
        waiting_amount=total(item.claim.gross for item in plan.waiting),
    )


def page_of_orders(page: str | int) -> Page[Any]:
    """One page of orders, the latest execution day first, with how many transfers came back."""
    return Paginator(list_orders(), PAGE_SIZE).get_page(page)


def list_orders() -> Any:
    """All orders, the latest execution day first, with how many transfers came back."""
    came_back = Count("payouts", filter=Q(payouts__returned_on__isnull=False))
    orders = PayoutOrder.objects.select_related("created_by", "released_by")
    return orders.annotate(returned_count=came_back).order_by("-execution_date", "-pk")


def count_unreleased() -> int:
    """Orders that wait for a second person."""
    return PayoutOrder.objects.filter(released_at=None, discarded_at=None).count()


def get_order(order_id: int) -> PayoutOrder:
    """The order of an address, else 404."""
    orders = PayoutOrder.objects.select_related("created_by", "released_by", "discarded_by")
    return get_object_or_404(orders, pk=order_id)


def page_of_payouts(order: PayoutOrder, page: str | int) -> Page[Payout]:
    """One page of an order's transfers in the order of its file."""
    payouts = order.payouts.select_related("claim", "person", "contract", "broker").order_by("pk")
    return Paginator(payouts, PAYOUTS_PAGE_SIZE).get_page(page)


def count_mismatches(order: PayoutOrder) -> int:
    """Transfers whose name does not belong to the account, as the bank says."""
    return order.payouts.filter(verification="RVNM").count()


def count_cancelled(order: PayoutOrder) -> int:
    """Slices in an order that were cancelled since."""
    items = PayoutItem.objects.filter(payout__order=order)
    return items.filter(slice__cancelled_at__isnull=False).count()


def get_payout(payout_id: int) -> Payout:
    """The payout of an address, else 404."""
    payouts = Payout.objects.select_related(
        "order", "claim", "person", "contract__employer", "broker"
    )
    return get_object_or_404(payouts, pk=payout_id)


def list_items(payout: Payout) -> list[PayoutItem]:
    """The slices that a payout pays, the earliest month first."""
    return list(payout.items.select_related("slice").order_by("slice__month"))


@dataclass(frozen=True, slots=True)
class RecoverySums:
    """Recoveries that are open: how many and EUR."""

    count: int
    amount: Decimal


def open_recoveries() -> Any:
    """Recoveries of which something has not come back yet."""
    recoveries = with_open_amount(Recovery.objects.select_related("claim", "person", "slice"))
    return recoveries.filter(open_amount__gt=0)


def sum_open_recoveries() -> RecoverySums:
    """What is still owed back by everybody."""
    sums = open_recoveries().aggregate(count=Count("pk"), amount=Sum("open_amount", default=ZERO))
    return RecoverySums(**sums)


def page_of_recoveries(page: str | int, *, settled: bool) -> Page[Any]:
    """One page of recoveries, the oldest first; with `settled` also those that came back."""
    return Paginator(list_shown_recoveries(settled=settled), PAGE_SIZE).get_page(page)


def list_shown_recoveries(*, settled: bool) -> Any:
    """Recoveries with their open amounts, the oldest first; with `settled` also those back."""
    recoveries = with_open_amount(Recovery.objects.select_related("claim", "person", "slice"))
    shown = recoveries if settled else open_recoveries()
    return shown.order_by("pk")


def get_recovery(recovery_id: int) -> Any:
    """The recovery of an address with what is open of it, else 404."""
    recoveries = Recovery.objects.select_related("claim", "person", "slice", "decided_by")
    return get_object_or_404(with_open_amount(recoveries), pk=recovery_id)


def list_recoveries(claim: Claim) -> list[Any]:
    """A claim's recoveries with what is open of each, the oldest first."""
    recoveries = Recovery.objects.filter(claim=claim).select_related("slice", "decided_by")
    return list(with_open_amount(recoveries).order_by("pk"))


@dataclass(frozen=True, slots=True)
class SliceRow:
    """A slice with where its payment stands since `day`.

    `state` is computed, ordered, paid, set_off, returned or cancelled; `payout` is the one that
    says so.
    """

    slice: BenefitSlice
    state: str
    day: date | None
    payout: Payout | None


def list_slices(claim: Claim, *, today: date) -> list[SliceRow]:
    """A claim's slices month by month, those that were cancelled before those that count."""
    items = PayoutItem.objects.select_related("payout__order").order_by("pk")
    slices: QuerySet[BenefitSlice] = claim.slices.prefetch_related(
        Prefetch("payments", queryset=items)
    )
    return [_describe(each, today) for each in slices.order_by("month", "pk")]


def get_slice_row(slice_id: int, *, today: date) -> SliceRow:
    """One slice with where its payment stands, else 404."""
    slices = BenefitSlice.objects.select_related("claim", "person", "contract")
    return _describe(get_object_or_404(slices, pk=slice_id), today)


def _describe(each: BenefitSlice, today: date) -> SliceRow:
    items = list(each.payments.all())
    payout = items[-1].payout if items else None
    if each.cancelled_at is not None:
        return SliceRow(each, "cancelled", _local(each.cancelled_at), payout)
    if payout is None:
        return SliceRow(each, "computed", _local(each.computed_at), None)
    if items[-1].returned:
        return SliceRow(each, "returned", payout.returned_on, payout)
    order = payout.order
    if order is None:
        return SliceRow(each, "set_off", _local(payout.created_at), payout)
    is_paid = order.released_at is not None and order.execution_date <= today
    return SliceRow(each, "paid" if is_paid else "ordered", order.execution_date, payout)


def _local(moment: datetime) -> date:
    return timezone.localdate(moment)
