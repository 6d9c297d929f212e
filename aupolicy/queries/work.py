"""Reads of the insurer's work."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from aupolicy.models import User, WorkItem


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much is to be done on a day: one's own, nobody's, all, and what is overdue of all."""

    mine: int
    unclaimed: int
    open: int
    overdue: int


def count_work(user: User, today: date) -> WorkCounts:
    """Open items, in one query."""
    counts = WorkItem.objects.filter(done_at=None).aggregate(
        mine=Count("pk", filter=Q(claimed_by=user)),
        unclaimed=Count("pk", filter=Q(claimed_by=None)),
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due__lt=today)),
    )
    return WorkCounts(**counts)


def find_next_item(user: User) -> WorkItem | None:
    """What a person should do next: the most urgent of one's own, else of what nobody has."""
    open_items = WorkItem.objects.filter(done_at=None).order_by("priority", "due", "pk")
    return open_items.filter(claimed_by=user).first() or open_items.filter(claimed_by=None).first()
