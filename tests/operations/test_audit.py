"""The audit of the ledger: right books are clean, and every identity can be broken."""

import json
from datetime import date
from io import StringIO
from typing import Final

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing.models import LedgerTransaction
from billing.operations import create_collections
from billing.queries.audit import audit_ledger
from billing.words.audit import describe_check
from tests.broken_books import find, gone, one, without_guards
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, settle, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
DUE = date(2026, 2, 2)


@pytest.fixture
def books() -> None:
    """Two contracts of two people each, billed for two months, the first month collected."""
    for _ in range(2):
        contract = agree(start=JAN)
        give_mandate(contract, signed_on=JAN)
        tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "6000"))
    bill("2026-01")
    create_collections(due=DUE, now=at(JAN), creditor=creditor())
    bill("2026-02")
    settle()


_OTHER: Final = "(SELECT MIN(id) + MAX(id) FROM aupolicy_groupcontract)"
# What somebody did, and which identities no longer hold.
FAULTS: Final = {
    one("billing_ledgerentry", "amount = amount + 1", "account = '4000'"): {
        "BALANCED", "BOOKING_OF_STATEMENT"},
    "INSERT INTO billing_ledgertransaction (kind, booked_on) VALUES ('OFFSET', '2026-01-01')": {
        "BOOKED"},
    gone("billing_allocation"): {"SETTLES", "RECEIVABLES", "DEBITS"},
    one("billing_allocation", "amount = amount + 500"): {
        "SETTLES", "RECEIVABLES", "WITHIN_ITEM", "DEBITS"},
    one("billing_ledgerentry", f"contract_id = {_OTHER} - contract_id", "account = '1400'"): {
        "RECEIVABLES"},
    "UPDATE billing_premiumline SET amount = amount + 0.01 WHERE (person_id, covered_month) ="
    " (SELECT person_id, covered_month FROM billing_premiumline LIMIT 1)": {
        "LINES_OF_STATEMENT", "DIGESTS"},
    "UPDATE billing_premiumline SET band = band + 1 WHERE (person_id, covered_month) ="
    " (SELECT person_id, covered_month FROM billing_premiumline LIMIT 1)": {"DIGESTS"},
    one("billing_statement", "line_count = line_count + 1"): {"LINES_OF_STATEMENT"},
    one("billing_statement", "total = total + 1"): {
        "LINES_OF_STATEMENT", "ITEM_OF_STATEMENT", "BOOKING_OF_STATEMENT"},
    one("billing_statement", "tax = tax + 1"): {"LINES_OF_STATEMENT", "BOOKING_OF_STATEMENT"},
    one("billing_statement", "number = NULL", "month = '2026-02-01'"): {
        "LINES_OF_STATEMENT", "ITEM_OF_STATEMENT", "NUMBERS"},
    one("billing_openitem", "amount = amount + 1"): {"RECEIVABLES", "ITEM_OF_STATEMENT"},
    one("billing_collectionitem", "amount = amount - 1"): {"DEBITS", "COLLECTIONS", "IN_TRANSIT"},
    one("billing_collectionitem", "ended_how = 'returned', ended_on = '2026-02-05'"): {"DEBITS"},
    one("billing_collectionitem", "ended_how = 'rejected', ended_on = '2026-02-05'"): {
        "DEBITS", "IN_TRANSIT"},
    one("billing_ledgerentry", "account = '1200'", "account = '1360'"): {"IN_TRANSIT", "BANK"},
    one("billing_ledgerentry", "account = '1700'", "account = '1360'"): {
        "IN_TRANSIT", "COMMISSION_OWED"},
    one("billing_collection", "debit_count = debit_count + 1"): {"COLLECTIONS"},
    one("billing_collection", "control_sum = control_sum + 1"): {"COLLECTIONS"},
    one("billing_ledgertransaction", "kind = 'WRITE_OFF'", "kind = 'COLLECTION'"): {"WRITE_OFFS"},
    "UPDATE billing_numberseries SET last = last + 1 WHERE key = 'statement-2026'": {"NUMBERS"},
    one("billing_statement", "number = 'AB-2026-0000009'"): {"NUMBERS"},
    "INSERT INTO billing_openitem (contract_id, kind, number, amount, due_date, created_on)"
    " SELECT contract_id, 'interest', 'NF-2026-0000001', 5, due_date, due_date"
    " FROM billing_openitem LIMIT 1": {"RECEIVABLES", "BOOKING_OF_CHARGE", "NUMBERS"},
}  # fmt: skip


def test_right_books_are_clean(books: None) -> None:
    audit = audit_ledger()
    assert audit.differences == ()
    assert audit.is_clean
    assert (audit.runs, audit.statements, audit.lines) == (2, 4, 8)
    assert audit.bookings == LedgerTransaction.objects.count() == 6
    assert all(describe_check(code) != code for code in audit.checks)


def test_every_fault_is_found_and_named(books: None) -> None:
    found = {fault: set(find(fault).broken) for fault in FAULTS}
    assert found == FAULTS
    assert audit_ledger().is_clean


def test_a_difference_tells_the_key_and_both_amounts(books: None) -> None:
    fault = one("billing_openitem", "amount = 7", "number = 'AB-2026-0000001'")
    (difference,) = (each for each in find(fault).differences if each.check == "ITEM_OF_STATEMENT")
    assert difference.key == "AB-2026-0000001"
    assert difference.found == 7 < difference.expected


def test_the_command_says_so_in_one_line(books: None) -> None:
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    (line,) = out.getvalue().splitlines()
    assert line.startswith("Hauptbuch geprüft: 2 Läufe, 4 Abrechnungen, 8 Zeilen, 6 Buchungen")
    assert line.endswith("alles stimmt.")


def test_the_command_fails_with_what_differs(books: None) -> None:
    fault = one("billing_ledgerentry", "amount = amount + 1234", "account = '4000'")
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(fault)
        with pytest.raises(CommandError, match=r"Jede Buchung geht auf: .*1\.234,00") as failure:
            call_command("audit_ledger")
        assert failure.value.returncode == 1
        out = StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("audit_ledger", "--json", stdout=out)
    assert end.value.code == 1
    data = json.loads(out.getvalue())
    assert data["clean"] is False
    assert data["broken"]["BALANCED"] == 1
    assert {"check", "key", "expected", "found"} == set(data["differences"][0])
