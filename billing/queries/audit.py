"""The books proved: every identity of lines, statements, bookings, debits and bank at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from billing.models import BillingRun
from billing.queries.audit_checks import CHECKS, Check
from billing.queries.run_digest import compute_run_digest

DIGESTS = "DIGESTS"
MOST_SHOWN = 100
"""Of what breaks one identity so many are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What breaks an identity: its key, and what it should be and is (EUR or a number)."""

    check: str
    key: str
    expected: Decimal
    found: Decimal


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, and what does not agree.

    `checks` are the codes of all identities; `broken` says how many rows break which.
    """

    runs: int
    statements: int
    lines: int
    bookings: int
    entries: int
    debits: int
    checks: tuple[str, ...]
    broken: dict[str, int]
    differences: tuple[Difference, ...]

    @property
    def is_clean(self) -> bool:
        """Whether everything agrees."""
        return not self.broken


def audit_ledger() -> Audit:
    """Prove all identities over the whole book; nothing is written.

    A few scans of each table, however many rows there are.
    """
    broken: dict[str, int] = {}
    differences: list[Difference] = []
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        runs, statements, lines, bookings, entries, debits = cursor.fetchone()
        # All at once, so that every check sees the same state, also while others book.
        cursor.execute(" UNION ALL ".join(map(_write, CHECKS)))
        for code, key, expected, found, number in cursor.fetchall():
            broken[code] = number
            differences.append(Difference(code, key, expected, found))
    changed = list(_find_changed_runs())
    if changed:
        broken[DIGESTS] = len(changed)
        differences += changed
    codes = (*(check.code for check in CHECKS), DIGESTS)
    return Audit(
        runs, statements, lines, bookings, entries, debits, codes, broken, tuple(differences)
    )


def _find_changed_runs() -> Iterator[Difference]:
    """Runs whose lines no longer are what was posted; those posted before have no digest."""
    for run in BillingRun.objects.filter(posted_at__isnull=False).exclude(digest=""):
        if compute_run_digest(run=run) != run.digest:
            yield Difference(DIGESTS, f"{run.month:%Y-%m}", Decimal(1), Decimal(0))


_COUNT = """
SELECT
    (SELECT COUNT(*) FROM billing_billingrun WHERE posted_at IS NOT NULL),
    (SELECT COUNT(*) FROM billing_statement WHERE number IS NOT NULL),
    (SELECT COUNT(*) FROM billing_premiumline),
    (SELECT COUNT(*) FROM billing_ledgertransaction),
    (SELECT COUNT(*) FROM billing_ledgerentry),
    (SELECT COUNT(*) FROM billing_collectionitem)
"""
_FIND = """
(SELECT '{code}', key, expected::numeric, found::numeric, COUNT(*) OVER ()
FROM ({query}) AS different (key, expected, found)
ORDER BY key LIMIT {most})
"""


def _write(check: Check) -> str:
    return _FIND.format(code=check.code, query=check.query, most=MOST_SHOWN)
