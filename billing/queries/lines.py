"""Premium lines of a statement, posted or preview."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from aupolicy.kernel.sorting import BARE, MARKED
from billing.models import BillingRun, Statement


@dataclass(frozen=True, slots=True)
class LineRow:
    """One premium line with the person it is about; amounts in EUR.

    `amount` is the difference charged now, `recorded_before` what earlier runs charged for the
    same person and month. `pay` and `band` are None where nothing is covered any more.
    """

    person_id: int
    personnel_number: str
    last_name: str
    first_name: str
    covered_month: date
    amount: Decimal
    covered_days: int
    pay: Decimal | None
    band: int | None
    tariff_id: int | None
    recorded_before: Decimal
    band_before: int | None

    @property
    def owed(self) -> Decimal:
        """What the month costs as it stands now."""
        return self.recorded_before + self.amount


def lines_of(run: BillingRun) -> sql.Identifier:
    """Where to read a run's lines: those of a posted run like all others, behind row security.

    A preview's lines lie in a table of their own, which only the insurer's pages read. Queries
    name the run too, so that only its partition is looked at.
    """
    return sql.Identifier("billing_premiumline" if run.posted_at else run.lines_table)


# `before` is what was recorded for the same person and month; `last` the band of the latest
# earlier line of that or the month before.
_LINES = """
SELECT p.id, p.personnel_number, p.last_name, p.first_name, l.covered_month, l.amount,
       l.covered_days, l.pay, l.band, l.tariff_id, COALESCE(before.amount, 0), last.band
FROM {lines} l
JOIN members_person p ON p.id = l.person_id
LEFT JOIN LATERAL (
    SELECT SUM(b.amount) AS amount FROM billing_premiumline b
    WHERE b.contract_id = l.contract_id AND b.person_id = l.person_id
      AND b.covered_month = l.covered_month AND b.run_id < l.run_id
) before ON true
LEFT JOIN LATERAL (
    SELECT b.band FROM billing_premiumline b
    WHERE b.contract_id = l.contract_id AND b.person_id = l.person_id AND b.run_id < l.run_id
      AND b.covered_month BETWEEN l.covered_month - interval '1 month' AND l.covered_month
    ORDER BY b.covered_month DESC, b.run_id DESC LIMIT 1
) last ON true
WHERE l.run_id = %(run)s AND l.contract_id = %(contract)s
  AND (%(person)s::bigint IS NULL OR l.person_id = %(person)s)
  AND (%(current)s::boolean IS NULL OR (l.covered_month = %(month)s) = %(current)s)
ORDER BY l.covered_month <> %(month)s, lower(translate(p.last_name, %(marked)s, %(bare)s)),
         lower(translate(p.first_name, %(marked)s, %(bare)s)), p.personnel_number, l.covered_month
LIMIT %(limit)s OFFSET %(offset)s
"""


def list_lines(
    statement: Statement,
    *,
    person_id: int | None = None,
    current: bool | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[LineRow]:
    """Lines of a statement: first the people of its month by name, then past months.

    `current` True keeps the month's own lines, False the differences of past months.
    """
    query = sql.SQL(_LINES).format(lines=lines_of(statement.run))
    parameters: dict[str, Any] = {
        "run": statement.run_id,
        "contract": statement.contract_id,
        "month": statement.month,
        "person": person_id,
        "current": current,
        "limit": limit,
        "offset": offset,
        "marked": MARKED,
        "bare": BARE,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [LineRow(*row) for row in cursor.fetchall()]
