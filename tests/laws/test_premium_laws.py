"""Laws of prices, days and months: no database, any value."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aupolicy.facts import TariffVersion
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.parsing import TARIFF_FOLDER, parse_tariff
from aupolicy.rules import compute_price, find_band
from billing.facts.premium import Stretch
from billing.rules.premium import compute_charge, prorate

(BANDED,) = parse_tariff(TARIFF_FOLDER / "bau-2016.yaml").versions
(PERCENT,) = parse_tariff(TARIFF_FOLDER / "percent-2026.yaml").versions
CENT = Decimal("0.01")

tariffs = st.sampled_from([BANDED, PERCENT])
euros = st.integers(0, 1_500_000).map(lambda cents: Decimal(cents).scaleb(-2))
premiums = st.integers(0, 50_000).map(lambda cents: Decimal(cents).scaleb(-2))
month_lengths = st.sampled_from([28, 29, 30, 31])
days = st.dates(date(2015, 1, 1), date(2045, 12, 31))
months = st.builds(Month.of, days)


@given(premium=premiums, length=month_lengths, parts=st.data())
def test_parts_of_a_month_cost_no_more_than_the_whole_and_a_cent(
    premium: Decimal, length: int, parts: st.DataObject
) -> None:
    first = parts.draw(st.integers(0, length))
    second = parts.draw(st.integers(0, length - first))
    whole = prorate(premium, covered_days=first + second, month_days=length)
    both = sum(prorate(premium, covered_days=part, month_days=length) for part in (first, second))
    # By thirtieths: the 31st day of a month cut in two costs one more.
    surplus = premium / 30 if first + second == 31 else 0
    assert both <= whole + CENT + surplus


@given(premium=premiums, length=month_lengths, covered=st.integers(0, 31), more=st.integers(0, 31))
def test_more_days_never_cost_less(premium: Decimal, length: int, covered: int, more: int) -> None:
    fewer_days, more_days = sorted([min(covered, length), min(more, length)])
    fewer = prorate(premium, covered_days=fewer_days, month_days=length)
    assert 0 <= fewer <= prorate(premium, covered_days=more_days, month_days=length) <= premium


@given(one=premiums, other=premiums, length=month_lengths, covered=st.integers(0, 31))
def test_a_higher_premium_never_costs_less(
    one: Decimal, other: Decimal, length: int, covered: int
) -> None:
    low, high = (
        prorate(premium, covered_days=min(covered, length), month_days=length)
        for premium in sorted([one, other])
    )
    assert low <= high


@given(premium=premiums, length=month_lengths)
def test_no_days_cost_nothing_and_all_days_cost_the_premium(premium: Decimal, length: int) -> None:
    assert prorate(premium, covered_days=0, month_days=length) == 0
    assert prorate(premium, covered_days=length, month_days=length) == premium


@given(premium=premiums, length=month_lengths, covered=st.integers(0, 31))
def test_proration_is_exact_to_half_a_cent(premium: Decimal, length: int, covered: int) -> None:
    covered = min(covered, length)
    due = prorate(premium, covered_days=covered, month_days=length)
    assert due == due.quantize(CENT)
    if covered < min(length, 30):
        assert abs(Fraction(due) - Fraction(premium) * covered / 30) <= Fraction(1, 200)


@given(pay=euros)
def test_each_pay_has_exactly_one_band(pay: Decimal) -> None:
    holding = [
        band
        for band in BANDED.bands
        if (band.above < pay or pay == band.above == 0)
        and (band.up_to is None or pay <= band.up_to)
    ]
    assert holding == [find_band(BANDED.bands, pay)]
    price = compute_price(BANDED, pay)
    assert (price.premium, price.benefit) == (holding[0].premium, holding[0].benefit)


@given(tariff=tariffs, one=euros, other=euros)
def test_more_pay_never_costs_less_nor_insures_less(
    tariff: TariffVersion, one: Decimal, other: Decimal
) -> None:
    low, high = (compute_price(tariff, pay) for pay in sorted([one, other]))
    assert low.premium <= high.premium
    assert low.benefit <= high.benefit


@given(tariff=tariffs, pay=euros, month=months, cut=st.integers(0, 29), first=st.integers(-40, 30))
def test_a_stretch_cut_in_two_costs_the_same(
    tariff: TariffVersion, pay: Decimal, month: Month, cut: int, first: int
) -> None:
    begin = month.first_day + timedelta(days=first)
    split = max(begin, month.first_day) + timedelta(days=cut)
    one = [Stretch(begin, None, pay)]
    two = [Stretch(split + ONE_DAY, None, pay), Stretch(begin, split, pay)]
    assert compute_charge(one, month=month, tariff=tariff) == compute_charge(
        two, month=month, tariff=tariff
    )


@given(tariff=tariffs, pay=euros, month=months, first=days, length=st.integers(0, 400))
def test_only_days_inside_the_month_count(
    tariff: TariffVersion, pay: Decimal, month: Month, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    charge = compute_charge([Stretch(first, last, pay)], month=month, tariff=tariff)
    inside = Period(first, last).intersection(month.period)
    if inside is None:
        assert charge is None
    else:
        assert charge is not None
        assert (charge.covered_days, charge.pay) == (inside.days, pay)


@given(day=days)
def test_a_day_lies_in_its_month_and_in_no_other(day: date) -> None:
    month = Month.of(day)
    assert day in month.period
    assert day not in month.plus(1).period
    assert day not in month.plus(-1).period


@given(month=months, count=st.integers(-400, 400))
def test_months_can_be_counted_there_and_back(month: Month, count: int) -> None:
    other = month.plus(count)
    assert other.plus(-count) == month
    assert (other > month) == (count > 0)
    assert Month.parse(str(month)) == month
    assert month.last_day + ONE_DAY == month.plus(1).first_day


@given(month=months, count=st.integers(0, 50))
def test_months_in_a_row_cover_every_day_once(month: Month, count: int) -> None:
    row = list(month.through(month.plus(count)))
    assert len(row) == count + 1
    whole = Period(month.first_day, row[-1].last_day)
    assert sum(each.period.days or 0 for each in row) == whole.days


periods = st.builds(
    lambda first, length: Period(first, None if length is None else first + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 4_000),
)


@given(one=periods, other=periods, day=days)
def test_the_intersection_holds_the_days_of_both(one: Period, other: Period, day: date) -> None:
    both = one.intersection(other)
    assert both == other.intersection(one)
    assert (both is not None and day in both) == (day in one and day in other)
    assert one.intersection(one) == one
