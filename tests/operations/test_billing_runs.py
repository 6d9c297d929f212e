"""Billing runs: what they charge, in which order they may come, and what they leave alone."""

import copy
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from aupolicy.facts import Party, Tariff
from aupolicy.kernel.month import Month
from aupolicy.operations import Terms, agree_terms, receive_cancellation
from aupolicy.parsing import TARIFF_FOLDER, load_yaml, parse_tariff
from aupolicy.queries import agreement as queries
from billing.models import BillingRun, LedgerTransaction, NumberSeries, PremiumLine, Statement
from billing.operations import (
    UnableToStartRun,
    discard_run,
    fill_slice,
    post_run,
    request_posting,
    start_run,
)
from billing.queries.expected_run import compute_expected_run
from billing.queries.run_digest import compute_run_digest
from billing.queries.runs import get_run_progress, get_run_sum
from tests.laws.world import agree, at, bill, check_books, notice, preview, read_charges, tell

pytestmark = pytest.mark.django_db
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def charges() -> dict[tuple[str, str], str]:
    """Charges by person and month, written as text."""
    return {(person, str(month)): str(amount) for (_, person, month), amount in _charges()}


def _charges() -> list[tuple[tuple[int, str, Month], Decimal]]:
    return sorted(read_charges().items(), key=lambda item: item[0][1:])


def test_a_month_is_charged_booked_and_numbered() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", date(2026, 1, 17), "6000"))
    run = bill("2026-01")
    # 15 of 30 days of 19.10 in the second line.
    assert charges() == {("1", "2026-01"): "13.00", ("2", "2026-01"): "9.55"}
    statement = Statement.objects.get()
    assert (statement.number, statement.total) == ("AB-2026-0000001", Decimal("22.55"))
    assert (statement.line_count, statement.insured_count) == (2, 2)
    assert statement.payroll == Decimal("8400.00")
    assert run.posted_at is not None
    assert check_books() == Decimal("22.55")


def test_each_line_tells_from_what_it_follows() -> None:
    contract = agree(start=JAN)
    tell(
        contract,
        notice("JOIN", "1", JAN, "2400"),
        notice("PAY_CHANGE", "1", date(2026, 1, 11), "9000"),
        notice("LEAVE", "1", date(2026, 1, 20)),
    )
    bill("2026-01")
    line = PremiumLine.objects.get()
    # The pay of the first covered day prices the month: band 4, 20 of 30 days of 13.00.
    assert (line.pay, line.band, line.covered_days) == (Decimal("2400.00"), 4, 20)
    assert line.amount == Decimal("8.67")
    assert line.tariff is not None
    assert (line.tariff.key, line.tariff.valid_from) == ("bau-2016", date(2016, 8, 1))


def test_a_contract_without_people_gets_no_statement() -> None:
    agree(start=JAN)
    run = bill("2026-01")
    assert (get_run_sum(run).statements, get_run_sum(run).total) == (0, Decimal("0.00"))
    assert not Statement.objects.exists()


def test_a_contract_that_begins_later_waits() -> None:
    contract = agree(start=FEB)
    tell(contract, notice("JOIN", "1", FEB, "2400"))
    bill("2026-01")
    assert charges() == {}
    bill("2026-02")
    assert charges() == {("1", "2026-02"): "13.00"}


def test_months_without_a_run_are_charged_with_the_next() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    bill("2026-03")
    assert charges() == {("1", month): "13.00" for month in ("2026-01", "2026-02", "2026-03")}
    statement = Statement.objects.get()
    assert (statement.line_count, statement.insured_count) == (3, 1)
    # Insured and payroll are those of the run's own month.
    assert statement.payroll == Decimal("2400.00")


def test_a_late_leaver_gets_the_difference_back() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "2400"))
    bill("2026-01")
    bill("2026-02")
    tell(contract, notice("LEAVE", "1", date(2026, 1, 15), received=MAR))
    bill("2026-03")
    third = Statement.objects.get(month=MAR)
    assert (third.total, third.line_count, third.insured_count) == (Decimal("-6.50"), 3, 1)
    assert charges() == {
        ("1", "2026-01"): "6.50",
        ("2", "2026-01"): "13.00",
        ("2", "2026-02"): "13.00",
        ("2", "2026-03"): "13.00",
    }
    gone = PremiumLine.objects.get(covered_month=FEB, amount__lt=0)
    assert (gone.covered_days, gone.pay, gone.band) == (0, None, None)
    check_books()


def test_a_run_of_a_month_that_is_billed_changes_nothing() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    first = bill("2026-01")
    before = list(PremiumLine.objects.values())
    again = bill("2026-01")
    assert (again.pk, again.posted_at) == (first.pk, first.posted_at)
    assert list(PremiumLine.objects.values()) == before
    assert (Statement.objects.count(), LedgerTransaction.objects.count()) == (1, 1)


def test_a_second_start_returns_the_same_run() -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"))
    first = start_run(month=Month(2026, 1), now=at(JAN))
    second = start_run(month=Month(2026, 1), now=at(FEB), post=True)
    assert (second.pk, second.started_at) == (first.pk, first.started_at)
    assert second.posting_requested_at is None
    assert second.slices.count() == 1


def test_a_run_that_waits_to_be_posted_holds_up_the_next_month() -> None:
    preview("2026-01")
    with pytest.raises(UnableToStartRun) as refused:
        start_run(month=Month(2026, 2), now=at(FEB))
    assert (refused.value.code, refused.value.params) == ("RUN_NOT_POSTED", {"month": "2026-01"})
    assert BillingRun.objects.count() == 1


def test_an_earlier_month_is_not_billed_after_a_later_one() -> None:
    bill("2026-02")
    with pytest.raises(UnableToStartRun) as refused:
        start_run(month=Month(2026, 1), now=at(FEB))
    assert (refused.value.code, refused.value.params) == (
        "LATER_MONTH_BILLED",
        {"month": "2026-02"},
    )


def test_runs_of_another_kind_go_their_own_way() -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"))
    bill("2026-02")
    other = start_run(month=Month(2026, 1), now=at(JAN), kind="rehearsal", contracts=[])
    assert (other.kind, other.slices.count()) == ("rehearsal", 0)


def test_a_preview_can_be_thrown_away_and_made_again() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    run = preview("2026-01")
    assert Statement.objects.get().number is None
    discard_run(run=run)
    assert not BillingRun.objects.exists()
    assert not Statement.objects.exists()
    tell(contract, notice("JOIN", "2", JAN, "2400"))
    bill("2026-01")
    assert Statement.objects.get().total == Decimal("26.00")


def test_a_posted_run_cannot_be_thrown_away() -> None:
    run = bill("2026-01")
    with pytest.raises(UnableToStartRun) as refused:
        discard_run(run=run)
    assert refused.value.code == "RUN_POSTED"
    assert BillingRun.objects.get() == run


def test_a_run_is_posted_only_when_wanted_and_only_when_filled() -> None:
    tell(agree(start=JAN), notice("JOIN", "1", JAN, "2400"))
    run = start_run(month=Month(2026, 1), now=at(JAN))
    assert not request_posting(run=run, now=at(JAN)).posted_at
    assert get_run_progress(run).posting_requested
    assert fill_slice(run=run, now=at(JAN))
    assert not fill_slice(run=run, now=at(JAN))
    assert post_run(run=run, now=at(JAN))
    assert not post_run(run=run, now=at(FEB))
    run.refresh_from_db()
    assert run.posted_at == at(JAN)


def test_numbers_have_no_gaps_over_runs_and_begin_anew_each_year() -> None:
    for _ in range(3):
        tell(agree(start=date(2026, 11, 1)), notice("JOIN", "1", date(2026, 11, 1), "2400"))
    bill("2026-11")
    discard_run(run=preview("2026-12"))
    bill("2026-12")
    bill("2027-01")
    numbers = list(Statement.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"AB-2026-{n:07d}" for n in range(1, 7)] + [
        f"AB-2027-{n:07d}" for n in range(1, 4)
    ]
    assert dict(NumberSeries.objects.values_list("key", "last")) == {
        "statement-2026": 6,
        "statement-2027": 3,
    }


def test_slices_cover_every_contract_once() -> None:
    contracts = [agree(start=JAN) for _ in range(5)]
    for contract in contracts:
        tell(contract, *(notice("JOIN", str(person), JAN, "2400") for person in range(4)))
    run = preview("2026-01", slice_members=6)
    progress = get_run_progress(run)
    assert (progress.slices, progress.members, progress.members_done) == (3, 20, 20)
    run = request_posting(run=run, now=at(JAN))
    assert sorted(Statement.objects.values_list("contract_id", flat=True)) == [
        contract.pk for contract in contracts
    ]


def test_a_changed_tariff_leaves_earlier_months_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tariff = write_dearer_tariff(tmp_path, MAR)
    monkeypatch.setattr(queries, "tariffs", lambda: {tariff.key: tariff})
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    bill("2026-01")
    bill("2026-03")
    assert charges() == {
        ("1", "2026-01"): "13.00",
        ("1", "2026-02"): "13.00",
        ("1", "2026-03"): "14.00",
    }
    # Known late, charged by the tariff of its month.
    tell(contract, notice("JOIN", "2", FEB, "2400", received=date(2026, 4, 1)))
    bill("2026-04")
    assert charges()["2", "2026-02"] == "13.00"
    assert charges()["2", "2026-03"] == "14.00"
    tariffs = PremiumLine.objects.order_by("covered_month").values_list(
        "covered_month", "tariff__valid_from"
    )
    assert {month: valid_from for month, valid_from in tariffs if month >= FEB} == {
        FEB: date(2016, 8, 1),
        MAR: MAR,
        date(2026, 4, 1): MAR,
    }


def write_dearer_tariff(folder: Path, day: date) -> Tariff:
    """The banded tariff from a file with a second version from a day on, each band a euro more."""
    data = load_yaml((TARIFF_FOLDER / "bau-2016.yaml").read_text(encoding="utf-8"))
    version = copy.deepcopy(data["versions"][0])
    version["valid_from"] = day.isoformat()
    for band in version["bands"]:
        band["premium"]["value"] = str(Decimal(band["premium"]["value"]) + 1)
    data["versions"].append(version)
    path = folder / "bau-2016.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return parse_tariff(path)


def test_new_terms_price_the_months_from_their_day_on() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    bill("2026-01")
    agree_terms(contract=contract, first_day=MAR, terms=Terms("percent-2026"))
    bill("2026-03")
    assert charges() == {
        ("1", "2026-01"): "13.00",
        ("1", "2026-02"): "13.00",
        ("1", "2026-03"): "12.00",
    }


def test_nothing_is_charged_after_the_contract_has_ended() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    receive_cancellation(
        contract=contract,
        party=Party.POLICYHOLDER,
        received_at=at(FEB),
        document_name="Kündigung.pdf",
        document=b"Hiermit ...",
    )
    bill("2027-02")
    months = {month for _, month in charges()}
    assert months == {f"2026-{number:02d}" for number in range(1, 13)}


def test_a_notice_between_filling_and_posting_belongs_to_the_next_run() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"))
    run = preview("2026-01")
    tell(contract, notice("JOIN", "2", JAN, "2400"))
    request_posting(run=run, now=at(JAN))
    assert charges() == {("1", "2026-01"): "13.00"}
    bill("2026-02")
    assert charges() == {
        (person, month): "13.00" for person in ("1", "2") for month in ("2026-01", "2026-02")
    }


def test_what_a_run_would_charge_is_known_before_without_writing() -> None:
    contract, late = agree(start=JAN), agree(start=JAN)
    tell(contract, notice("JOIN", "1", JAN, "2400"), notice("JOIN", "2", JAN, "2400"))
    bill("2026-01")
    # February's pay rise from January on, a new contract with two months, and somebody who left.
    tell(contract, notice("PAY_CHANGE", "1", JAN, "6000"), notice("LEAVE", "2", JAN))
    tell(late, notice("JOIN", "3", JAN, "900"))
    before = Statement.objects.count()
    expected = compute_expected_run(month=Month(2026, 2))
    assert (expected.lines, Statement.objects.count()) == (5, before)
    run = bill("2026-02")
    lines = PremiumLine.objects.filter(run=run)
    assert (expected.lines, expected.premium) == (
        lines.count(),
        sum((line.amount for line in lines), start=Decimal(0)),
    )
    billed = lines.filter(contract=contract, covered_month=JAN)
    assert expected.corrections == sum((line.amount for line in billed), start=Decimal(0))
    assert run.digest == compute_run_digest(run=run)
