"""Why a contract's statement differs from the one before: kinds, days, bands, months, amounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from aupolicy.facts import Party
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from aupolicy.operations import Terms, agree_terms, receive_cancellation
from billing.facts.line_reasons import Reason, ReasonKind
from billing.models import BillingRun
from billing.queries.contract_difference import compare_contract, explain_contract
from billing.queries.run_preview import PreviewFilter, count_reasons, list_contracts_of_run
from members.facts import EndReason, NoticeKind
from tests.laws.world import agree, at, bill, notice, preview, tell

pytestmark = pytest.mark.django_db
JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
Kind = ReasonKind


def reasons(run: BillingRun, contract: GroupContract) -> dict[str, list[Reason]]:
    """The reasons by personnel number; they are checked to add up."""
    compared = compare_contract(run, contract)
    found = explain_contract(compared)
    assert sum(part.amount for part in found.sums) == compared.difference
    for person in found.people:
        assert sum(reason.amount for reason in person.reasons) == person.difference
    return {person.personnel_number: list(person.reasons) for person in found.people}


def of_kind(found: list[Reason]) -> list[tuple[str, date | None, int, str]]:
    return [(r.kind.value, r.day, r.months, str(r.amount)) for r in found]


@pytest.fixture
def contract() -> GroupContract:
    """Three people, billed for January and February."""
    contract = agree(start=JAN)
    tell(contract, *(notice("JOIN", number, JAN, "2400") for number in "123"))
    bill("2026-01")
    bill("2026-02")
    return contract


def test_without_a_change_there_is_no_reason(contract: GroupContract) -> None:
    assert reasons(preview("2026-03"), contract) == {}


def test_a_pay_change_names_its_day_its_bands_and_the_months_it_reaches(
    contract: GroupContract,
) -> None:
    tell(contract, notice("PAY_CHANGE", "1", date(2026, 1, 10), "2600", received=MAR))
    (found,) = reasons(preview("2026-03"), contract)["1"]
    # January keeps the pay of its first day; February and March cost 14.80 instead of 13.00.
    assert (found.kind, found.day, found.months) == (Kind.PAY_CHANGE, date(2026, 1, 10), 1)
    assert (found.band_before, found.band, found.amount) == (4, 5, Decimal("3.60"))


def test_a_late_joiner_and_a_late_leaver(contract: GroupContract) -> None:
    tell(
        contract,
        notice("JOIN", "4", date(2026, 2, 15), "2400", received=MAR),
        notice("LEAVE", "2", date(2026, 2, 14), received=MAR),
        notice("LEAVE", "3", date(2026, 3, 15), received=MAR),
    )
    found = reasons(preview("2026-03"), contract)
    assert of_kind(found["4"]) == [("JOIN", date(2026, 2, 15), 1, "19.07")]
    # 13.00 - 6.07 back for February, and no March.
    assert of_kind(found["2"]) == [("LEAVE", date(2026, 2, 14), 1, "-19.93")]
    assert of_kind(found["3"]) == [("LEAVE", date(2026, 3, 15), 0, "-6.50")]


def test_the_month_after_a_part_and_after_a_correction(contract: GroupContract) -> None:
    tell(
        contract,
        notice("JOIN", "4", date(2026, 3, 16), "2400", received=MAR),
        notice("LEAVE", "2", date(2026, 2, 14), received=MAR),
    )
    bill("2026-03")
    found = reasons(preview("2026-04"), contract)
    # 16 of 31 days in March: 6.93. The credit for February does not come again.
    assert of_kind(found["4"]) == [("FULL_MONTH", date(2026, 3, 16), 0, "6.07")]
    assert of_kind(found["2"]) == [("ONE_OFF", None, 0, "6.93")]


def test_pay_and_days_that_change_together_are_two_reasons(contract: GroupContract) -> None:
    tell(contract, notice("JOIN", "4", date(2026, 2, 15), "2400"))
    # Nobody knew in February.
    bill("2026-03")
    tell(contract, notice("JOIN", "5", date(2026, 3, 16), "2400"))
    tell(contract, notice("PAY_CHANGE", "5", APR, "2600", received=APR))
    bill("2026-04")
    run = BillingRun.objects.get(month=APR)
    assert of_kind(reasons(run, contract)["5"]) == [
        ("JOIN", date(2026, 3, 16), 1, "21.73")
    ]  # 6.93 for March and 14.80 for April


def test_a_withdrawn_pay_change_says_what_was_withdrawn(contract: GroupContract) -> None:
    change = notice("PAY_CHANGE", "1", FEB, "2600", received=MAR)
    tell(contract, replace(change, reference="A"))
    bill("2026-03")
    correction = notice("CORRECTION", "1", FEB, received=APR)
    tell(contract, replace(correction, corrects="A"))
    found = reasons(preview("2026-04"), contract)["1"]
    # February and March back, April without; the charge for February does not come again.
    assert of_kind(found) == [
        ("WITHDRAWN", FEB, 2, "-5.40"),
        ("ONE_OFF", None, 0, "-1.80"),
    ]
    assert found[0].withdrawn is NoticeKind.PAY_CHANGE


def test_a_leave_with_its_reason_and_the_return(contract: GroupContract) -> None:
    leave = notice("PARENTAL_LEAVE", "1", MAR, received=FEB)
    tell(contract, leave)
    run = bill("2026-03")
    assert of_kind(reasons(run, contract)["1"]) == [
        ("PARENTAL_LEAVE", date(2026, 2, 28), 0, "-13.00")
    ]
    tell(contract, notice("RETURN", "1", APR, received=MAR))
    assert of_kind(reasons(preview("2026-04"), contract)["1"]) == [("RETURN", APR, 0, "13.00")]


def test_a_new_contract_and_one_that_ends(contract: GroupContract) -> None:
    fresh = agree(start=FEB)
    tell(fresh, notice("JOIN", "1", FEB, "2400"), notice("JOIN", "2", date(2026, 2, 15), "2400"))
    run = bill("2026-03")
    found = reasons(run, fresh)
    assert of_kind(found["1"]) == [("CONTRACT_BEGIN", FEB, 0, "26.00")]
    assert of_kind(found["2"]) == [("JOIN", date(2026, 2, 15), 0, "19.07")]
    receive_cancellation(
        contract=contract, party=Party.POLICYHOLDER, received_at=at(APR),
        document_name="k.pdf", document=b"k",
    )  # fmt: skip
    contract.refresh_from_db()
    last = contract.period.last_day
    assert last is not None
    month = Month.of(last)
    bill(str(month))
    gone = preview(str(month.plus(1)))
    ended = reasons(gone, contract)
    assert {r.kind for each in ended.values() for r in each} <= {Kind.CONTRACT_END, Kind.ONE_OFF}
    assert [r.day for r in ended["1"] if r.kind is Kind.CONTRACT_END] == [last]
    rows = list_contracts_of_run(
        gone, BillingRun.objects.get(month=month.first_day), PreviewFilter(show="gone")
    )
    assert [row.contract_id for row in rows] == [contract.pk]


def test_new_terms_are_a_reason_of_their_own(contract: GroupContract) -> None:
    agree_terms(contract=contract, terms=Terms("percent-2026"), first_day=MAR)
    run = preview("2026-03")
    found = reasons(run, contract)
    assert {(r.kind, r.day) for each in found.values() for r in each} == {(Kind.TERMS, MAR)}
    previous = BillingRun.objects.get(month=FEB)
    assert count_reasons(run, previous, [contract.pk])[contract.pk]["terms"] == 1


def test_an_older_statement_keeps_its_reasons(contract: GroupContract) -> None:
    tell(contract, notice("PAY_CHANGE", "1", MAR, "2600", received=FEB))
    run = bill("2026-03")
    before = reasons(run, contract)
    leave = notice("LEAVE", "1", date(2026, 1, 15), received=APR)
    tell(contract, replace(leave, reason=EndReason.EMPLOYMENT_ENDED))
    bill("2026-04")
    assert reasons(run, contract) == before
