"""Periods, months and counting as the Civil Code does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.legal_time import (
    add_months,
    age_completed_on,
    end_of_months,
    last_receipt_for,
)
from aupolicy.kernel.month import Month, UnableToReadMonth
from aupolicy.kernel.period import Period, count_days

DAYS = st.dates(min_value=date(1930, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-12", "Dezember", "2026-1", ""])
def test_no_month(text: str) -> None:
    with pytest.raises(UnableToReadMonth):
        Month.parse(text)


@given(DAYS, st.integers(-400, 400))
def test_months_add_up(day: date, months: int) -> None:
    month = Month.of(day)
    assert month.plus(months).plus(-months) == month
    assert month.first_day <= day <= month.last_day
    assert (month.plus(1).first_day - month.last_day).days == 1
    assert Month.parse(str(month)) == month


@given(DAYS, st.integers(0, 60), DAYS, st.integers(0, 60))
def test_intersection_is_what_both_hold(a: date, m: int, b: date, n: int) -> None:
    first, second = Period(a, a + timedelta(days=m)), Period(b, b + timedelta(days=n))
    both = first.intersection(second)
    days = {a + timedelta(days=i) for i in range(m + 1)} & {
        b + timedelta(days=i) for i in range(n + 1)
    }
    assert count_days([both]) == len(days)
    assert all(day in first and day in second for day in days)
    assert Period(a).intersection(Period(b)) == Period(max(a, b))


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("birth", "years", "months", "completed"),
    [
        (date(1961, 7, 1), 66, 6, date(2027, 12, 31)),
        (date(1961, 7, 2), 66, 6, date(2028, 1, 1)),
        (date(2010, 12, 1), 16, 0, date(2026, 11, 30)),
        (date(2008, 2, 29), 16, 0, date(2024, 2, 28)),
        (date(2008, 2, 29), 18, 0, date(2026, 2, 28)),
        (date(1962, 8, 31), 66, 8, date(2029, 4, 30)),
    ],
)
def test_age(birth: date, years: int, months: int, completed: date) -> None:
    assert age_completed_on(birth, years=years, months=months) == completed


@given(DAYS)
def test_last_receipt_is_the_last_in_time(end: date) -> None:
    last = last_receipt_for(end, notice_months=1)
    assert add_months(last, 1) <= end < add_months(last + timedelta(days=1), 1)


@given(DAYS)
def test_twelve_months_are_a_year_less_a_day(start: date) -> None:
    end = end_of_months(start, 12)
    assert end - start in (timedelta(days=364), timedelta(days=365))
