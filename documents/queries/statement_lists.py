"""The lists of statements, row by row: who is insured, who left, what past months cost otherwise.

They are read for many statements of one run at once and never held: a list of 50,000 people takes
no more memory than one of fifty.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Any

from django.db import connection
from psycopg import sql

from aupolicy.kernel.month import Month
from aupolicy.kernel.sorting import BARE, MARKED
from aupolicy.models.fields import to_period, to_range
from billing.models import BillingRun, Statement
from documents.facts import CorrectionRow, InsuredRow, LeaverRow, MonthState
from documents.rules import describe_change, describe_correction
from members.models import END_REASON_WORDS

_ROWS = 2_000
_BY_NAME = sql.SQL(
    "lower(translate(p.last_name, %(marked)s, %(bare)s)),"
    " lower(translate(p.first_name, %(marked)s, %(bare)s)), p.personnel_number"
)
# How everybody stood in the month before, as the statements before this one knew it. Lines of a
# month lie in its own run or in later ones, so few partitions are looked at.
_BEFORE = sql.SQL("""
SELECT DISTINCT ON (b.contract_id, b.person_id)
       b.contract_id, b.person_id, b.covered_days, b.pay, b.band, b.tariff_id
FROM billing_premiumline b
WHERE b.run_id = ANY(%(runs_before)s) AND b.contract_id = ANY(%(contracts)s)
  AND b.covered_month = %(month_before)s
ORDER BY b.contract_id, b.person_id, b.run_id DESC
""")
# `cover` is the last one that reaches into the month.
_INSURED = sql.SQL("""
SELECT l.contract_id, p.personnel_number, p.last_name, p.first_name, l.amount,
       l.covered_days, l.pay, l.band, l.tariff_id,
       b.covered_days, b.pay, b.band, b.tariff_id, cover.period
FROM billing_premiumline l
JOIN members_person p ON p.id = l.person_id
LEFT JOIN ({before}) b ON b.contract_id = l.contract_id AND b.person_id = l.person_id
LEFT JOIN (
    SELECT DISTINCT ON (m.contract_id, m.person_id) m.contract_id, m.person_id, m.period
    FROM members_membership m
    WHERE m.contract_id = ANY(%(contracts)s) AND m.period && %(days)s
    ORDER BY m.contract_id, m.person_id, m.period DESC
) cover ON cover.contract_id = l.contract_id AND cover.person_id = l.person_id
WHERE l.run_id = %(run)s AND l.contract_id = ANY(%(contracts)s)
  AND l.covered_month = %(month)s
ORDER BY l.contract_id, {by_name}
""").format(before=_BEFORE, by_name=_BY_NAME)
_LEAVERS = sql.SQL("""
SELECT b.contract_id, p.personnel_number, p.last_name, p.first_name, last.period, last.end_reason
FROM ({before}) b
JOIN members_person p ON p.id = b.person_id
LEFT JOIN LATERAL (
    SELECT m.period, m.end_reason FROM members_membership m
    WHERE m.contract_id = b.contract_id AND m.person_id = b.person_id AND m.period IS NOT NULL
    ORDER BY m.period DESC LIMIT 1
) last ON true
WHERE b.covered_days > 0 AND NOT EXISTS (
    SELECT 1 FROM billing_premiumline l
    WHERE l.run_id = %(run)s AND l.contract_id = b.contract_id AND l.person_id = b.person_id
      AND l.covered_month = %(month)s
)
ORDER BY b.contract_id, {by_name}
""").format(before=_BEFORE, by_name=_BY_NAME)
_CORRECTIONS = sql.SQL("""
SELECT l.contract_id, p.personnel_number, p.last_name, p.first_name, l.amount,
       l.covered_days, l.pay, l.band, l.tariff_id,
       b.covered_days, b.pay, b.band, b.tariff_id,
       l.covered_month, COALESCE(b.billed, 0), covers.periods
FROM billing_premiumline l
JOIN members_person p ON p.id = l.person_id
LEFT JOIN LATERAL (
    SELECT e.covered_days, e.pay, e.band, e.tariff_id, SUM(e.amount) OVER () AS billed
    FROM billing_premiumline e
    WHERE e.contract_id = l.contract_id AND e.person_id = l.person_id
      AND e.covered_month = l.covered_month AND e.run_id = ANY(%(earlier_runs)s)
    ORDER BY e.run_id DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT array_agg(m.period ORDER BY m.period) AS periods FROM members_membership m
    WHERE m.contract_id = l.contract_id AND m.person_id = l.person_id AND m.period IS NOT NULL
) covers ON true
WHERE l.run_id = %(run)s AND l.contract_id = ANY(%(contracts)s)
  AND l.covered_month <> %(month)s
ORDER BY l.contract_id, {by_name}, l.covered_month
""").format(by_name=_BY_NAME)
_SUMS = """
SELECT contract_id, covered_month = %(month)s, band, tariff_id, COUNT(*), SUM(amount)
FROM billing_premiumline
WHERE run_id = %(run)s AND contract_id = ANY(%(contracts)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LineSum:
    """Lines of a statement that have band, tariff and kind of month in common: how many, EUR."""

    is_current: bool
    band: int | None
    tariff_id: int | None
    count: int
    amount: Decimal


class StatementLists:
    """The lists of statements of one run; a context manager, for it reads by cursors.

    The statements are asked for in the order of their contracts' ids, the rows of each at once.
    """

    def __init__(self, run: BillingRun, statements: Sequence[Statement]) -> None:
        self._parameters = _collect_parameters(run, statements)
        self._month = Month.of(run.month)
        self._open = ExitStack()

    def __enter__(self) -> "StatementLists":
        self._sums: dict[int, list[LineSum]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_SUMS, self._parameters)
            for contract_id, *values in cursor.fetchall():
                self._sums[contract_id].append(LineSum(*values))
        queries = (_INSURED, _LEAVERS, _CORRECTIONS)
        self._insured, self._leavers, self._corrections = map(self._stream, queries)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def sums(self, statement: Statement) -> Sequence[LineSum]:
        """What the lines of a statement come to."""
        return self._sums[statement.contract_id]

    def insured(self, statement: Statement) -> Iterator[InsuredRow]:
        """The people of the month by name."""
        whole = self._month.last_day.day
        for row in self._insured.take(statement.contract_id):
            _, number, last, first, amount, days, _, band, *_ = row
            change = describe_change(
                month=self._month,
                before=_read_before(row),
                now=MonthState(*row[5:9]),
                cover=to_period(row[13]) if row[13] else None,
            )
            name = f"{last}, {first}"
            yield InsuredRow(number, name, band, None if days == whole else days, change, amount)

    def leavers(self, statement: Statement) -> Iterator[LeaverRow]:
        """People insured the month before and no more, by name."""
        for _, number, last, first, cover, reason in self._leavers.take(statement.contract_id):
            yield LeaverRow(
                personnel_number=number,
                name=f"{last}, {first}",
                last_day=to_period(cover).last_day if cover else None,
                reason=_REASONS.get(reason, "") if cover else "Zugang zurückgenommen",
            )

    def corrections(self, statement: Statement) -> Iterator[CorrectionRow]:
        """Past months that cost something else than was billed, by name and month."""
        for row in self._corrections.take(statement.contract_id):
            _, number, last, first, amount, *_ = row
            month, billed, covers = row[13:]
            yield CorrectionRow(
                month=month,
                personnel_number=number,
                name=f"{last}, {first}",
                reason=describe_correction(
                    month=Month.of(month),
                    before=_read_before(row),
                    now=MonthState(*row[5:9]),
                    covers=[to_period(cover) for cover in covers or ()],
                ),
                before=billed,
                after=billed + amount,
                difference=amount,
            )

    def _stream(self, query: sql.Composable) -> "_Stream":
        cursor = self._open.enter_context(closing(connection.chunked_cursor()))
        cursor.execute(query, self._parameters)
        return _Stream(_fetch(cursor))


_REASONS = {reason.value: word for reason, word in END_REASON_WORDS.items()}


class _Stream:
    """Rows in order of their first column, taken value by value."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, value: int) -> Iterator[Row]:
        while self._next is not None and self._next[0] <= value:
            row, self._next = self._next, next(self._rows, None)
            if row[0] == value:
                yield row


def _fetch(cursor: Any) -> Iterator[Row]:
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _read_before(row: Row) -> MonthState | None:
    """How a person stood before; None where nothing was billed."""
    return None if row[9] is None else MonthState(*row[9:13])


def _collect_parameters(run: BillingRun, statements: Sequence[Statement]) -> dict[str, Any]:
    month = Month.of(run.month)
    before = month.plus(-1).first_day
    earlier = dict(BillingRun.objects.filter(pk__lt=run.pk).values_list("pk", "month"))
    return {
        "run": run.pk,
        "contracts": [statement.contract_id for statement in statements],
        "month": month.first_day,
        "month_before": before,
        "days": to_range(month.period),
        "earlier_runs": list(earlier),
        "runs_before": [pk for pk, billed in earlier.items() if billed >= before],
        "marked": MARKED,
        "bare": BARE,
    }
