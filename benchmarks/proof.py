"""That both sides of the measurement wrote the same lines, and that the product's books agree."""

from typing import Any

from aupolicy.kernel.month import Month
from benchmarks import floor
from benchmarks.database import Connection

_BOOKS = """
SELECT COUNT(DISTINCT s.contract_id), COUNT(DISTINCT s.number),
       COUNT(*), MIN(right(s.number, 7)::int), MAX(right(s.number, 7)::int), MAX(n.last),
       SUM(s.total), SUM(l.receivable), SUM(l.income)
FROM billing_billingrun r
JOIN billing_statement s ON s.run_id = r.id
CROSS JOIN billing_numberseries n
LEFT JOIN (
    SELECT t.statement_id, SUM(e.amount) FILTER (WHERE e.account = '1400') AS receivable,
           -SUM(e.amount) FILTER (WHERE e.account = '4000') AS income
    FROM billing_ledgertransaction t JOIN billing_ledgerentry e ON e.transaction_id = t.id
    GROUP BY t.statement_id
) l ON l.statement_id = s.id
WHERE r.month = %s AND r.posted_at IS NOT NULL
GROUP BY r.id
"""


class UnequalSides(AssertionError):
    """The two sides do not come to the same, so their times must not be compared."""


def check_equal(connection: Connection, *, contracts: int, month: Month) -> dict[str, Any]:
    """Count, sum and digest of the lines on both sides; statements, numbers and ledger.

    Every contract must have one statement in the one run of the month, with numbers that follow
    those given before without a gap. Raises UnequalSides. Returns what was found.
    """
    bare = floor.read_digest(connection, floor.TABLE)
    booked = floor.read_digest(connection, "billing_premiumline")
    if bare != booked:
        raise UnequalSides(f"lines: floor {bare}, product {booked}")
    count, total, digest = booked
    found = connection.execute(_BOOKS, [month.first_day]).fetchall()
    before = _count_statements(connection) - contracts
    numbers = (before + 1, before + contracts, before + contracts)
    expected = [(contracts, contracts, contracts, *numbers, total, total, total)]
    if found != expected:
        raise UnequalSides(f"books: {found}, expected {expected}")
    return {"lines": count, "total": str(total), "digest": str(digest), "statements": contracts}


def _count_statements(connection: Connection) -> int:
    (count,) = connection.execute("SELECT COUNT(*) FROM billing_statement").fetchone() or (0,)
    return int(count)
