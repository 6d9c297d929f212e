"""What the database itself refuses, whoever asks: tried with plain SQL, as an intruder would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from aupolicy.models import User
from billing.models import BillingRun, ClosedMonth, LedgerTransaction, Statement
from billing.operations import create_collections, request_posting
from tests.laws.world import (
    agree,
    at,
    bill,
    check_books,
    creditor,
    give_mandate,
    notice,
    preview,
    settle,
    tell,
)

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
DUE = date(2026, 2, 2)


@pytest.fixture
def run() -> BillingRun:
    """Two contracts of two people each, billed and collected."""
    for _ in range(2):
        contract = agree(start=JAN)
        give_mandate(contract, signed_on=JAN)
        tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "6000"))
    run = bill("2026-01")
    create_collections(due=DUE, now=at(JAN), creditor=creditor())
    settle()
    return run


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def refused(because: str) -> Iterator[None]:
    """The database refuses what happens inside, at the latest when it would be committed."""
    with pytest.raises(DatabaseError, match=because), transaction.atomic():  # noqa: PT012
        yield
        settle()


# Table, an assignment that would change something, and the condition under which a row is booked.
BOOKED = [
    ("billing_premiumline", "amount = amount + 1", "true"),
    ("billing_statement", "total = total + 1", "number IS NOT NULL"),
    ("billing_statement", "number = 'AB-2026-9999999'", "number IS NOT NULL"),
    ("billing_billingrun", "posted_at = NULL", "posted_at IS NOT NULL"),
    ("billing_billingrun", "month = '2020-01-01'", "posted_at IS NOT NULL"),
    ("billing_ledgertransaction", "booked_on = '2020-01-01'", "true"),
    ("billing_ledgerentry", "amount = amount + 1", "true"),
    ("billing_collection", "control_sum = control_sum + 1", "true"),
    ("billing_collectionitem", "amount = amount + 1", "true"),
    ("billing_openitem", "amount = amount + 1", "true"),
    ("billing_allocation", "amount = amount + 1", "true"),
]
FINAL = "Cannot update|Cannot delete|never changed"


@pytest.mark.parametrize(("table", "change", "where"), BOOKED)
def test_nothing_booked_is_updated(run: BillingRun, table: str, change: str, where: str) -> None:
    with refused(FINAL):
        sql(f"UPDATE {table} SET {change} WHERE {where}")
    check_books()


@pytest.mark.parametrize(("table", "where"), sorted({(row[0], row[2]) for row in BOOKED}))
def test_nothing_booked_is_deleted(run: BillingRun, table: str, where: str) -> None:
    with refused(f"{FINAL}|foreign key"):
        sql(f"DELETE FROM {table} WHERE {where}")
    check_books()


def test_lines_are_guarded_in_their_partition_too(run: BillingRun) -> None:
    with refused(FINAL):
        sql(f"UPDATE {run.lines_table} SET amount = 0")
    with refused(FINAL):
        sql(f"DELETE FROM {run.lines_table}")


@pytest.mark.parametrize("table", ["billing_premiumline", "billing_statement CASCADE"])
def test_lines_and_statements_are_not_truncated(run: BillingRun, table: str) -> None:
    with refused(FINAL):
        sql(f"TRUNCATE {table}")


def test_a_posted_run_takes_no_further_line(run: BillingRun) -> None:
    line = "SELECT contract_id, person_id, '2025-12-01', run_id, amount, 1, 1, 1, tariff_id"
    for table in ("billing_premiumline", run.lines_table):
        with refused(FINAL):
            sql(f"INSERT INTO {table} {line} FROM billing_premiumline LIMIT 1")


def test_a_month_has_one_run_of_a_kind(run: BillingRun) -> None:
    with refused("billing_run_unique"):
        sql(
            "INSERT INTO billing_billingrun (kind, month, started_at)"
            " VALUES ('premium', '2026-01-01', now())"
        )


def test_a_contract_has_one_statement_in_a_run(run: BillingRun) -> None:
    with refused("statement_unique"):
        sql(
            "INSERT INTO billing_statement (contract_id, run_id, month, total, line_count,"
            " insured_count, payroll, notices_through) SELECT contract_id, run_id, month, total,"
            " line_count, insured_count, payroll, notices_through FROM billing_statement LIMIT 1"
        )


def test_a_number_is_given_once(run: BillingRun) -> None:
    next_run = preview("2026-02")
    with refused("billing_statement_number"):
        sql(f"UPDATE billing_statement SET number = 'AB-2026-0000001' WHERE run_id = {next_run.pk}")


def test_a_statement_is_booked_once(run: BillingRun) -> None:
    with refused("booked_once"):
        sql(
            "INSERT INTO billing_ledgertransaction (kind, booked_on, statement_id)"
            " SELECT kind, booked_on, statement_id FROM billing_ledgertransaction LIMIT 1"
        )


def test_a_booking_that_does_not_balance_is_refused_at_the_end(run: BillingRun) -> None:
    entry = (
        "INSERT INTO billing_ledgerentry (transaction_id, account, contract_id, amount)"
        " SELECT {booking}, account, contract_id, {amount} FROM billing_ledgerentry LIMIT 1"
    )
    booking = LedgerTransaction.objects.create(kind="STATEMENT", booked_on=JAN).pk
    with refused("does not balance"):
        sql(entry.format(booking=booking, amount="5.00"))
        sql(entry.format(booking=booking, amount="-4.99"))
    with transaction.atomic():
        sql(entry.format(booking=booking, amount="5.00"))
        # Not yet, but at the end.
        sql(entry.format(booking=booking, amount="-5.00"))
        settle()


def test_no_setting_switches_the_guard_of_the_ledger_off(run: BillingRun) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
        (names,) = cursor.fetchone()
    booking = LedgerTransaction.objects.create(kind="STATEMENT", booked_on=JAN).pk
    with refused("does not balance"):
        sql(f"SET LOCAL pgtrigger.ignore = '{names}'")
        sql(
            "INSERT INTO billing_ledgerentry (transaction_id, account, contract_id, amount)"
            f" SELECT {booking}, account, contract_id, 5 FROM billing_ledgerentry LIMIT 1"
        )


def test_an_open_item_is_its_statement_to_the_cent(run: BillingRun) -> None:
    preview("2026-02")
    with refused("open_item_equals_statement"):
        sql(
            "INSERT INTO billing_openitem (contract_id, kind, number, statement_id, amount,"
            " due_date, created_on) SELECT contract_id, 'premium', 'AB-1', id, total + 0.01,"
            " month, month FROM billing_statement WHERE number IS NULL LIMIT 1"
        )


@pytest.mark.parametrize("amount", ["0.01", "-amount - 0.01"])
def test_an_open_item_is_never_settled_beyond_its_amount(run: BillingRun, amount: str) -> None:
    with refused("settled beyond its amount"):
        sql(
            "INSERT INTO billing_allocation (transaction_id, open_item_id, amount)"
            f" SELECT transaction_id, open_item_id, {amount} FROM billing_allocation LIMIT 1"
        )


def test_nothing_is_booked_into_a_closed_month(run: BillingRun) -> None:
    clerk = User.objects.create_user("finance")
    ClosedMonth.objects.create(month=JAN, closed_at=at(JAN), closed_by=clerk, balance={})
    for day in ("2026-01-01", "2026-01-31"):
        with refused("is closed"):
            sql(
                "INSERT INTO billing_ledgertransaction (kind, booked_on)"
                f" VALUES ('OFFSET', '{day}')"
            )
    sql("INSERT INTO billing_ledgertransaction (kind, booked_on) VALUES ('OFFSET', '2026-02-01')")


def test_a_collection_with_a_wrong_control_sum_is_refused(run: BillingRun) -> None:
    copy = (
        "INSERT INTO billing_collection (due_date, submit_by, scheme, message_id, created_at,"
        " debit_count, control_sum, file_sha256) SELECT due_date, submit_by, scheme,"
        " message_id || '-2', created_at, {count}, {control_sum}, file_sha256"
        " FROM billing_collection"
    )
    # No items at all.
    with refused("items and control sum differ"):
        sql(copy.format(count="debit_count", control_sum="control_sum"))
    bill("2026-02")
    for count, control_sum in (("1", "total + 0.01"), ("2", "total")):
        with refused("items and control sum differ"):
            statement = "(SELECT amount FROM billing_openitem ORDER BY id DESC LIMIT 1)"
            sql(copy.format(count=count, control_sum=control_sum.replace("total", statement)))
            _add_debit_of_last_item()


def test_a_debit_is_positive(run: BillingRun) -> None:
    bill("2026-02")
    with refused("debit_positive"):
        _add_debit_of_last_item(amount="-i.amount")


def _add_debit_of_last_item(amount: str = "i.amount") -> None:
    sql(
        "INSERT INTO billing_collectionitem (collection_id, open_item_id, attempt, mandate_id,"
        " amount, end_to_end_id, remittance, ended_how)"
        f" SELECT (SELECT MAX(id) FROM billing_collection), i.id, 1, m.id, {amount}, i.number,"
        " 'Beitrag', '' FROM billing_openitem i"
        " JOIN billing_mandate m ON m.contract_id = i.contract_id ORDER BY i.id DESC LIMIT 1"
    )


DIFFER = "lines, statements and ledger differ"
ONE_PERSON = "person_id = (SELECT MIN(person_id) FROM {lines})"
# What somebody does to a preview, and what posting it then fails with.
TAMPERINGS = [
    (f"UPDATE {{lines}} SET amount = amount + 0.01 WHERE {ONE_PERSON}", DIFFER),
    (f"DELETE FROM {{lines}} WHERE {ONE_PERSON}", DIFFER),
    ("UPDATE billing_statement SET total = total - 0.01", DIFFER),
    ("UPDATE billing_statement SET line_count = line_count + 1", DIFFER),
    (f"UPDATE {{lines}} SET covered_month = '2025-12-01', amount = 0 WHERE {ONE_PERSON}", DIFFER),
    ("INSERT INTO {lines} SELECT * FROM {lines} LIMIT 1", "could not create unique index"),
    (f"UPDATE {{lines}} SET contract_id = 0 WHERE {ONE_PERSON}", "foreign key"),
    (f"UPDATE {{lines}} SET person_id = 0 WHERE {ONE_PERSON}", "foreign key"),
    (f"UPDATE {{lines}} SET tariff_id = 0 WHERE {ONE_PERSON}", "foreign key"),
    ("DELETE FROM billing_statement", "foreign key"),
]


@pytest.mark.parametrize(("tampering", "because"), TAMPERINGS)
def test_a_tampered_preview_cannot_be_posted(tampering: str, because: str) -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "6000"))
    run = preview("2026-01")
    sql(tampering.format(lines=run.lines_table))
    with refused(because):
        request_posting(run=run, now=at(JAN))
    run.refresh_from_db()
    assert run.posted_at is None
    assert not Statement.objects.filter(number__isnull=False).exists()
    assert not LedgerTransaction.objects.exists()


# What a line cannot say even in a preview.
SENSELESS = ["covered_days = 32", "run_id = 0", "covered_month = '2026-01-02'", "pay = NULL"]


@pytest.mark.parametrize("change", SENSELESS)
def test_a_line_makes_sense_from_the_beginning(change: str) -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"))
    run = preview("2026-01")
    with refused("check constraint"):
        sql(f"UPDATE {run.lines_table} SET {change}")


def test_a_run_is_not_declared_posted_without_its_ledger() -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"))
    run = preview("2026-01")
    with refused("lines, statements and ledger differ"):
        sql(f"UPDATE billing_billingrun SET posted_at = now() WHERE id = {run.pk}")
