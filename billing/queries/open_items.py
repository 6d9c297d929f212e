"""Which demands are open, how far, and what became of a statement."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from billing.models import Allocation, ClosedMonth, CollectionItem, OpenItem, Statement

_EUR = DecimalField(max_digits=14, decimal_places=2)


def with_open_amount(items: QuerySet[OpenItem]) -> QuerySet[OpenItem]:
    """Open items with `open_amount`, what is not settled of them, in EUR."""
    settled = (
        Allocation.objects.filter(open_item=OuterRef("pk"))
        .order_by()
        .values("open_item")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    left = F("amount") - Coalesce(Subquery(settled), ZERO, output_field=_EUR)
    known = ExpressionWrapper(left, output_field=_EUR)
    # The model declares it already, so that it has a type wherever an item goes.
    return items.annotate(open_amount=known)  # type: ignore[no-redef]


def list_open_items(items: QuerySet[OpenItem] | None = None) -> QuerySet[OpenItem]:
    """Demands and credits that are not settled in full, with `open_amount`, the oldest first."""
    found = OpenItem.objects.all() if items is None else items
    return with_open_amount(found).exclude(Q(open_amount=ZERO)).order_by("due_date", "pk")


def get_open_amount(item: OpenItem) -> Decimal:
    """What is not settled of an item, in EUR."""
    settled = item.allocations.aggregate(sum=Sum("amount"))["sum"]
    return item.amount - (settled or ZERO)


def lock_items(ids: Iterable[int]) -> list[OpenItem]:
    """Open items, locked in order of their ids, each with `open_amount` as it stands then.

    Whatever settles an item must hold this lock, so that two never settle the same euro.
    """
    keys = sorted(set(ids))
    list(OpenItem.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return list(with_open_amount(OpenItem.objects.filter(pk__in=keys)).order_by("pk"))


def get_booking_day(wanted: date) -> date:
    """The day to book on: the wanted one, or the first day after the closed months."""
    last = ClosedMonth.objects.order_by("-month").first()
    return wanted if last is None else max(wanted, Month.of(last.month).plus(1).first_day)


class PaymentState(StrEnum):
    """What became of a statement's amount."""

    PREVIEW = "preview"
    NOTHING = "nothing"
    CREDIT = "credit"
    OPEN = "open"
    COLLECTED = "collected"
    RETURNED = "returned"
    PAID = "paid"


def get_payment_state(statement: Statement) -> PaymentState:
    """What became of a statement: no query when `open_item` and its debits are read along."""
    if statement.number is None:
        return PaymentState.PREVIEW
    if not statement.total:
        return PaymentState.NOTHING
    item = statement.open_item
    if item.amount < 0:
        return PaymentState.CREDIT
    settled = sum((allocation.amount for allocation in item.allocations.all()), ZERO)
    if settled == item.amount:
        return PaymentState.COLLECTED if get_live_debit(statement) else PaymentState.PAID
    came_back = any(debit.ended_how == "returned" for debit in item.debits.all())
    return PaymentState.RETURNED if came_back else PaymentState.OPEN


def get_live_debit(statement: Statement) -> CollectionItem | None:
    """The debit of a statement that has not come back, with its collection; None for none."""
    item = getattr(statement, "open_item", None)
    if item is None:
        return None
    live = [debit for debit in item.debits.all() if not debit.ended_how]
    return live[-1] if live else None


def with_payments(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """Statements with what `get_payment_state` and `get_live_debit` ask for, in three queries."""
    debits = CollectionItem.objects.select_related("collection").order_by("attempt")
    return statements.select_related("open_item").prefetch_related(
        "open_item__allocations", Prefetch("open_item__debits", queryset=debits)
    )
