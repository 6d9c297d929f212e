"""Benefit paid too much: claimed back once, kept back by its mode, repaid, and booked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from aupolicy.models import User
from billing.facts.recovery import RecoveryMode, ReturnCode
from billing.models import LedgerEntry, LedgerTransaction, Recovery, RecoverySettlement
from billing.operations.payout_returns import record_return
from billing.operations.recoveries import (
    UnableToRecover,
    change_recovery,
    find_overpaid,
    record_recoveries,
    record_repayment,
)
from billing.queries.payouts import list_due
from billing.queries.recoveries import get_open_amount
from claims.models import Claim
from tests.claims.granting import grant
from tests.claims.paying import (
    PAY_DAY,
    TODAY,
    balance,
    check_books,
    check_now,
    end_benefit,
    give_payee,
    make_finance,
    pay,
    send,
    settle,
)
from tests.claims.world import at, certify, insure, make_contract, sick

pytestmark = pytest.mark.django_db
MONTH = Decimal("335.00")
LATER, LATER_PAY_DAY = date(2025, 7, 1), date(2025, 7, 3)


@pytest.fixture
def claim(vera: User, fred: User) -> Claim:
    """Benefit for February to April 2025 is paid, then April turns out not to be owed."""
    leave = sick(insure(make_contract()), "2025-01-01", "2025-05-20")
    grant(leave.claim, "2025-02-12", by=vera)
    settle(leave.claim, "2025-04-30")
    give_payee(leave.claim)
    send(fred, make_finance("gina"))
    end_benefit(leave.claim, "2025-04-01", by=vera)
    return leave.claim


def reopen(claim: Claim, vera: User) -> None:
    """Certified through July after all, and granted from May on."""
    certify(claim.sick_leaves.get(), "2025-05-21", "2025-07-31")
    grant(claim, "2025-05-01", by=vera)
    settle(claim, "2025-06-30", on=LATER)


def recover(now: date = TODAY) -> Recovery:
    (recovery,) = record_recoveries(now=at(now))
    check_now()
    return recovery


def test_what_was_paid_and_cancelled_is_claimed_back_once(claim: Claim) -> None:
    (overpaid,) = find_overpaid()
    assert (overpaid.claim_id, overpaid.amount) == (claim.pk, MONTH)
    assert find_overpaid(person_ids=[0]) == []
    assert record_recoveries(person_ids=[0], now=at(TODAY)) == ()
    recovery = recover()
    assert (recovery.amount, recovery.mode) == (MONTH, "offset")
    assert recovery.reason == "Ende der Leistung"
    assert record_recoveries(now=at(TODAY)) == ()
    assert balance(LedgerEntry.RECOVERABLE) == MONTH
    check_books()


def test_the_next_payout_keeps_it_back(claim: Claim, vera: User, fred: User) -> None:
    reopen(claim, vera)
    # A preview tells so before anything is recorded.
    (due,) = list_due(execution_date=LATER_PAY_DAY)
    assert (due.claim.gross, due.kept_back, due.amount) == (2 * MONTH, MONTH, MONTH)
    (payout,) = pay(fred, day=LATER_PAY_DAY, on=LATER).payouts
    assert payout.amount == MONTH
    assert get_open_amount(Recovery.objects.get()) == 0
    assert balance(LedgerEntry.RECOVERABLE) == 0
    check_books()


def test_a_payout_kept_back_in_full_moves_no_money(claim: Claim, vera: User, fred: User) -> None:
    certify(claim.sick_leaves.get(), "2025-05-21", "2025-07-31")
    grant(claim, "2025-05-17", by=vera)
    settle(claim, "2025-05-31")
    report = pay(fred)
    assert (report.order, report.payouts) == (None, ())
    (payout,) = report.set_off
    assert payout.amount == 0
    assert payout.order is None
    kept = MONTH * 15 / 30
    assert get_open_amount(Recovery.objects.get()) == MONTH - kept
    check_books()
    # The slice is paid thereby, and only the rest is kept back of the next.
    settle(claim, "2025-06-30", on=LATER)
    (payout,) = pay(fred, day=LATER_PAY_DAY, on=LATER).payouts
    assert payout.amount == MONTH - (MONTH - kept)
    check_books()


def test_in_instalments_a_part_of_each_payout(claim: Claim, vera: User, fred: User) -> None:
    recovery = recover()
    change_recovery(
        recovery=recovery,
        mode=RecoveryMode.INSTALMENTS,
        instalment=Decimal("100"),
        reason="Auf Wunsch vereinbart",
        user=vera,
        now=at(TODAY),
    )
    reopen(claim, vera)
    (payout,) = pay(fred, day=LATER_PAY_DAY, on=LATER).payouts
    assert payout.amount == 2 * MONTH - 100
    assert get_open_amount(recovery) == MONTH - 100
    check_books()


def test_reclaimed_money_is_not_kept_back_but_transferred(
    claim: Claim, vera: User, fred: User
) -> None:
    recovery = recover()
    change_recovery(
        recovery=recovery,
        mode=RecoveryMode.RECLAIM,
        instalment=None,
        reason="Kein Anspruch mehr",
        user=fred,
        now=at(TODAY),
    )
    reopen(claim, vera)
    (due,) = list_due(execution_date=LATER_PAY_DAY)
    assert due.offsets == ()
    settlement = record_repayment(
        recovery=recovery, amount=Decimal("335"), received_on=LATER, user=fred, now=at(LATER)
    )
    assert settlement.payout is None
    assert get_open_amount(recovery) == 0
    assert balance(LedgerEntry.UNCLEAR) == MONTH
    assert LedgerTransaction.objects.get(kind="REPAYMENT").settlement == settlement
    check_books()


def test_refusals(claim: Claim, vera: User, fred: User) -> None:
    recovery = recover()

    def change(
        mode: RecoveryMode = RecoveryMode.RECLAIM,
        instalment: Decimal | None = None,
        reason: str = "Vereinbart",
        user: User = vera,
    ) -> str:
        with pytest.raises(UnableToRecover) as refused:
            change_recovery(
                recovery=recovery,
                mode=mode,
                instalment=instalment,
                reason=reason,
                user=user,
                now=at(TODAY),
            )
        return refused.value.code

    def repay(amount: str, day: date = TODAY, user: User = fred) -> str:
        with pytest.raises(UnableToRecover) as refused:
            record_repayment(
                recovery=recovery, amount=Decimal(amount), received_on=day, user=user, now=at(TODAY)
            )
        return refused.value.code

    assert change(reason=" ") == "REASON_MISSING"
    assert change(reason="wegen Depression F32.1") == "MEDICAL_TEXT"
    assert change(RecoveryMode.INSTALMENTS) == "INSTALMENT_MISSING"
    assert change(user=User.objects.create_user("stranger")) == "NOT_ALLOWED"
    assert repay("0") == "AMOUNT_RANGE"
    assert repay("335.01") == "MORE_THAN_OPEN"
    assert repay("1", day=PAY_DAY) == "IN_FUTURE"
    assert repay("1", user=vera) == "NOT_ALLOWED"
    record_repayment(recovery=recovery, amount=MONTH, received_on=TODAY, user=fred, now=at(TODAY))
    assert change() == "NOTHING_OPEN"
    recovery.refresh_from_db()
    assert (recovery.mode, recovery.decided_by) == ("offset", None)


def test_a_returned_payout_owes_again_what_it_had_kept_back(
    claim: Claim, vera: User, fred: User
) -> None:
    reopen(claim, vera)
    gina = User.objects.get(username="gina")
    order = send(fred, gina, day=LATER_PAY_DAY, on=LATER)
    recovery = Recovery.objects.get()
    assert get_open_amount(recovery) == 0
    record_return(
        payout=order.payouts.get(),
        returned_on=LATER_PAY_DAY,
        code=ReturnCode.MS03,
        user=fred,
        now=at(LATER_PAY_DAY),
    )
    assert get_open_amount(recovery) == MONTH
    check_books()
    again = pay(fred, day=date(2025, 7, 8), on="2025-07-07")
    assert [payout.amount for payout in again.payouts] == [MONTH]
    assert get_open_amount(recovery) == 0
    check_books()


@pytest.mark.parametrize("recorded", ["before the return", "with the return"])
def test_nobody_owes_what_was_cancelled_and_came_back(
    recorded: str, claim: Claim, fred: User
) -> None:
    if recorded == "before the return":
        recover()
    payout = claim.payouts.get()
    record_return(
        payout=payout, returned_on=PAY_DAY, code=ReturnCode.MS03, user=fred, now=at(PAY_DAY)
    )
    assert record_recoveries(now=at(PAY_DAY)) == ()
    assert balance(LedgerEntry.RECOVERABLE) == 0
    (due,) = list_due(execution_date=LATER_PAY_DAY)
    assert due.amount == payout.amount - MONTH
    assert balance(LedgerEntry.UNPAID_BENEFIT) == -due.amount
    check_books()
    pay(fred, day=LATER_PAY_DAY, on=LATER)
    check_books()


def test_the_database_refuses_more_than_is_owed(claim: Claim) -> None:
    recovery = recover()

    def settle_by(amount: Decimal) -> None:
        RecoverySettlement.objects.create(recovery=recovery, received_on=TODAY, amount=amount)
        check_now()

    with pytest.raises(DatabaseError, match="more was settled"), transaction.atomic():
        settle_by(MONTH + 1)
    with pytest.raises(DatabaseError, match="recovery_settlement_amount"), transaction.atomic():
        settle_by(Decimal(0))
    with pytest.raises(DatabaseError), transaction.atomic():
        Recovery.objects.update(amount=1)
    with pytest.raises(DatabaseError, match="recovery_instalment"), transaction.atomic():
        Recovery.objects.update(mode="instalments")
    with pytest.raises(DatabaseError), transaction.atomic():
        Recovery.objects.all().delete()
