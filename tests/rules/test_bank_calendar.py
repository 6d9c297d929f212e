from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aupolicy.kernel.bank_calendar import is_target_day, next_target_day, previous_target_day

# Closing days that fall on a weekday, from the calendar the European Central Bank publishes.
CLOSED_WEEKDAYS = {
    2026: ["01-01", "04-03", "04-06", "05-01", "12-25"],
    2027: ["01-01", "03-26", "03-29"],
    2028: ["01-01", "04-14", "04-17", "05-01", "12-25", "12-26"],
}
DAYS = st.dates(date(2002, 1, 1), date(2099, 12, 31))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", CLOSED_WEEKDAYS)
def test_weekdays_without_settlement_are_those_the_ecb_names(year: int) -> None:
    closed = [day for day in days_of(year) if day.weekday() < 5 and not is_target_day(day)]
    expected = [date.fromisoformat(f"{year}-{day}") for day in CLOSED_WEEKDAYS[year]]
    assert closed == [day for day in expected if day.weekday() < 5]


@pytest.mark.parametrize("year", CLOSED_WEEKDAYS)
def test_no_weekend_settles(year: int) -> None:
    assert not any(is_target_day(day) for day in days_of(year) if day.weekday() >= 5)


@pytest.mark.parametrize("day", ["2026-10-03", "2027-10-04", "2026-05-14", "2026-06-04"])
def test_german_holidays_do_not_close_the_banks_payments(day: str) -> None:
    holiday = date.fromisoformat(day)
    assert is_target_day(holiday) is (holiday.weekday() < 5)


@pytest.mark.parametrize(
    ("day", "next_day", "previous_day"),
    [
        ("2026-12-24", "2026-12-24", "2026-12-23"),
        ("2026-12-25", "2026-12-28", "2026-12-24"),
        ("2026-12-28", "2026-12-28", "2026-12-24"),
        ("2027-01-01", "2027-01-04", "2026-12-31"),
        ("2028-04-14", "2028-04-18", "2028-04-13"),
        ("2028-12-25", "2028-12-27", "2028-12-22"),
    ],
)
def test_neighbours_across_closing_days(day: str, next_day: str, previous_day: str) -> None:
    assert next_target_day(date.fromisoformat(day)) == date.fromisoformat(next_day)
    assert previous_target_day(date.fromisoformat(day)) == date.fromisoformat(previous_day)


@settings(deadline=None)
@given(DAYS)
def test_neighbours_are_open_and_nothing_open_lies_between(day: date) -> None:
    after, before = next_target_day(day), previous_target_day(day)
    assert is_target_day(after)
    assert is_target_day(before)
    assert before < day <= after
    between = [before + timedelta(n) for n in range(1, (after - before).days)]
    assert not any(is_target_day(other) for other in between)


def test_closing_days_are_those_another_calendar_knows() -> None:
    for year in range(2002, 2100):
        others = holidays.financial_holidays("ECB", years=year)
        closed = {day for day in days_of(year) if day.weekday() < 5 and not is_target_day(day)}
        assert closed == {day for day in others if day.weekday() < 5}
