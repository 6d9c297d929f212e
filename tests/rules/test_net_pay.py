"""Net pay: the ministry's check table, contributions by hand, and what always holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.facts.payroll import FigureKey, NetPay, PayProfile, TaxClass
from aupolicy.parsing import UnableToReadTariff, parse_payroll_parameters, payroll_files
from aupolicy.queries.payroll import NoPayrollParameters, get_payroll_parameters
from aupolicy.rules import NotSubjectToInsurance, compute_net_pay
from aupolicy.rules.contributions import (
    compute_care_percent,
    compute_contributions,
    compute_employee_base,
    compute_total_base,
)
from aupolicy.rules.wage_tax import WageTax, compute_income_tax, compute_wage_tax

(LAW_2026,) = (parse_payroll_parameters(p) for p in payroll_files() if "2026" in p.name)
SINGLE = PayProfile(TaxClass.ONE)
PAYS = st.decimals(min_value=Decimal("603.01"), max_value=40_000, places=2)
PROFILES = st.builds(
    PayProfile,
    tax_class=st.sampled_from(TaxClass),
    church_tax_percent=st.sampled_from([None, Decimal(8), Decimal(9)]),
    children=st.integers(0, 7),
    child_allowances=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(2)]),
    additional_health_percent=st.sampled_from([None, Decimal("1.84"), Decimal("4.39")]),
    saxony=st.booleans(),
)


def net_pay(gross: str, profile: PayProfile = SINGLE, *, transition_zone: bool = True) -> NetPay:
    return compute_net_pay(
        Decimal(gross), profile=profile, parameters=LAW_2026, transition_zone=transition_zone
    )


@pytest.mark.parametrize(
    ("yearly", "tax_class", "tax"),
    [
        (20_000, "I", 380),
        (20_000, "III", 0),
        (20_000, "IV", 380),
        (50_000, "I", 6_788),
        (50_000, "III", 2_810),
        (50_000, "IV", 6_788),
        (100_000, "I", 23_248),
        (100_000, "III", 15_012),
        (100_000, "IV", 23_248),
    ],
)
def test_yearly_wage_tax_is_that_of_the_check_table(yearly: int, tax_class: str, tax: int) -> None:
    # Check table of the Programmablaufplan 2026: additional contribution 2.9, childless.
    found = compute_wage_tax(
        Decimal(yearly) / 12, profile=PayProfile(TaxClass(tax_class)), parameters=LAW_2026
    )
    assert found.yearly_tax == tax


@pytest.mark.parametrize(
    ("taxable", "tax"),
    [
        (12_348, 0),
        (12_355, 0),  # 0.0007 x 1,400.64 = 0.98
        (12_356, 1),  # 0.0008 x 1,400.73 = 1.12
        (17_799, 1_034),  # 0.5451 x (914.51 x 0.5451 + 1,400) = 1,034.87
        (17_804, 1_036),  # one euro of 23.97 percent and a bit on top
        (69_878, 18_213),  # 42 percent would be 29,348.76 - 11,135.63 = 18,213.13
        (69_879, 18_213),
        (277_825, 105_550),  # 116,686.50 - 11,135.63 = 105,550.87
        (277_826, 105_551),  # 125,021.70 - 19,470.38 = 105,551.32
    ],
)
def test_tax_at_the_edges_of_the_zones(taxable: int, tax: int) -> None:
    assert compute_income_tax(Decimal(taxable), LAW_2026.income_tax) == tax


def test_three_thousand_by_hand() -> None:
    # 36,000 - 1,266 - 7,254 = 27,480; y = 0.9681; (173.10 y + 2397) y + 1034.87 = 3,517.63
    found = net_pay("3000.00")
    assert (found.wage_tax, found.solidarity) == (Decimal("293.08"), Decimal("0.00"))
    assert (found.pension, found.unemployment) == (Decimal("279.00"), Decimal("39.00"))
    assert found.health == Decimal("262.50")  # 219.00 and 43.50
    assert found.care == Decimal("72.00")  # 54.00 and 18.00
    assert found.net == Decimal("2054.42")


def test_church_tax_follows_child_allowances_and_wage_tax_does_not() -> None:
    without = net_pay("4500.00", PayProfile(TaxClass.ONE, Decimal(9), 1))
    with_one = net_pay("4500.00", PayProfile(TaxClass.ONE, Decimal(9), 1, Decimal(1)))
    assert without.church_tax == (without.wage_tax * 9 / 100).quantize(
        Decimal("0.01"), "ROUND_DOWN"
    )
    assert with_one.wage_tax == without.wage_tax
    taxed = compute_wage_tax(
        Decimal(4500), profile=PayProfile(TaxClass.ONE, None, 1, Decimal(1)), parameters=LAW_2026
    )
    assert taxed.surcharge_base == compute_income_tax(
        Decimal(int(taxed.taxable)) - 9756, LAW_2026.income_tax
    )
    # In class IV each parent has half of it.
    halved = compute_wage_tax(
        Decimal(4500), profile=PayProfile(TaxClass.FOUR, None, 1, Decimal(1)), parameters=LAW_2026
    )
    assert halved.surcharge_base == compute_income_tax(
        Decimal(int(halved.taxable)) - 4878, LAW_2026.income_tax
    )


def test_solidarity_surcharge_begins_at_its_limit_and_is_eased_in() -> None:
    surcharges = [(f.yearly_tax, f.solidarity) for f in map(_tax, range(7000, 16_000, 10))]
    assert all(not surcharge for tax, surcharge in surcharges if tax <= 20_350)
    eased = [(tax, surcharge) for tax, surcharge in surcharges if 20_350 < tax < 37_838]
    assert eased
    for tax, surcharge in eased:
        assert abs(surcharge * 12 - (tax - 20_350) * Decimal("0.119")) < Decimal("0.13")
    full = [(tax, surcharge) for tax, surcharge in surcharges if tax > 37_839]
    assert full
    for tax, surcharge in full:
        assert abs(surcharge * 12 - tax * Decimal("0.055")) < Decimal("0.13")


def _tax(gross: int) -> WageTax:
    return compute_wage_tax(Decimal(gross), profile=SINGLE, parameters=LAW_2026)


@pytest.mark.parametrize(
    ("children", "percent"),
    [(0, "1.8"), (1, "1.8"), (2, "1.55"), (3, "1.3"), (4, "1.05"), (5, "0.8"), (9, "0.8")],
)
def test_care_contribution_by_children(children: int, percent: str) -> None:
    # The surcharge of the childless is a part of its own.
    profile = PayProfile(TaxClass.ONE, children=children)
    assert compute_care_percent(profile, LAW_2026) == Decimal(percent)
    saxon = replace(profile, saxony=True)
    assert compute_care_percent(saxon, LAW_2026) == Decimal(percent) + Decimal("0.5")


def test_contributions_stop_at_their_ceilings() -> None:
    at, above = net_pay("5812.50"), net_pay("5812.51")
    assert (
        (at.health, at.care)
        == (above.health, above.care)
        == (
            Decimal("508.59"),
            Decimal("139.51"),
        )
    )
    assert above.pension == at.pension == Decimal("540.56")
    at, above = net_pay("8450.00"), net_pay("20000.00")
    assert (at.pension, at.unemployment) == (Decimal("785.85"), Decimal("109.85"))
    assert (above.pension, above.unemployment) == (at.pension, at.unemployment)
    assert (above.health, above.care) == (at.health, at.care)


def test_transition_zone_runs_from_nothing_to_everything() -> None:
    zone = LAW_2026.transition_zone
    assert compute_employee_base(zone.marginal_limit, zone) == 0
    assert compute_employee_base(zone.upper_limit, zone) == zone.upper_limit
    assert compute_total_base(zone.upper_limit, zone) == zone.upper_limit
    # The short form published for 2026: 1.145937223 x pay - 291.8744452.
    for pay in (Decimal("603.01"), Decimal("1200.00"), Decimal("1999.99")):
        short = Decimal("1.145937223") * pay - Decimal("291.8744452")
        assert abs(compute_total_base(pay, zone) - short) <= Decimal("0.01")


def test_factor_of_the_transition_zone_follows_from_the_rates() -> None:
    rates = LAW_2026.contributions
    total = rates.pension + rates.unemployment + rates.care + rates.health
    total += rates.health_additional_average
    factor = (Decimal(28) / total).quantize(Decimal("0.0001"))
    assert factor == LAW_2026.transition_zone.factor


def test_trainees_pay_full_contributions_in_the_transition_zone() -> None:
    trainee = net_pay("1200.00", transition_zone=False)
    assert trainee.pension == Decimal("111.60")
    assert trainee.net < net_pay("1200.00").net


def test_childless_pay_the_surcharge_from_the_reduced_pay_of_the_zone() -> None:
    paid = compute_contributions(Decimal(1200), profile=SINGLE, parameters=LAW_2026)
    # 1.8 percent of 854.69 and 0.6 percent of 1,083.25
    assert (paid.health_base, paid.care_base) == (Decimal("854.69"), Decimal("1083.25"))
    assert paid.care == Decimal("15.38") + Decimal("6.50")


def test_children_lower_care_by_the_whole_pay_of_the_zone_but_never_below_nothing() -> None:
    # 1.8 percent of 854.69 less 0.5 percent of 1,083.25
    family = PayProfile(TaxClass.ONE, children=3)
    assert net_pay("1200.00", family).care == Decimal("15.38") - Decimal("5.42")
    assert net_pay("610.00", replace(family, children=5)).care == Decimal("0.00")


@pytest.mark.parametrize("gross", ["0", "-5.00", "602.99", "603.00", "603.004"])
def test_a_marginal_job_is_refused_by_name(gross: str) -> None:
    with pytest.raises(NotSubjectToInsurance) as caught:
        net_pay(gross)
    assert caught.value.code == "MARGINAL_EMPLOYMENT"
    assert caught.value.params["limit"] == "603.00"


def test_one_cent_above_the_marginal_limit_is_insured() -> None:
    found = net_pay("603.01", PayProfile(TaxClass.ONE, children=1))
    assert found.pension == Decimal("0.00")
    assert found.net == Decimal("603.01")


@given(PAYS, PROFILES)
def test_deductions_and_net_make_up_gross(gross: Decimal, profile: PayProfile) -> None:
    found = compute_net_pay(gross, profile=profile, parameters=LAW_2026)
    taxes = found.wage_tax + found.solidarity + found.church_tax
    contributions = found.pension + found.unemployment + found.health + found.care
    assert found.net + taxes + contributions == gross
    assert 0 < found.net <= gross
    told = {figure.key: figure.amount for figure in found.figures}
    assert told[FigureKey.NET] == found.net
    assert told[FigureKey.GROSS] - taxes - contributions == told[FigureKey.NET]
    assert len(told) == len(found.figures) == 9


@given(PAYS, PAYS, PROFILES)
def test_more_pay_leaves_more_to_within_the_steps_of_tax(
    one: Decimal, other: Decimal, profile: PayProfile
) -> None:
    low, high = sorted([one, other])
    less = compute_net_pay(low, profile=profile, parameters=LAW_2026)
    more = compute_net_pay(high, profile=profile, parameters=LAW_2026)
    # Taxable income, provision and yearly tax are whole euros, doubled by splitting.
    assert more.net >= less.net - Decimal("0.50")
    assert more.wage_tax >= less.wage_tax - Decimal("0.17")
    assert more.pension >= less.pension
    assert more.unemployment >= less.unemployment


@given(PAYS)
def test_class_three_never_pays_more_than_class_one_and_four_pays_the_same(gross: Decimal) -> None:
    one, three, four = (
        compute_net_pay(gross, profile=PayProfile(tax_class), parameters=LAW_2026)
        for tax_class in (TaxClass.ONE, TaxClass.THREE, TaxClass.FOUR)
    )
    assert three.wage_tax <= one.wage_tax == four.wage_tax


def test_the_tariff_has_no_jump() -> None:
    taxes = [compute_income_tax(Decimal(x), LAW_2026.income_tax) for x in range(12_000, 80_000)]
    assert all(0 <= later - earlier <= 1 for earlier, later in pairwise(taxes))


def test_a_year_without_file_is_refused_by_name() -> None:
    assert get_payroll_parameters(date(2026, 12, 31)) == LAW_2026
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(NoPayrollParameters) as caught:
            get_payroll_parameters(day)
        assert caught.value.params == {"year": str(day.year), "known": "2026"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("pension: {value: 18.6,", "pension: {value: eighteen,", "contributions.pension.value"),
        ("percent: {value: 42, unit: percent, source: estg_32a}", "percent: {value: 42}", "income"),
        ("factor F, source: transition", "factor F, source: rumour", "transition_zone.factor"),
        ("valid_until: 2026-12-31", "valid_until: 2027-12-31", "valid_until"),
        ("above: {value: 17799,", "above: {value: 12348,", "income_tax"),
        ("days_of_month: {value: 30,", "days_of_month: {value: 30.5,", "sick_pay.days_of_month"),
        ("care_childless:", "care_without_children:", "contributions"),
    ],
)
def test_a_file_that_does_not_fit_names_the_key(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    (good,) = payroll_files()
    text = good.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "payroll-2026.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UnableToReadTariff) as caught:
        parse_payroll_parameters(path)
    assert caught.value.key.startswith(key)
