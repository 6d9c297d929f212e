"""Reads of the work queue: which items, in which order, and what each is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from aupolicy.models import Role, User, WorkItem
from aupolicy.queries.work import kinds_seen_by
from billing.models import MandateChange

PAGE_SIZE = 30
SHOWN_WORK = ("mine", "unclaimed", "open", "done")
DUE_CHOICES = ("overdue", "week")
_SOON = timedelta(days=7)
# Kinds of claims with the page where they are done; the subject is what the page shows.
_TABS = {
    WorkItem.Kind.CLAIM: "examiner:claim",
    WorkItem.Kind.EVIDENCE: "examiner:evidence",
    WorkItem.Kind.PAYOUT: "examiner:payments",
    WorkItem.Kind.APPROVAL: "examiner:approval",
    WorkItem.Kind.REVIEW: "examiner:review",
    WorkItem.Kind.ARREARS: "insurer:arrears_case",
    WorkItem.Kind.NOTICE: "insurer:notice",
    WorkItem.Kind.APPLICATION: "insurer:application",
    WorkItem.Kind.WRITE_OFF: "insurer:write_off",
    WorkItem.Kind.TRANSFER: "insurer:payout",
    WorkItem.Kind.RETURNED_DEBIT: "insurer:returned_debit",
    WorkItem.Kind.BANK: "insurer:bank_file",
}
# Their subjects belong to a claim that is looked up only when somebody goes there.
_OF_CLAIMS = frozenset({WorkItem.Kind.PAYEE, WorkItem.Kind.ASSISTANCE})


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What the queue is narrowed to: one of SHOWN_WORK and, if set, kind, priority, due, employer.

    `due` is one of DUE_CHOICES; "week" are the next seven days and what is overdue.
    """

    show: str = "mine"
    kind: WorkItem.Kind | None = None
    priority: WorkItem.Priority | None = None
    due: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """An item with the page where it is done."""

    item: WorkItem
    address: str
    is_overdue: bool


def filter_work(
    wanted: WorkFilter, *, user: User, roles: Iterable[Role], today: date
) -> QuerySet[WorkItem]:
    """Items one may see: overdue ones first, then by priority and due date; done: newest first."""
    items = WorkItem.objects.select_related("employer", "claimed_by", "done_by")
    items = items.filter(kind__in=kinds_seen_by(roles))
    conditions = {
        "mine": Q(done_at=None, claimed_by=user),
        "unclaimed": Q(done_at=None, claimed_by=None),
        "open": Q(done_at=None),
        "done": Q(done_at__isnull=False),
    }
    items = items.filter(conditions[wanted.show], _narrow(wanted, today))
    if wanted.show == "done":
        return items.order_by("-done_at", "-pk")
    overdue = Case(
        When(due__lt=today, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return items.order_by(overdue, "priority", "due", "pk")


def _narrow(wanted: WorkFilter, today: date) -> Q:
    condition = Q()
    if wanted.kind:
        condition &= Q(kind=wanted.kind)
    if wanted.priority:
        condition &= Q(priority=wanted.priority)
    if wanted.due == "overdue":
        condition &= Q(due__lt=today)
    elif wanted.due == "week":
        condition &= Q(due__lte=today + _SOON)
    if wanted.text:
        condition &= Q(employer__legal_name__icontains=wanted.text) | Q(
            title__icontains=wanted.text
        )
    return condition


def page_of_work(
    wanted: WorkFilter, *, user: User, roles: Iterable[Role], today: date, page: str | int
) -> tuple[Page[WorkItem], list[WorkRow]]:
    """One page of the queue."""
    items = filter_work(wanted, user=user, roles=roles, today=today)
    found = Paginator(items, PAGE_SIZE).get_page(page)
    return found, [
        WorkRow(item, item_address(item), item.done_at is None and item.due < today)
        for item in found.object_list
    ]


def item_address(item: WorkItem) -> str:
    """The page where an item is done: that of its subject, else its own."""
    kind = WorkItem.Kind(item.kind)
    if kind in _TABS:
        return reverse(_TABS[kind], args=[item.subject])
    if kind in _OF_CLAIMS:
        return reverse("examiner:work", args=[item.kind, item.subject])
    return reverse("insurer:work_item", args=[item.pk])


def find_mandate_change(item: WorkItem) -> MandateChange | None:
    """The new bank account that an item is about, if that is its kind."""
    if item.kind != WorkItem.Kind.MANDATE:
        return None
    changes = MandateChange.objects.select_related("contract__employer", "requested_by")
    return changes.filter(pk=item.subject).first()
