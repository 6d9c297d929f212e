"""Tariffs, prices, contract years and cancellation."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.period import Period
from aupolicy.parsing import (
    TARIFF_FOLDER,
    UnableToReadTariff,
    parse_retirement_steps,
    parse_tariff,
    tariff_files,
)
from aupolicy.rules import compute_contract_year, compute_price, decide_cancellation, find_band

BANDED = parse_tariff(TARIFF_FOLDER / "bau-2016.yaml").versions[0]
PERCENT = parse_tariff(TARIFF_FOLDER / "percent-2026.yaml").versions[0]
PAYS = st.decimals(min_value=0, max_value=50_000, places=2)
DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2060, 12, 31))


@given(PAYS)
def test_each_pay_has_exactly_one_band(pay: Decimal) -> None:
    fitting = [
        band
        for band in BANDED.bands
        if (band.above < pay or (pay == 0 and band.above == 0))
        and (band.up_to is None or pay <= band.up_to)
    ]
    assert fitting == [find_band(BANDED.bands, pay)]


@given(PAYS, PAYS)
def test_more_pay_never_costs_or_pays_less(low: Decimal, high: Decimal) -> None:
    low, high = sorted([low, high])
    for tariff in (BANDED, PERCENT):
        less, more = compute_price(tariff, low), compute_price(tariff, high)
        assert less.premium <= more.premium
        assert less.benefit <= more.benefit


def test_percent_benefit_is_capped() -> None:
    assert compute_price(PERCENT, Decimal("9000.00")).benefit == Decimal("600.00")


@given(DAYS, st.integers(0, 12_000))
def test_contract_years_adjoin_and_hold_the_day(start: date, offset: int) -> None:
    day = start + timedelta(days=offset)
    year = compute_contract_year(start, day)
    assert day in year
    assert year.last_day is not None
    following = compute_contract_year(start, year.last_day + timedelta(days=1))
    assert following.first_day == year.last_day + timedelta(days=1)


def test_a_day_before_the_contract_belongs_to_its_first_year() -> None:
    year = compute_contract_year(date(2027, 1, 1), date(2026, 11, 21))
    assert year == Period(date(2027, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(0, 4_000))
def test_the_deadline_divides_in_time_from_late(start: date, offset: int) -> None:
    received = start + timedelta(days=offset)
    effect = decide_cancellation(start=start, received=received, notice_months=1)
    assert effect.in_time == (received <= effect.deadline)
    assert effect.end > received
    again = decide_cancellation(start=start, received=effect.deadline, notice_months=1)
    assert again.in_time


def test_a_later_cancellation_does_not_extend() -> None:
    end = date(2026, 12, 31)
    effect = decide_cancellation(
        start=date(2026, 1, 1), received=date(2026, 12, 5), notice_months=1, end=end
    )
    assert effect.end == end


def test_every_shipped_tariff_reads() -> None:
    assert {path.name for path in tariff_files()} == {"bau-2016.yaml", "percent-2026.yaml"}
    for path in tariff_files():
        assert {e.code for e in parse_tariff(path).versions[0].exclusions} == {
            "ADDICTION",
            "DRUNKENNESS",
            "INTENTIONAL_CRIME",
            "NOT_MEDICALLY_INDICATED",
            "EXTREME_SPORTS",
            "PREGNANCY",
        }


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("premium: {value: 9.00,", "premium: {value: 9,", "versions.0.bands.1.premium.value"),
        ("valid_from: 2016-08-01", "valid_from: 2016-08-02", "versions.0.valid_from"),
        ("above: {value: 1000.00", "above: {value: 1100.00", "bands 2"),
        ("value: 6.80, unit: EUR per month, source: published",
         "value: 6.80, unit: EUR per month, source: hearsay", "versions.0.bands.0.premium.source"),
        ("{value: open,", "{value: 9000.00,", "bands"),
        ("kind: banded", "kind: percent", "versions.0"),
        ("retro_months:", "retro_weeks:", "versions.0.parameters"),
    ],
)  # fmt: skip
def test_a_broken_tariff_names_the_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    text = (TARIFF_FOLDER / "bau-2016.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "broken.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnableToReadTariff) as caught:
        parse_tariff(path)
    assert caught.value.key.startswith(key)


def test_retirement_steps_never_fall() -> None:
    months = [months for _, months in parse_retirement_steps()]
    assert months == sorted(months)
    assert (months[0], months[-1]) == (65 * 12, 67 * 12)
