"""What the database refuses of payouts, whoever asks; and two orders at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from aupolicy.models import User
from billing.models import Payout, PayoutItem, PayoutOrder
from billing.operations.payouts import create_order
from claims.models import BenefitSlice, Claim
from tests.claims.granting import grant
from tests.claims.paying import (
    INSURER,
    PAY_DAY,
    TODAY,
    check_books,
    check_now,
    give_payee,
    make_finance,
    pay,
    send,
    settle,
)
from tests.claims.world import at, insure, make_contract, make_examiner, sick

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    """Benefit for February to April 2025 is due."""
    leave = sick(insure(make_contract()), "2025-01-01", "2025-05-20")
    grant(leave.claim, "2025-02-12", by=make_examiner())
    settle(leave.claim, "2025-04-30")
    return leave.claim


def test_the_web_of_anybody_else_sees_no_payout(claim: Claim, fred: User) -> None:
    give_payee(claim)
    pay(fred)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL ROLE bau_web")
        for table in ("payout", "payoutorder", "payoutitem", "recovery", "recoverysettlement"):
            cursor.execute(f"SELECT count(*) FROM billing_{table}")
            assert cursor.fetchone() == (0,), table


def refuse(sql: str, *values: int | str | Decimal | None) -> None:
    """The database refuses a statement, at once or at the end of the transaction."""
    with pytest.raises(DatabaseError), transaction.atomic():
        _execute(sql, values)


def _execute(sql: str, values: tuple[int | str | Decimal | None, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_the_database_refuses(claim: Claim, fred: User) -> None:
    give_payee(claim)
    order = send(fred, make_finance("gina"))
    payout = order.payouts.get()
    item = payout.items.order_by("pk").first()
    assert item is not None
    settle(claim, "2025-05-31")
    unpaid = BenefitSlice.objects.get(month=date(2025, 5, 1))
    insert = "INSERT INTO billing_payoutitem (payout_id, slice_id, amount, returned)"
    # A slice is paid once.
    with pytest.raises(IntegrityError, match="slice_paid_once"), transaction.atomic():
        PayoutItem.objects.create(payout=payout, slice=item.slice, amount=item.amount)
    # Not another amount than was computed, and the items add up to the transfer.
    refuse(f"{insert} VALUES (%s, %s, %s, false)", payout.pk, unpaid.pk, unpaid.amount + 1)
    refuse(f"{insert} VALUES (%s, %s, %s, false)", payout.pk, unpaid.pk, unpaid.amount)
    refuse("UPDATE billing_payout SET amount = amount + 1 WHERE id = %s", payout.pk)
    refuse("UPDATE billing_payout SET iban = 'DE1' WHERE id = %s", payout.pk)
    refuse("UPDATE billing_payoutitem SET amount = 1 WHERE id = %s", item.pk)
    refuse("UPDATE billing_payoutorder SET control_sum = 1 WHERE id = %s", order.pk)
    refuse("UPDATE billing_payoutorder SET released_by_id = created_by_id WHERE id = %s", order.pk)
    refuse("UPDATE billing_payoutorder SET discarded_at = now() WHERE id = %s", order.pk)
    for table in ("payoutitem", "payout", "payoutorder"):
        refuse(f"DELETE FROM billing_{table}")
        refuse(f"TRUNCATE billing_{table} CASCADE")
    # A transfer without an order, and an order's transfer of nothing.
    copy = (
        "INSERT INTO billing_payout (order_id, claim_id, person_id, contract_id, holder, iban,"
        " bic, amount, end_to_end_id, remittance, created_at, verification, verified_name,"
        " return_code) SELECT %s, claim_id, person_id, contract_id, holder, iban, bic, %s,"
        " 'X', remittance, created_at, '', '', '' FROM billing_payout"
    )
    refuse(copy, None, 1)
    refuse(copy, order.pk, 0)
    check_now()
    check_books()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_the_order(claim: Claim, fred: User) -> None:
    give_payee(claim)

    def order(_number: int) -> PayoutOrder | None:
        try:
            return create_order(
                execution_date=PAY_DAY, user=fred, now=at(TODAY), debtor=INSURER
            ).order
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        orders = [made for made in pool.map(order, range(3)) if made is not None]
    assert [made.pk for made in orders] == [PayoutOrder.objects.get().pk]
    assert Payout.objects.count() == 1
    check_books()
