"""Posting a run: numbers without gaps, ledger, and the lines made part of the book."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from aupolicy.facts.scope import WEB_ROLE
from aupolicy.kernel.month import Month
from aupolicy.models import User
from aupolicy.models.row_security import fence_statements
from billing.models import BillingRun, LedgerEntry, LedgerTransaction
from billing.models.run import WHOSE_LINES
from billing.operations.crash_points import crash_point
from billing.operations.numbers import take_numbers
from billing.queries.open_items import get_booking_day
from billing.queries.run_digest import compute_run_digest
from billing.rules.due_date import decide_due_date


def request_posting(
    *, run: BillingRun, now: datetime, requested_by: User | None = None
) -> BillingRun:
    """Ask for a run to be posted: at once when all its slices are done, else with the last one.

    A posted run stays as it is.
    """
    with transaction.atomic():
        run = BillingRun.objects.select_for_update().get(pk=run.pk)
        if run.posted_at is None and run.posting_requested_at is None:
            run.posting_requested_at, run.posting_requested_by = now, requested_by
            run.save(update_fields=["posting_requested_at", "posting_requested_by"])
    post_run(run=run, now=now)
    return BillingRun.objects.get(pk=run.pk)


def post_run(*, run: BillingRun, now: datetime) -> bool:
    """Post a run that is filled and meant to be posted, in one transaction; False if it is not.

    The database proves that lines, statements and ledger agree (trigger `billing_run_proof`).
    """
    with transaction.atomic():
        run = BillingRun.objects.select_for_update().get(pk=run.pk)
        unfinished = run.slices.filter(done_at=None).exists()
        if run.posted_at is not None or run.posting_requested_at is None or unfinished:
            return False
        issued_on = timezone.localtime(now).date()
        _number_statements(run, issued_on)
        crash_point("post.numbered")
        _attach_lines(run)
        crash_point("post.attached")
        _book_statements(run, get_booking_day(issued_on))
        _check_bookings()
        crash_point("post.booked")
        _prepare_proof()
        run.posted_at, run.digest = now, compute_run_digest(run=run)
        run.save(update_fields=["posted_at", "digest"])
        crash_point("post.proved")
    crash_point("post.committed")
    return True


_TO_NUMBER = """
SELECT s.id, COALESCE(v.collection_day, 1), COALESCE(v.pre_notification_days, 14)
FROM billing_statement s
JOIN aupolicy_groupcontract c ON c.id = s.contract_id
LEFT JOIN LATERAL (
    SELECT collection_day, pre_notification_days FROM aupolicy_contractversion
    WHERE contract_id = c.id AND lower(period) <= %s ORDER BY period DESC LIMIT 1
) v ON true
WHERE s.run_id = %s
ORDER BY c.number
"""
_SET_NUMBERS = """
UPDATE billing_statement s
SET number = n.number, issued_on = %s, due_date = n.due_date
FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS n (id, number, due_date)
WHERE s.id = n.id
"""


def _number_statements(run: BillingRun, issued_on: date) -> None:
    """Numbers in order of the contract numbers, without gaps within a year."""
    month = Month.of(run.month)
    with connection.cursor() as cursor:
        cursor.execute(_TO_NUMBER, [month.last_day, run.pk])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
        first = take_numbers(f"statement-{month.year}", len(rows))
        due_dates = {
            terms: _due_date(month, issued_on, *terms) for terms in {row[1:] for row in rows}
        }
        numbers = [f"AB-{month.year}-{first + index:07d}" for index in range(len(rows))]
        dues = [due_dates[row[1:]] for row in rows]
        cursor.execute(_SET_NUMBERS, [issued_on, [row[0] for row in rows], numbers, dues])


def _due_date(month: Month, issued_on: date, collection_day: int, notice_days: int) -> date:
    wanted = month.first_day.replace(day=collection_day)
    return decide_due_date(wanted=wanted, announced=issued_on, notice_days=notice_days).due


# Primary key first and foreign keys with ATTACH: checked as sets, several times faster than
# row by row. The CHECK made with the table lets ATTACH skip its own scan.
_ATTACH = """
ALTER TABLE {lines} ADD PRIMARY KEY (contract_id, person_id, covered_month, run_id);
ALTER TABLE billing_premiumline ATTACH PARTITION {lines} FOR VALUES IN ({run});
ALTER TABLE {lines} DROP CONSTRAINT of_this_run;
ALTER TABLE {lines} RESET (autovacuum_enabled);
CREATE TRIGGER premium_line_no_truncate BEFORE TRUNCATE ON {lines}
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER premium_line_complete BEFORE INSERT ON {lines}
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
GRANT SELECT ON {lines} TO {web};
ANALYZE {lines} (contract_id, person_id, covered_month);
"""


# Enough to sort the keys of a million lines, and to hold a million people, without a file.
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


def _attach_lines(run: BillingRun) -> None:
    names = {
        "lines": sql.Identifier(run.lines_table),
        "run": sql.Literal(run.pk),
        "web": sql.Identifier(WEB_ROLE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEMORY)
        # Statements wait with their checks until here, and ALTER TABLE needs them settled.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in _ATTACH.strip().split(";\n"):
            cursor.execute(sql.SQL(statement).format(**names))
        for statement in fence_statements(run.lines_table, WHOSE_LINES):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _check_bookings() -> None:
    """Have what waits for the commit checked now: that bookings balance and point at rows.

    Along an index: a database that has not counted the ledger yet believes it to be empty, and
    would read all of it for every booking.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _prepare_proof() -> None:
    """Let the database know how many statements the run has: it expects none of a new run.

    It would prove the run statement by statement, in a time that grows with the square.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE billing_statement (run_id)")


_BOOK = """
WITH owed AS (
    INSERT INTO billing_openitem
        (contract_id, kind, number, statement_id, amount, due_date, created_on)
    SELECT contract_id, 'premium', number, id, total, due_date, issued_on
    FROM billing_statement WHERE run_id = %(run)s AND total <> 0 ORDER BY number
), booked AS (
    INSERT INTO billing_ledgertransaction (kind, booked_on, contract_id, statement_id)
    SELECT %(kind)s, %(booked_on)s, contract_id, id FROM billing_statement
    WHERE run_id = %(run)s AND total <> 0 ORDER BY number
    RETURNING id, statement_id
)
INSERT INTO billing_ledgerentry (transaction_id, account, contract_id, amount)
SELECT booked.id, side.account, s.contract_id, side.amount
FROM booked
JOIN billing_statement s ON s.id = booked.statement_id
CROSS JOIN LATERAL (VALUES
    (%(receivable)s, s.total), (%(income)s, s.tax - s.total), (%(tax)s, -s.tax)
) AS side (account, amount)
WHERE side.amount <> 0
"""


def _book_statements(run: BillingRun, booked_on: date) -> None:
    """Receivable against premium income and insurance tax, one transaction a statement.

    Each statement is an open item from now on.
    """
    parameters: dict[str, Any] = {
        "kind": LedgerTransaction.STATEMENT,
        "booked_on": booked_on,
        "run": run.pk,
        "receivable": LedgerEntry.RECEIVABLE,
        "income": LedgerEntry.PREMIUM_INCOME,
        "tax": LedgerEntry.TAX_OWED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, parameters)
