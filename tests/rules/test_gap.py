"""Statutory sick pay, the gap it leaves, and what a quote shows."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.facts import TariffVersion
from aupolicy.facts.payroll import (
    FigureKey,
    Gap,
    GapNote,
    InputKey,
    PayProfile,
    PayrollParameters,
    SickPay,
    TaxClass,
)
from aupolicy.parsing import TARIFF_FOLDER, parse_payroll_parameters, parse_tariff
from aupolicy.rules import (
    NotSubjectToInsurance,
    compute_gap,
    compute_net_pay,
    compute_price,
    compute_quote,
    compute_quote_figures,
    compute_statutory_sick_pay,
)

LAW_2026 = parse_payroll_parameters(TARIFF_FOLDER / "payroll-2026.yaml")
BANDED = parse_tariff(TARIFF_FOLDER / "bau-2016.yaml").versions[0]
PERCENT = parse_tariff(TARIFF_FOLDER / "percent-2026.yaml").versions[0]
SINGLE, PARENT = PayProfile(TaxClass.ONE), PayProfile(TaxClass.ONE, children=1)
PAYS = st.decimals(min_value=Decimal("603.01"), max_value=40_000, places=2)
PROFILES = st.builds(
    PayProfile,
    tax_class=st.sampled_from(TaxClass),
    church_tax_percent=st.sampled_from([None, Decimal(9)]),
    children=st.integers(0, 6),
)


def law(ceiling: str, **rates: str) -> PayrollParameters:
    """The rules of today with the rates and the ceiling of another year."""
    contributions = replace(
        LAW_2026.contributions,
        health_ceiling=Decimal(ceiling),
        **{name: Decimal(value) for name, value in rates.items()},
    )
    return replace(LAW_2026, contributions=contributions)


LAW_2013 = law("3937.50", pension="18.9", unemployment="3.0", care="2.05", care_childless="0.25")
LAW_2018 = law("4425.00", pension="18.6", unemployment="2.5", care="3.05", care_childless="0.25")
LAW_2023 = law("4987.50", care="3.4")


def sick_pay(
    gross: str, net: str, profile: PayProfile = PARENT, *, parameters: PayrollParameters = LAW_2026
) -> SickPay:
    return compute_statutory_sick_pay(
        Decimal(gross), Decimal(net), profile=profile, parameters=parameters
    )


def gap(gross: str, profile: PayProfile = SINGLE) -> Gap:
    return compute_gap(Decimal(gross), profile=profile, tariff=BANDED, parameters=LAW_2026)


def test_deductions_of_a_decided_case() -> None:
    # LSG Baden-Württemberg, L 5 KR 3231/21: 99.52 gross, 1.52 + 9.26 + 1.24, 87.50 paid out.
    # The monthly amounts are constructed so that 70 percent of gross comes to 99.52.
    found = sick_pay("4265.10", "3400.00", parameters=LAW_2018)
    assert found.gross == Decimal("99.52")
    assert found.care == Decimal("1.52")
    assert found.pension == Decimal("9.26")
    assert found.unemployment == Decimal("1.24")
    assert found.net == Decimal("87.50")


def test_limit_by_net_pay_and_surcharge_of_the_childless_of_a_decided_case() -> None:
    # LSG Baden-Württemberg, 8 December 2015, L 11 KR 2575/15: 2,000.00 gross and 1,366.09 net
    # in May 2013 came to 40.99 gross and 35.96 net a day.
    found = sick_pay("2000.00", "1366.09", SINGLE, parameters=LAW_2013)
    assert found.limited_by_net
    assert (found.gross, found.net) == (Decimal("40.99"), Decimal("35.96"))


def test_discount_for_children_as_the_commentary_computes_it() -> None:
    # Haufe HI15794139: 60.00 sick pay, three children, 1.7 - 0.5 = 1.2 percent: 0.72.
    # The net pay is constructed: 90 percent of 66.67 a day are 60.00.
    found = sick_pay(
        "3000.00", "2000.00", PayProfile(TaxClass.ONE, children=3), parameters=LAW_2023
    )
    assert (found.gross, found.care) == (Decimal("60.00"), Decimal("0.72"))


@pytest.mark.parametrize("gross", ["5812.50", "5812.51", "8450.00", "30000.00"])
def test_highest_sick_pay_of_2026(gross: str) -> None:
    assert sick_pay(gross, "29000.00").gross == Decimal("135.63")


def test_sick_pay_just_below_the_ceiling() -> None:
    assert sick_pay("5811.00", "29000.00").gross == Decimal("135.59")  # 70 percent of 193.70


def test_a_month_of_sick_pay_has_thirty_days() -> None:
    found = sick_pay("3000.00", "2054.42", SINGLE)
    assert found.month == found.net * 30 == Decimal("1605.30")


def test_gap_of_three_thousand() -> None:
    found = gap("3000.00")
    assert found.gap == Decimal("2054.42") - Decimal("1605.30") == Decimal("449.12")
    assert (found.band, found.benefit) == (5, Decimal("385.00"))
    assert (found.remaining, found.covered_percent) == (Decimal("64.12"), Decimal("85.7"))
    assert found.notes == (
        GapNote.LIMITED_BY_NET,
        GapNote.AVERAGE_ADDITIONAL_CONTRIBUTION,
        GapNote.WITHOUT_ONE_OFF_PAY,
    )


def test_every_figure_is_explained_once_and_by_its_inputs() -> None:
    found = gap("3000.00")
    told = {figure.key: figure for figure in found.figures}
    assert set(told) == set(FigureKey)
    assert len(found.figures) == len(told)
    assert told[FigureKey.GAP].inputs == {
        InputKey.NET_MONTH: Decimal("2054.42"),
        InputKey.SICK_PAY_MONTH: Decimal("1605.30"),
    }
    assert told[FigureKey.SICK_PAY].inputs[InputKey.DAILY_NET] == Decimal("68.48")
    assert told[FigureKey.SICK_PAY].clause == "§ 47 Abs. 1 S. 1, 2 SGB V"
    assert told[FigureKey.WAGE_TAX].inputs[InputKey.TAXABLE] == 27_480
    sums = {FigureKey.GROSS, FigureKey.NET, FigureKey.SICK_PAY_NET, FigureKey.GAP}
    sums |= {FigureKey.BENEFIT, FigureKey.REMAINING}
    assert {figure.key for figure in found.figures if not figure.clause} == sums


def test_eased_contributions_do_not_raise_the_limit_of_sick_pay() -> None:
    found = gap("1900.00")
    assert GapNote.TRANSITION_ZONE in found.notes
    assert GapNote.LIMITED_BY_NET in found.notes
    full = compute_net_pay(
        Decimal("1900.00"), profile=SINGLE, parameters=LAW_2026, transition_zone=False
    ).net
    assert full < found.net_pay.net
    told = {figure.key: figure for figure in found.figures}
    assert told[FigureKey.DAILY_NET].inputs[InputKey.NET_MONTH] == full
    assert abs(found.sick_pay.gross - full * 90 / 3000) <= Decimal("0.01")
    assert GapNote.TRANSITION_ZONE in gap("2000.00").notes
    assert GapNote.TRANSITION_ZONE not in gap("2000.01").notes


def test_a_benefit_above_the_gap_is_told() -> None:
    # The benefit of ten thousand a month meets the gap of one thousand.
    found = compute_gap(
        Decimal("1000.00"),
        profile=PARENT,
        tariff=BANDED,
        parameters=LAW_2026,
        insured_pay=Decimal("10000.00"),
    )
    assert found.benefit == Decimal("500.00") > found.gap
    assert GapNote.BENEFIT_EXCEEDS_GAP in found.notes
    assert (found.remaining, found.covered_percent) == (Decimal("0.00"), Decimal("100.0"))


def test_ceilings_are_told() -> None:
    assert GapNote.ABOVE_HEALTH_CEILING not in gap("5812.50").notes
    assert GapNote.ABOVE_HEALTH_CEILING in gap("5812.51").notes
    assert GapNote.ABOVE_PENSION_CEILING not in gap("8450.00").notes
    assert GapNote.ABOVE_PENSION_CEILING in gap("8450.01").notes


def test_a_marginal_job_has_no_gap_to_compute() -> None:
    with pytest.raises(NotSubjectToInsurance):
        gap("603.00")


@given(PAYS, PROFILES, st.sampled_from([BANDED, PERCENT]))
def test_what_remains_adds_up(gross: Decimal, profile: PayProfile, tariff: TariffVersion) -> None:
    found = compute_gap(gross, profile=profile, tariff=tariff, parameters=LAW_2026)
    assert found.gap == found.net_pay.net - found.sick_pay.month > 0
    assert found.benefit == compute_price(tariff, gross).benefit
    assert found.remaining == max(found.gap - found.benefit, Decimal(0))
    assert 0 <= found.covered_percent <= 100
    assert found.sick_pay.gross <= Decimal("135.63")
    paid = found.sick_pay
    assert paid.net + paid.pension + paid.unemployment + paid.care == paid.gross


@given(PAYS, st.decimals(min_value=400, max_value=20_000, places=2), PROFILES)
def test_sick_pay_is_the_smaller_of_its_two_limits(
    gross: Decimal, net: Decimal, profile: PayProfile
) -> None:
    found = compute_statutory_sick_pay(gross, net, profile=profile, parameters=LAW_2026)
    assert found.gross <= gross * 70 / 3000 + Decimal("0.02")
    assert found.gross <= net * 90 / 3000 + Decimal("0.02")
    capped = min(gross, Decimal("5812.50"))
    nearest = min(capped * 70, net * 90) / 3000
    assert abs(found.gross - nearest) <= Decimal("0.02")


@given(PAYS, PAYS, st.decimals(min_value=400, max_value=20_000, places=2))
def test_more_gross_pay_never_lowers_gross_sick_pay(
    one: Decimal, other: Decimal, net: Decimal
) -> None:
    low, high = (
        compute_statutory_sick_pay(pay, net, profile=SINGLE, parameters=LAW_2026)
        for pay in sorted([one, other])
    )
    assert low.gross <= high.gross


def test_hourly_cost_of_the_car_dealer() -> None:
    # The product's own example: 160 hours, 20.3125 + 0.10375 = 20.41625 an hour.
    quote = compute_quote(BANDED, {Decimal("3250.00"): 15})
    found = compute_quote_figures(BANDED, quote, hours_per_month=Decimal(160))
    assert found.hourly is not None
    assert found.hourly.hours == 2400
    assert found.hourly.pay == Decimal("20.31250")
    assert found.hourly.premium == Decimal("0.10375")
    assert found.hourly.pay_and_premium == Decimal("20.41625")
    assert (found.average_pay, found.average_premium) == (Decimal("3250.00"), Decimal("16.60"))


def test_hours_are_full_time_unless_told() -> None:
    quote = compute_quote(BANDED, {Decimal("3250.00"): 2})
    found = compute_quote_figures(BANDED, quote)
    assert found.hourly is not None
    assert found.hourly.hours == Decimal("346.66")
    assert found.hourly.premium == Decimal("0.09577")  # 33.20 / 346.66


def test_payroll_before_and_after() -> None:
    quote = compute_quote(BANDED, {Decimal("2400.00"): 4, Decimal(700): 1, Decimal(4000): 1})
    found = compute_quote_figures(BANDED, quote).payroll
    assert (found.before, found.premium) == (Decimal("14300.00"), Decimal("76.70"))
    assert (found.after, found.rate_percent) == (Decimal("14376.70"), Decimal("0.5364"))


def test_band_table_has_every_band_and_adds_up() -> None:
    quote = compute_quote(BANDED, {Decimal("2400.00"): 4, Decimal(700): 1, Decimal(4000): 1})
    rows = compute_quote_figures(BANDED, quote).bands
    assert [row.band for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [row.insured for row in rows] == [1, 0, 0, 4, 0, 0, 1, 0]
    assert [str(row.share_percent) for row in rows][:4] == ["16.7", "0.0", "0.0", "66.7"]
    assert sum(row.total_premium for row in rows) == quote.premium
    assert sum(row.payroll for row in rows) == quote.payroll
    assert (rows[3].above, rows[3].up_to) == (Decimal("2000.00"), Decimal("2500.00"))
    assert (rows[3].premium, rows[3].benefit) == (Decimal("13.00"), Decimal("335.00"))


def test_a_percent_tariff_has_one_row() -> None:
    quote = compute_quote(PERCENT, {Decimal("2400.00"): 4, Decimal(9000): 1})
    (row,) = compute_quote_figures(PERCENT, quote).bands
    assert (row.band, row.insured, row.total_premium) == (None, 5, quote.premium)
    assert (row.premium, row.benefit, row.share_percent) == (None, None, Decimal("100.0"))


def test_an_empty_payroll_has_figures_too() -> None:
    found = compute_quote_figures(BANDED, compute_quote(BANDED, {}))
    assert found.hourly is None
    assert found.average_pay == found.payroll.after == 0
    assert [row.insured for row in found.bands] == [0] * 8
    (row,) = compute_quote_figures(PERCENT, compute_quote(PERCENT, {})).bands
    assert row.insured == 0


@pytest.mark.parametrize("hours", ["0", "-1"])
def test_hours_must_be_positive(hours: str) -> None:
    quote = compute_quote(BANDED, {Decimal("2400.00"): 1})
    with pytest.raises(ValueError, match="hours must be positive"):
        compute_quote_figures(BANDED, quote, hours_per_month=Decimal(hours))
