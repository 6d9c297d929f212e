"""Paying out: what, to whom, once, released by a second person, and what the database refuses."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.models import GroupContract, User, WorkItem
from billing.exports.pain001_check import read_control, validate_against_schema
from billing.facts.recovery import ReturnCode
from billing.models import LedgerEntry, Payout, PayoutOrder
from billing.operations.payout_returns import UnableToReturn, discard_order, record_return
from billing.operations.payouts import (
    UnableToPay,
    create_order,
    read_order_file,
    record_verification,
    release_order,
)
from billing.queries.payouts import WaitReason, list_due, list_waiting
from claims.models import BenefitSlice, Claim
from tests.claims.granting import grant
from tests.claims.paying import (
    IBAN,
    INSURER,
    OTHER_IBAN,
    PAY_DAY,
    TODAY,
    balance,
    check_books,
    end_benefit,
    give_payee,
    make_finance,
    pay,
    send,
    settle,
)
from tests.claims.world import at, insure, sick

pytestmark = pytest.mark.django_db
# February (17 days), March and April 2025 of a sum of 335 EUR.
OWED = Decimal("859.83")


@pytest.fixture
def gina() -> User:
    return make_finance("gina")


@pytest.fixture
def claim(contract: GroupContract, vera: User) -> Claim:
    """Sick from January, benefit since 12 February 2025, computed through April."""
    return fall_ill(contract, vera, "17")


def fall_ill(contract: GroupContract, vera: User, number: str) -> Claim:
    leave = sick(insure(contract, number), "2025-01-01", "2025-05-20")
    grant(leave.claim, "2025-02-12", by=vera)
    settle(leave.claim, "2025-04-30")
    return leave.claim


def test_all_that_is_due_goes_into_one_file(
    contract: GroupContract, claim: Claim, vera: User, fred: User, gina: User
) -> None:
    give_payee(claim)
    other = fall_ill(contract, vera, "18")
    give_payee(other, iban="AT611904300234573201", holder="Jörg Groß")
    order = send(fred, gina)
    assert (order.transfer_count, order.control_sum) == (2, 2 * OWED)
    assert order.message_id == "BAU-L-20250605-0001"
    file = read_order_file(order)
    assert read_control(BytesIO(file)) == (2, 2 * OWED, 2 * OWED)
    text = file.decode()
    assert "<Ustrd>Leistung 02/2025-04/2025 Vertrag T-1</Ustrd>" in text
    assert [part in text for part in ("Zoe Mueller", "Joerg Gross")] == [True, True]
    # Neither the claim nor anything of the illness is told to banks.
    assert claim.number not in text
    assert [payout.end_to_end_id for payout in order.payouts.order_by("pk")] == [
        "BAU-L-20250605-000001",
        "BAU-L-20250605-000002",
    ]
    assert balance(LedgerEntry.BENEFIT) == 2 * OWED == -balance(LedgerEntry.PAYOUTS_IN_TRANSIT)
    check_books()


def test_a_second_call_finds_nothing_and_the_next_month_makes_a_second_file(
    claim: Claim, fred: User
) -> None:
    give_payee(claim)
    pay(fred)
    again = pay(fred)
    assert (again.order, again.payouts, again.set_off, again.waiting) == (None, (), (), ())
    settle(claim, "2025-05-31")
    second = pay(fred)
    assert second.order is not None
    assert second.order.message_id == "BAU-L-20250605-0002"
    (payout,) = second.payouts
    assert payout.end_to_end_id == "BAU-L-20250605-000002"
    assert payout.amount == BenefitSlice.objects.get(month=date(2025, 5, 1)).amount
    assert payout.remittance == "Leistung 05/2025 Vertrag T-1"
    check_books()


def test_the_same_facts_make_the_same_file(claim: Claim, fred: User) -> None:
    give_payee(claim)
    with transaction.atomic():
        first = pay(fred).order
        transaction.set_rollback(True)
    second = pay(fred).order
    assert first is not None
    assert second is not None
    assert first.file_sha256 == second.file_sha256


def test_banks_move_money_on_their_days_only_and_not_in_the_past(claim: Claim, fred: User) -> None:
    give_payee(claim)
    saturday = date(2025, 6, 7)
    assert pay(fred, day=saturday).execution_date == date(2025, 6, 9)
    with pytest.raises(UnableToPay) as refused:
        pay(fred, day=TODAY - timedelta(days=1))
    assert refused.value.code == "PAST"


def test_only_finance_pays(claim: Claim, vera: User) -> None:
    give_payee(claim)
    with pytest.raises(UnableToPay) as refused:
        pay(vera)
    assert refused.value.code == "NOT_ALLOWED"
    assert not PayoutOrder.objects.exists()


def test_what_waits_and_why(claim: Claim, fred: User) -> None:
    def waits() -> list[WaitReason]:
        assert list_due(execution_date=PAY_DAY) == []
        return [waiting.reason for waiting in list_waiting(execution_date=PAY_DAY)]

    assert waits() == [WaitReason.NO_ACCOUNT]
    payee = give_payee(claim, checked=None)
    assert waits() == [WaitReason.NOT_CHECKED]
    report = pay(fred)
    assert (report.order, [w.claim.gross for w in report.waiting]) == (None, [OWED])
    payee.checked_at = at(TODAY)
    payee.iban = "CH9300762011623852957"
    payee.save()
    assert waits() == [WaitReason.NOT_REACHABLE]
    payee.bic = "POFICHBEXXX"
    payee.save()
    assert [due.amount for due in list_due(execution_date=PAY_DAY)] == [OWED]


def test_the_account_of_the_execution_day_counts(claim: Claim) -> None:
    give_payee(claim)
    give_payee(claim, iban=OTHER_IBAN, since=PAY_DAY)
    before = list_due(execution_date=PAY_DAY - timedelta(days=1))
    assert [due.iban for due in before] == [IBAN]
    assert [due.iban for due in list_due(execution_date=PAY_DAY)] == [OTHER_IBAN]


def test_two_claims_of_one_person_are_paid_separately(
    contract: GroupContract, claim: Claim, vera: User, fred: User
) -> None:
    give_payee(claim)
    later = sick(claim.person, "2025-05-25", "2025-09-30")
    grant(later.claim, "2025-07-06", by=vera)
    settle(later.claim, "2025-07-31", on="2025-08-01")
    give_payee(later.claim)
    report = pay(fred, day=date(2025, 8, 4), on="2025-08-01")
    assert [payout.claim_id for payout in report.payouts] == [claim.pk, later.claim_id]
    check_books()


def test_a_second_person_releases(claim: Claim, vera: User, fred: User, gina: User) -> None:
    give_payee(claim)
    order = pay(fred).order
    assert order is not None
    with pytest.raises(UnableToPay, match="NOT_RELEASED"):
        read_order_file(order)
    for user, code in ((fred, "SAME_PERSON"), (vera, "NOT_ALLOWED")):
        with pytest.raises(UnableToPay) as refused:
            release_order(order=order, user=user, now=at(TODAY))
        assert refused.value.code == code
    with pytest.raises(UnableToPay, match="PAST"):
        release_order(order=order, user=gina, now=at(PAY_DAY + timedelta(days=1)))
    released = release_order(order=order, user=gina, now=at(TODAY))
    assert released.released_by == gina
    with pytest.raises(UnableToPay, match="RELEASED"):
        release_order(order=order, user=gina, now=at(TODAY))
    with pytest.raises(UnableToPay, match="RELEASED"):
        discard_order(order=order, user=gina, now=at(TODAY))


def test_the_bank_warns_of_names(claim: Claim, fred: User, gina: User) -> None:
    give_payee(claim)
    order = pay(fred).order
    assert order is not None
    (payout,) = order.payouts.all()
    with pytest.raises(UnableToPay, match="RESULT_UNKNOWN"):
        record_verification(payout=payout, result="XXXX", user=fred, now=at(TODAY))
    record_verification(payout=payout, result="RVNM", user=fred, now=at(TODAY))
    with pytest.raises(UnableToPay) as refused:
        release_order(order=order, user=gina, now=at(TODAY))
    assert (refused.value.code, refused.value.params) == ("NAME_MISMATCH", {"count": 1})
    release_order(order=order, user=gina, now=at(TODAY), despite_names=True)
    record_verification(
        payout=payout, result="RVMC", name="Zoe Mueller-Groß", user=fred, now=at(TODAY)
    )
    assert Payout.objects.get().verified_name == "Zoe Mueller-Groß"


def test_a_slice_cancelled_after_the_order_is_not_sent(
    claim: Claim, vera: User, fred: User, gina: User
) -> None:
    give_payee(claim)
    order = pay(fred).order
    assert order is not None
    end_benefit(claim, "2025-04-01", by=vera)
    with pytest.raises(UnableToPay) as refused:
        release_order(order=order, user=gina, now=at(TODAY))
    assert (refused.value.code, refused.value.params) == ("SLICES_CANCELLED", {"count": 1})
    discard_order(order=order, user=gina, now=at(TODAY))
    check_books()
    again = pay(fred)
    assert [payout.amount for payout in again.payouts] == [OWED - Decimal("335.00")]
    check_books()
    with pytest.raises(UnableToPay, match="DISCARDED"):
        release_order(order=order, user=gina, now=at(TODAY))


def test_a_payout_comes_back_and_is_paid_again(
    claim: Claim, vera: User, fred: User, gina: User
) -> None:
    give_payee(claim)
    (payout,) = send(fred, gina).payouts.all()
    record_return(
        payout=payout, returned_on=PAY_DAY, code=ReturnCode.MS03, user=fred, now=at(PAY_DAY)
    )
    assert balance(LedgerEntry.UNPAID_BENEFIT) == -OWED
    assert balance(LedgerEntry.PAYOUTS_IN_TRANSIT) == 0
    check_books()
    item = WorkItem.objects.get(kind=WorkItem.Kind.PAYOUT)
    assert (item.subject, item.title, item.employer) == (claim.pk, claim.number, None)
    with pytest.raises(UnableToReturn, match="ALREADY_RETURNED"):
        record_return(
            payout=payout, returned_on=PAY_DAY, code=ReturnCode.MS03, user=fred, now=at(PAY_DAY)
        )
    again = pay(fred, day=date(2025, 6, 10), on="2025-06-06")
    assert [payout.amount for payout in again.payouts] == [OWED]
    item.refresh_from_db()
    assert item.done_by == fred
    # It is no expense a second time.
    assert balance(LedgerEntry.BENEFIT) == OWED
    assert balance(LedgerEntry.UNPAID_BENEFIT) == 0
    check_books()


@pytest.mark.parametrize("code", [ReturnCode.AC01, ReturnCode.AC04, ReturnCode.AC06])
def test_an_account_that_failed_must_be_replaced_or_looked_at_again(
    code: ReturnCode, claim: Claim, fred: User, gina: User
) -> None:
    payee = give_payee(claim)
    (payout,) = send(fred, gina).payouts.all()
    record_return(payout=payout, returned_on=PAY_DAY, code=code, user=fred, now=at(PAY_DAY))
    next_day = date(2025, 6, 10)
    assert [w.reason for w in list_waiting(execution_date=next_day)] == [WaitReason.ACCOUNT_FAILED]
    payee.checked_at = at(PAY_DAY + timedelta(days=1))
    payee.save()
    assert [due.iban for due in list_due(execution_date=next_day)] == [IBAN]
    payee.checked_at = at(PAY_DAY)
    payee.save()
    give_payee(claim, iban=OTHER_IBAN, since="2025-06-06", checked=PAY_DAY)
    assert [due.iban for due in list_due(execution_date=next_day)] == [OTHER_IBAN]


def test_what_cannot_have_come_back(claim: Claim, vera: User, fred: User, gina: User) -> None:
    give_payee(claim)
    order = pay(fred).order
    assert order is not None
    (payout,) = order.payouts.all()

    def refusal(day: date = PAY_DAY, code: str = "AC04", user: User = fred) -> str:
        with pytest.raises(UnableToReturn) as refused:
            record_return(payout=payout, returned_on=day, code=code, user=user, now=at(PAY_DAY))
        return refused.value.code

    assert refusal() == "NOT_RELEASED"
    release_order(order=order, user=gina, now=at(TODAY))
    assert refusal(user=vera) == "NOT_ALLOWED"
    assert refusal(code="XX99") == "CODE_UNKNOWN"
    assert refusal(day=PAY_DAY + timedelta(days=1)) == "IN_FUTURE"
    assert refusal(day=TODAY) == "BEFORE_EXECUTION"
    check_books()


def test_an_order_that_breaks_a_rule_of_the_banks_pays_nothing(claim: Claim, fred: User) -> None:
    give_payee(claim)
    broken = INSURER.__class__("???", INSURER.identifier, INSURER.iban)
    with pytest.raises(ValueError, match="payer_name"), transaction.atomic():
        create_order(execution_date=PAY_DAY, user=fred, now=at(TODAY), debtor=broken)
    assert not Payout.objects.exists()
    assert [due.amount for due in list_due(execution_date=PAY_DAY)] == [OWED]


def test_the_command_orders_and_another_person_releases(
    claim: Claim, fred: User, gina: User, tmp_path: Path
) -> None:
    give_payee(claim)
    day = next_target_day(timezone.localdate() + timedelta(days=2)).isoformat()
    file = tmp_path / "out" / "payouts.xml"

    def call(*arguments: str) -> str:
        out = StringIO()
        call_command("pay_benefits", *arguments, stdout=out)
        return out.getvalue()

    assert "eine Überweisung über 859,83 €" in call("--user", "fred", "--day", day)
    assert "nichts zu überweisen" in call("--user", "fred", "--day", day)
    message = PayoutOrder.objects.get().message_id
    with pytest.raises(CommandError, match="jemand anderes"):
        call("--user", "fred", "--release", message)
    call("--user", "gina", "--release", message, "--out", str(file))
    validate_against_schema(file)
    with pytest.raises(CommandError, match="gibt es nicht"):
        call("--user", "nobody", "--day", day)
