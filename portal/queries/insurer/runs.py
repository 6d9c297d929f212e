"""Reads of billing runs: which months can be billed, where a run stands, when it falls due."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet, Sum

from aupolicy.kernel.month import Month
from aupolicy.models import ContractVersion, GroupContract
from billing.models import BillingRun, OpenItem
from billing.operations.run import MONTHS_AHEAD
from billing.queries.runs import RunProgress
from billing.rules.due_date import decide_due_date

RUNS_PAGE_SIZE = 24
MONTHS_OFFERED = 3


def list_runs() -> QuerySet[BillingRun]:
    """Monthly runs, newest first, with the sums of their statements."""
    return (
        BillingRun.objects.filter(kind=BillingRun.PREMIUM)
        .annotate(
            statement_count=Count("statements"),
            insured=Sum("statements__insured_count", default=0),
            total=Sum("statements__total", default=0),
        )
        .order_by("-month")
    )


def page_of_runs(page: str | int) -> Page[BillingRun]:
    """One page of runs."""
    return Paginator(list_runs(), RUNS_PAGE_SIZE).get_page(page)


def get_open_run() -> BillingRun | None:
    """The run that is not posted yet; there is at most one."""
    return BillingRun.objects.filter(kind=BillingRun.PREMIUM, posted_at=None).first()


def get_last_posted_run() -> BillingRun | None:
    """The newest posted run."""
    posted = BillingRun.objects.filter(kind=BillingRun.PREMIUM, posted_at__isnull=False)
    return posted.order_by("-month").first()


def get_next_month(today: date) -> Month:
    """The month to bill next: after the last posted one, else the first of any contract."""
    last = get_last_posted_run()
    if last is not None:
        return Month.of(last.month).plus(1)
    first = GroupContract.objects.aggregate(first=Min("period__startswith"))["first"]
    return Month.of(min(first, today)) if first else Month.of(today)


def list_offered_months(today: date) -> list[Month]:
    """Months that can be billed now, none while the last one lies far enough ahead.

    All unbilled months before the chosen one come along.
    """
    first, furthest = get_next_month(today), Month.of(today).plus(MONTHS_AHEAD)
    last = max(first.plus(MONTHS_OFFERED - 1), Month.of(today).plus(1))
    return list(first.through(min(last, furthest)))


def describe_state(progress: RunProgress) -> str:
    """computing, preview, posting or posted."""
    if progress.posted:
        return "posted"
    if not progress.filled:
        return "computing"
    return "posting" if progress.posting_requested else "preview"


def has_uncollected_statements(run: BillingRun) -> bool:
    """Whether a posted statement of a run is still to be collected; a preview has none."""
    if run.posted_at is None:
        return False
    demands = OpenItem.objects.filter(statement__run=run, amount__gt=0)
    return demands.exclude(debits__ended_how="").exists()


@dataclass(frozen=True, slots=True)
class DueDay:
    """How many statements of a preview will fall due on a day if it is posted today."""

    due: date
    statements: int


def list_due_days(run: BillingRun, issued_on: date) -> list[DueDay]:
    """When the statements of a preview fall due if it is posted on a day, by number of them."""
    month = Month.of(run.month)
    terms = (
        ContractVersion.objects.filter(
            contract__statements__run=run, period__startswith__lte=month.last_day
        )
        .order_by("contract", "-period")
        .distinct("contract")
        .values_list("collection_day", "pre_notification_days")
    )
    counts: dict[date, int] = {}
    for collection_day, notice_days in terms:
        wanted = month.first_day.replace(day=collection_day)
        due = decide_due_date(wanted=wanted, announced=issued_on, notice_days=notice_days).due
        counts[due] = counts.get(due, 0) + 1
    return [DueDay(due, counts[due]) for due in sorted(counts)]
