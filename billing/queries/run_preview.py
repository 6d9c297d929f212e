"""A run by contract beside the run before: totals, differences and what they may come from.

Compared is what the two runs charge: the differences of all contracts add up to that of the runs.
Only statements are read for it, so it is as quick for a million people as for ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from aupolicy.facts import Tariff
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.sorting import BARE, MARKED
from aupolicy.queries import list_tariffs
from billing.models import BillingRun
from billing.queries.lines import lines_of
from billing.queries.month_tariffs import AgreedTariffs
from members.facts import NoticeStatus

SHOWN_CONTRACTS = ("all", "differs", "more", "less", "past", "new", "gone")
SORTED_BY = ("employer", "insured", "before", "total", "difference", "past")


@dataclass(frozen=True, slots=True)
class PreviewFilter:
    """Which contracts are shown, and in which order.

    `text` is looked for in employer and contract number; `show` is one of SHOWN_CONTRACTS, `sort`
    one of SORTED_BY, with a minus before it for the other way round.
    """

    text: str = ""
    show: str = "all"
    sort: str = "employer"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One contract in a run and in the run before, EUR; None where a run has no statement of it.

    `past_lines` are lines about months before the run's. `is_new` where it is the contract's first
    statement.
    """

    contract_id: int
    contract_number: str
    employer: str
    statement_id: int | None
    statement_number: str
    insured: int
    insured_before: int
    total: Decimal
    total_before: Decimal | None
    past_lines: int
    is_new: bool

    @property
    def difference(self) -> Decimal:
        """EUR more or less than before; the whole total where there was nothing before."""
        return self.total - (self.total_before or ZERO)

    @property
    def insured_difference(self) -> int:
        """People more or less than before."""
        return self.insured - self.insured_before


@dataclass(frozen=True, slots=True)
class PreviewSum:
    """Sums over everything the filters let through, EUR."""

    contracts: int
    insured: int
    total: Decimal
    total_before: Decimal
    past_lines: int

    @property
    def difference(self) -> Decimal:
        """EUR more or less than before."""
        return self.total - self.total_before


def list_previous_runs(run: BillingRun) -> QuerySet[BillingRun]:
    """Posted runs of earlier months, the last one first: a run is compared to that."""
    earlier = BillingRun.objects.filter(kind=run.kind, month__lt=run.month, posted_at__isnull=False)
    return earlier.order_by("-month")


def get_previous_run(run: BillingRun) -> BillingRun | None:
    """The posted run of the last month billed before a run's; it is what the run is compared to."""
    return list_previous_runs(run).first()


_BOTH_RUNS = """
FROM (SELECT * FROM billing_statement WHERE run_id = %(run)s) n
FULL JOIN (SELECT * FROM billing_statement WHERE run_id = %(previous)s) b USING (contract_id)
JOIN aupolicy_groupcontract c ON c.id = contract_id
JOIN aupolicy_employer e ON e.id = c.employer_id
CROSS JOIN LATERAL (
    SELECT COALESCE(n.total, 0) AS total, COALESCE(b.total, 0) AS before,
           COALESCE(n.insured_count, 0) AS insured, COALESCE(b.insured_count, 0) AS insured_before,
           COALESCE(n.line_count - n.insured_count, 0) AS past,
           b.id IS NULL AND NOT EXISTS (
               SELECT FROM billing_statement s JOIN billing_billingrun r ON r.id = s.run_id
               WHERE s.contract_id = c.id AND s.number IS NOT NULL AND s.month < %(month)s
                 AND r.kind = %(kind)s) AS is_new
) x
WHERE (%(text)s = '' OR strpos(lower(e.legal_name), lower(%(text)s)) > 0
       OR strpos(lower(c.number), lower(%(text)s)) > 0)
  AND {shown}
"""
_SHOWN = {
    "all": "true",
    "differs": "x.total <> x.before",
    "more": "x.total > x.before",
    "less": "x.total < x.before",
    "past": "x.past > 0",
    "new": "x.is_new",
    "gone": "n.id IS NULL",
}
_ORDER = {
    "employer": "lower(translate(e.legal_name, %(marked)s, %(bare)s))",
    "insured": "x.insured",
    "before": "x.before",
    "total": "x.total",
    "difference": "x.total - x.before",
    "past": "x.past",
}
_ROWS = """
SELECT c.id, c.number, e.legal_name, n.id, COALESCE(n.number, ''), x.insured, x.insured_before,
       x.total, b.total, x.past, x.is_new
{both_runs}
ORDER BY {order} {direction}, lower(translate(e.legal_name, %(marked)s, %(bare)s)), c.number
LIMIT %(limit)s OFFSET %(offset)s
"""
_SUMS = """
SELECT COUNT(*), COALESCE(SUM(x.insured), 0), COALESCE(SUM(x.total), 0),
       COALESCE(SUM(x.before), 0), COALESCE(SUM(x.past), 0)
{both_runs}
"""


def list_contracts_of_run(
    run: BillingRun,
    previous: BillingRun | None,
    wanted: PreviewFilter,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[PreviewRow]:
    """Contracts of a run and of the run before that the filter lets through, in its order."""
    key, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    query = sql.SQL(_ROWS).format(
        both_runs=_both_runs(wanted),
        order=sql.SQL(_ORDER[key]),
        direction=sql.SQL("DESC" if is_down else "ASC"),
    )
    parameters = {**_parameters(run, previous, wanted), "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [PreviewRow(*row) for row in cursor.fetchall()]


def sum_contracts_of_run(
    run: BillingRun, previous: BillingRun | None, wanted: PreviewFilter
) -> PreviewSum:
    """What everything that the filter lets through comes to."""
    query = sql.SQL(_SUMS).format(both_runs=_both_runs(wanted))
    with connection.cursor() as cursor:
        cursor.execute(query, _parameters(run, previous, wanted))
        return PreviewSum(*cursor.fetchone())


def _both_runs(wanted: PreviewFilter) -> sql.Composed:
    return sql.SQL(_BOTH_RUNS).format(shown=sql.SQL(_SHOWN[wanted.show]))


def _parameters(
    run: BillingRun, previous: BillingRun | None, wanted: PreviewFilter
) -> dict[str, Any]:
    return {
        "run": run.pk,
        "previous": previous.pk if previous else None,
        "month": run.month,
        "kind": run.kind,
        "text": wanted.text,
        "marked": MARKED,
        "bare": BARE,
    }


# Notices between the two statements by kind; lines about other months in either; new terms; an
# end of the contract that reaches into the month.
_HINTS = """
WITH spans AS (
    SELECT contract_id, n.id AS now, b.notices_through AS after, n.notices_through AS through,
           n.terms_through > b.terms_through AS new_terms,
           COALESCE(n.contract_end, upper(c.period) - 1) AS last_day,
           b.line_count > b.insured_count AS had_past
    FROM (SELECT * FROM billing_statement WHERE run_id = %(run)s) n
    FULL JOIN (SELECT * FROM billing_statement WHERE run_id = %(previous)s) b USING (contract_id)
    JOIN aupolicy_groupcontract c ON c.id = contract_id
    WHERE contract_id = ANY(%(contracts)s)
)
SELECT s.contract_id, n.kind, COUNT(*)
FROM spans s JOIN members_noticerecord n
    ON n.contract_id = s.contract_id AND n.id > s.after AND n.id <= s.through
WHERE n.status = %(applied)s GROUP BY s.contract_id, n.kind
UNION ALL
SELECT contract_id, 'past', COUNT(*) FROM {lines}
WHERE run_id = %(run)s AND contract_id = ANY(%(contracts)s) AND covered_month <> %(month)s
GROUP BY contract_id
UNION ALL
SELECT contract_id, 'one_off', 1 FROM spans WHERE had_past
UNION ALL
SELECT contract_id, 'terms', 1 FROM spans WHERE new_terms
UNION ALL
SELECT contract_id, 'end', 1 FROM spans
WHERE last_day >= %(month_before)s AND last_day < %(last_day)s
ORDER BY 1, 2
"""


def count_reasons(
    run: BillingRun, previous: BillingRun | None, contract_ids: Sequence[int]
) -> dict[int, dict[str, int]]:
    """What may make the contracts of one page differ, by contract, counted but not priced.

    Keys are kinds of notices, "past" (lines about past months), "one_off" (the statement before
    had such), "terms", "tariff" and "end" (of the contract). The reasons with their amounts are
    those of `billing.queries.contract_difference`.
    """
    if not contract_ids:
        return {}
    parameters: dict[str, Any] = {
        "run": run.pk,
        "previous": previous.pk if previous else None,
        "month": run.month,
        "month_before": previous.month if previous else run.month,
        "last_day": Month.of(run.month).last_day,
        "applied": NoticeStatus.APPLIED.value,
        "contracts": list(contract_ids),
    }
    reasons: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_HINTS).format(lines=lines_of(run)), parameters)
        for contract_id, reason, number in cursor.fetchall():
            reasons.setdefault(contract_id, {})[reason] = number
    if previous is not None:
        for contract_id in _list_new_tariffs(contract_ids, previous, run):
            reasons.setdefault(contract_id, {})["tariff"] = 1
    return reasons


def _list_new_tariffs(
    contract_ids: Sequence[int], previous: BillingRun, run: BillingRun
) -> list[int]:
    """Contracts whose tariff has another version in a run's month than in the run's before."""
    if not any(_is_new(tariff, previous, run) for tariff in list_tariffs()):
        return []
    agreed = AgreedTariffs(list(contract_ids))
    found = []
    for contract_id in contract_ids:
        before = agreed.of_month(contract_id, Month.of(previous.month))
        now = agreed.of_month(contract_id, Month.of(run.month))
        if before and now and before.key == now.key and before.valid_from != now.valid_from:
            found.append(contract_id)
    return found


def _is_new(tariff: Tariff, previous: BillingRun, run: BillingRun) -> bool:
    return tariff.version_on(previous.month) is not tariff.version_on(run.month)
