"""Reads of the list of claims: narrowed, in the order of what comes next, with counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Q, QuerySet

from aupolicy.models import User
from claims.facts import ClaimStatus
from claims.models import Claim

PAGE_SIZE = 30
OPEN = "open"
EVERY = "all"
DUE_CHOICES = ("overdue", "week")
OVER = frozenset({ClaimStatus.REFUSED, ClaimStatus.ENDED, ClaimStatus.JOINED})
OPEN_STATUSES = tuple(status for status in ClaimStatus if status not in OVER)
_FIRST_FEW = 8
_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What the list is narrowed to.

    `show` is OPEN (whatever is not over), EVERY, the value of one status, or "": not chosen, which
    is OPEN unless a text is searched, as who looks for a number may well look for a claim that is
    over. `due` is one of DUE_CHOICES ("week" are the next seven days and what is overdue).
    """

    show: str = ""
    is_mine: bool = False
    due: str = ""
    text: str = ""

    @property
    def searches_all(self) -> bool:
        """Whether every status is searched, without having been asked for."""
        return bool(self.text) and not self.show


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the list; `age` are the calendar days since its first day, that one included."""

    claim: Claim
    age: int | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """How many claims stand where, and for how many days the oldest waits to be examined."""

    by_status: Mapping[str, int]
    oldest_days: int | None
    mine: int

    @property
    def to_examine(self) -> int:
        """Claims that an examiner has to decide."""
        return self.by_status.get(ClaimStatus.TO_EXAMINE, 0)

    @property
    def to_approve(self) -> int:
        """Decisions that wait for a second person."""
        return self.by_status.get(ClaimStatus.APPROVAL, 0)

    @property
    def evidence_missing(self) -> int:
        """Claims that wait for a certificate."""
        return self.by_status.get(ClaimStatus.EVIDENCE_MISSING, 0)

    @property
    def paying(self) -> int:
        """Claims that are paid every month."""
        return self.by_status.get(ClaimStatus.PAYING, 0)

    @property
    def open(self) -> int:
        """Everything that is not over."""
        return sum(self.by_status.get(status, 0) for status in OPEN_STATUSES)


def filter_claims(wanted: ClaimFilter, *, user: User, today: date) -> QuerySet[Claim]:
    """Claims, what is to be done first at the top."""
    claims = Claim.objects.filter(_narrow(wanted, user, today))
    if wanted.text:
        claims = claims.filter(_text_condition(wanted.text))
    # Within one status this is the order of its index.
    return claims.order_by(F("next_step_on").asc(nulls_last=True), "pk")


def _narrow(wanted: ClaimFilter, user: User, today: date) -> Q:
    condition = Q()
    if wanted.show in ClaimStatus.__members__:
        condition &= Q(status=wanted.show)
    elif wanted.show != EVERY and not wanted.searches_all:
        condition &= Q(status__in=[status.value for status in OPEN_STATUSES])
    if wanted.is_mine:
        condition &= Q(examiner=user)
    if wanted.due == "overdue":
        condition &= Q(next_step_on__lt=today)
    elif wanted.due == "week":
        condition &= Q(next_step_on__lte=today + _SOON)
    return condition


def _text_condition(text: str) -> Q:
    """Every word stands in the name or begins a number: of the claim, the person, the contract."""
    condition = Q()
    for word in text.replace(",", " ").split():
        condition &= (
            Q(person__last_name__icontains=word)
            | Q(person__first_name__icontains=word)
            | Q(person__personnel_number__istartswith=word)
            | Q(number__icontains=word)
            | Q(contract__number__icontains=word)
        )
    return condition


def page_of_claims(
    claims: QuerySet[Claim], *, page: str | int, today: date
) -> tuple[Page[Claim], list[ClaimRow]]:
    """One page of claims with what their rows show."""
    shown = claims.select_related("person", "contract__employer", "examiner")
    found = Paginator(shown, PAGE_SIZE).get_page(page)
    return found, [_row(claim, today) for claim in found.object_list]


def list_first(
    wanted: ClaimFilter, *, user: User, today: date, free: bool = False
) -> list[ClaimRow]:
    """The first few claims; `free`: only those that no other examiner has taken."""
    claims = filter_claims(wanted, user=user, today=today)
    if free:
        claims = claims.filter(examiner=None)
    shown = claims.select_related("person", "contract__employer", "examiner")
    return [_row(claim, today) for claim in shown[:_FIRST_FEW]]


def _row(claim: Claim, today: date) -> ClaimRow:
    is_over = claim.status in OVER
    age = (today - claim.first_day).days + 1 if claim.first_day and not is_over else None
    is_overdue = not is_over and claim.next_step_on is not None and claim.next_step_on < today
    return ClaimRow(claim, age, is_overdue)


def count_claims(*, user: User, today: date) -> ClaimCounts:
    """How much there is and how long the oldest waits, in one query."""
    rows = list(
        Claim.objects.order_by()
        .values("status")
        .annotate(
            number=Count("pk"),
            mine=Count("pk", filter=Q(examiner=user)),
            since=Min("next_step_on"),
        )
    )
    by_status = {row["status"]: row["number"] for row in rows}
    mine = sum(row["mine"] for row in rows if row["status"] not in OVER)
    # A claim is to be examined since the day of its next step.
    since = next((row["since"] for row in rows if row["status"] == ClaimStatus.TO_EXAMINE), None)
    days = max((today - since).days, 0) if since else None
    return ClaimCounts(by_status, days, mine)
