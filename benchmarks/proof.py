"""That both sides of the measurement wrote the same lines, and that the product's books agree."""

from typing import Any

from benchmarks import floor
from benchmarks.database import Connection

_BOOKS = """
SELECT (SELECT COUNT(*) FROM billing_statement WHERE number IS NOT NULL),
       (SELECT SUM(total) FROM billing_statement),
       (SELECT SUM(amount) FROM billing_ledgerentry WHERE account = '1400'),
       (SELECT -SUM(amount) FROM billing_ledgerentry WHERE account = '4000'),
       (SELECT MAX(number) FROM billing_statement)
"""


class UnequalSides(AssertionError):
    """The two sides do not come to the same, so their times must not be compared."""


def check_equal(connection: Connection, *, contracts: int, year: int) -> dict[str, Any]:
    """Count, sum and digest of the lines on both sides; statements, numbers and ledger.

    Raises UnequalSides. Returns what was found.
    """
    bare = floor.read_digest(connection, floor.TABLE)
    booked = floor.read_digest(connection, "billing_premiumline")
    if bare != booked:
        raise UnequalSides(f"lines: floor {bare}, product {booked}")
    count, total, digest = booked
    found = connection.execute(_BOOKS).fetchone() or ()
    last_number = f"AB-{year}-{contracts:07d}"
    expected = (contracts, total, total, total, last_number)
    if found != expected:
        raise UnequalSides(f"books: {found}, expected {expected}")
    return {"lines": count, "total": str(total), "digest": str(digest), "statements": contracts}
