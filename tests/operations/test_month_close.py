"""Closing months of the books: in order, when everything agrees, and then for good."""

from datetime import date

import pytest
from django.db import connection, transaction

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import Role, User
from aupolicy.operations import give_grant
from billing.models import ClosedMonth, LedgerTransaction, OpenItem
from billing.operations import create_collections
from billing.operations.charges import charge
from billing.operations.month_close import UnableToCloseMonth, close_month
from billing.queries.audit import audit_ledger
from billing.queries.month_close import get_checklist
from billing.queries.trial_balance import (
    get_next_to_close,
    get_trial_balance,
    list_booked_months,
)
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, preview, settle, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)
NOW = at(date(2026, 3, 10))


@pytest.fixture
def user() -> User:
    """Somebody of finance; January and February are billed."""
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    bill("2026-01")
    bill("2026-02")
    user = User.objects.create_user("finance")
    give_grant(user=user, role=Role.FINANCE, first_day=JAN)
    settle()
    return user


def close(month: Month, user: User) -> ClosedMonth:
    """Close a month in March."""
    return close_month(month=month, user=user, now=NOW)


def refused(code: str, month: Month, user: User) -> None:
    """A month cannot be closed, and is not."""
    before = ClosedMonth.objects.count()
    with pytest.raises(UnableToCloseMonth, match=code), transaction.atomic():
        close(month, user)
    assert ClosedMonth.objects.count() == before


def test_months_are_closed_in_order_and_only_when_they_are_over(user: User) -> None:
    assert get_next_to_close() == JANUARY
    assert list_booked_months() == [FEBRUARY, JANUARY]
    refused("NOT_NEXT", FEBRUARY, user)
    closed = close(JANUARY, user)
    premium = OpenItem.objects.earliest("pk").amount
    assert closed.balance == {"1400": str(premium), "4000": str(-premium)}
    assert closed.closed_by == user
    refused("CLOSED", JANUARY, user)
    close(FEBRUARY, user)
    refused("NOT_OVER", MARCH, user)
    assert audit_ledger().is_clean


def test_only_finance_closes(user: User) -> None:
    clerk = User.objects.create_user("clerk")
    give_grant(user=clerk, role=Role.CLERK, first_day=JAN)
    refused("NOT_ALLOWED", JANUARY, clerk)


def test_nothing_is_closed_before_anything_was_booked() -> None:
    user = User.objects.create_user("finance")
    give_grant(user=user, role=Role.FINANCE, first_day=JAN)
    refused("NOTHING_BOOKED", JANUARY, user)


def test_what_is_unfinished_keeps_a_month_open(user: User) -> None:
    contract = OpenItem.objects.earliest("pk").contract
    give_mandate(contract, signed_on=JAN)
    create_collections(due=date(2026, 2, 2), now=at(date(2026, 1, 20)), creditor=creditor())
    refused("COLLECTIONS", JANUARY, user)
    found = get_checklist(JANUARY, following=JANUARY, today=date(2026, 3, 10), with_audit=False)
    assert (found.collections, found.runs, found.entries) == (1, 0, 0)


def test_an_unposted_run_keeps_its_month_open(user: User) -> None:
    close(JANUARY, user)
    close(FEBRUARY, user)
    preview("2026-03")
    charge(
        contract=OpenItem.objects.earliest("pk").contract, kind=OpenItem.Kind.COSTS,
        amount=OpenItem.objects.earliest("pk").amount, cause=None, due_date=JAN,
        booked_on=date(2026, 3, 2),
    )  # fmt: skip
    with pytest.raises(UnableToCloseMonth, match="RUNS"), transaction.atomic():
        close_month(month=MARCH, user=user, now=at(date(2026, 4, 2)))


def test_books_that_do_not_agree_are_not_closed(user: User) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_ledgerentry SET amount = amount + 1 WHERE account = '4000'")
        refused("DIFFERENCES", JANUARY, user)
        transaction.set_rollback(True)


def test_what_comes_late_is_booked_on_the_first_open_day(user: User) -> None:
    close(JANUARY, user)
    late = charge(
        contract=OpenItem.objects.earliest("pk").contract, kind=OpenItem.Kind.COSTS,
        amount=OpenItem.objects.earliest("pk").amount, cause=None, due_date=JAN,
        booked_on=date(2026, 1, 15),
    )  # fmt: skip
    assert LedgerTransaction.objects.get(charge=late).booked_on == date(2026, 2, 1)
    assert audit_ledger().is_clean


def test_a_changed_trial_balance_of_a_closed_month_is_found(user: User) -> None:
    close(JANUARY, user)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_ledgertransaction DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_ledgertransaction SET booked_on = '2026-01-31'")
        audit = audit_ledger()
        assert set(audit.broken) == {"CLOSED_MONTHS"}
        assert {each.key for each in audit.differences} == {"2026-01 1400", "2026-01 4000"}
        transaction.set_rollback(True)


def test_the_trial_balance_carries_what_stood_before(user: User) -> None:
    balance = get_trial_balance(FEBRUARY)
    first, second = OpenItem.objects.order_by("pk")
    rows = {row.account: row for row in balance.rows}
    receivable = rows["1400"]
    assert (receivable.opening, receivable.debit, receivable.credit) == (
        first.amount, second.amount, ZERO,
    )  # fmt: skip
    assert receivable.closing == first.amount + second.amount
    assert receivable.name == "Forderungen an Versicherungsnehmer"
    sums = balance.sums
    assert [sums.opening, sums.closing, sums.debit - sums.credit] == [ZERO] * 3
