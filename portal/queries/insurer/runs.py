"""Reads of billing runs: which months can be billed, and each employer beside the month before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Min, QuerySet, Sum
from psycopg import sql

from aupolicy.kernel.month import Month
from aupolicy.models import ContractVersion, GroupContract
from billing.models import BillingRun, OpenItem, Statement
from billing.operations.run import MONTHS_AHEAD
from billing.queries.runs import RunProgress, list_statements_of_run
from billing.rules.due_date import decide_due_date
from members.facts import NoticeStatus
from portal.facts import RunRow
from portal.queries.sorting import name_order

RUNS_PAGE_SIZE = 24
STATEMENTS_PAGE_SIZE = 25
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


class _Counted(Paginator[Statement]):
    """Pages of statements whose number is known."""

    def __init__(self, statements: QuerySet[Statement], number: int) -> None:
        super().__init__(statements, STATEMENTS_PAGE_SIZE)
        self.count = number


def page_of_statements(
    run: BillingRun, *, text: str, page: str | int, number: int
) -> tuple[Page[Statement], list[RunRow]]:
    """One page of a run's statements by employer, each beside the contract's last one.

    `number` is how many the run has altogether.
    """
    statements = list_statements_of_run(run).order_by(
        name_order("contract__employer__legal_name"), "contract__number"
    )
    if text:
        statements = statements.filter(contract__employer__legal_name__icontains=text)
    paginator = (
        Paginator(statements, STATEMENTS_PAGE_SIZE) if text else _Counted(statements, number)
    )
    found = paginator.get_page(page)
    listed = list(found.object_list)
    before = _last_statements(listed)
    reasons = _count_reasons(run, listed, before)
    return found, [
        RunRow(
            statement_id=statement.pk,
            contract_id=statement.contract_id,
            employer=statement.contract.employer.legal_name,
            number=statement.number or "",
            insured=statement.insured_count,
            insured_before=last.insured_count if last else None,
            total=statement.total,
            total_before=last.total if last else None,
            reasons=reasons.get(statement.contract_id, {}),
        )
        for statement in listed
        for last in [before.get(statement.contract_id)]
    ]


def _last_statements(statements: Sequence[Statement]) -> dict[int, Statement]:
    """The last posted statement before each of these, by contract."""
    if not statements:
        return {}
    earlier = (
        Statement.objects.filter(
            contract__in={s.contract_id for s in statements},
            month__lt=statements[0].month,
            number__isnull=False,
            run__kind=BillingRun.PREMIUM,
        )
        .order_by("contract", "-month")
        .distinct("contract")
    )
    return {statement.contract_id: statement for statement in earlier}


_REASONS = """
SELECT n.contract_id, n.kind AS reason, COUNT(*)
FROM unnest(%(contracts)s::bigint[], %(after)s::bigint[], %(through)s::bigint[])
    AS span (contract_id, after, through)
JOIN members_noticerecord n
    ON n.contract_id = span.contract_id AND n.id > span.after AND n.id <= span.through
WHERE n.status = %(applied)s
GROUP BY n.contract_id, n.kind
UNION ALL
SELECT contract_id, 'past', COUNT(*) FROM {lines}
WHERE contract_id = ANY(%(all)s) AND covered_month <> %(month)s GROUP BY contract_id
ORDER BY contract_id, reason
"""


def _count_reasons(
    run: BillingRun, statements: Sequence[Statement], before: dict[int, Statement]
) -> dict[int, dict[str, int]]:
    """Notices between the last statement and this one by kind, and lines about past months."""
    spans = [s for s in statements if s.contract_id in before]
    parameters: dict[str, Any] = {
        "contracts": [s.contract_id for s in spans],
        "after": [before[s.contract_id].notices_through for s in spans],
        "through": [s.notices_through for s in spans],
        "applied": NoticeStatus.APPLIED.value,
        "all": [s.contract_id for s in statements],
        "month": run.month,
    }
    reasons: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        query = sql.SQL(_REASONS).format(lines=sql.Identifier(run.lines_table))
        cursor.execute(query, parameters)
        for contract_id, reason, number in cursor.fetchall():
            reasons.setdefault(contract_id, {})[reason] = number
    return reasons
