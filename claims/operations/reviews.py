"""Work for reviews that are due (Nachprüfungen)."""

from collections.abc import Iterable
from datetime import date, datetime

from aupolicy.models import WorkItem
from aupolicy.operations.work import open_work
from claims.models import Review


def open_review_work(*, reviews: Iterable[int], today: date, now: datetime) -> None:
    """Open work for some reviews that is due today; titles name nobody."""
    numbers = Review.objects.filter(pk__in=list(reviews)).values_list("pk", "claim__number")
    titles = {key: f"Nachprüfung zum Leistungsfall {number}" for key, number in numbers}
    open_work(kind=WorkItem.Kind.REVIEW, titles=titles, employer=None, due=today, now=now)
