from datetime import date, timedelta

import holidays
import pytest

from aupolicy.kernel.public_holidays import is_public_holiday, is_working_day


@pytest.mark.parametrize("year", range(1995, 2100))
def test_holidays_are_those_of_another_calendar(year: int) -> None:
    # Without a state the other calendar lists what is a holiday in all of them.
    known = holidays.country_holidays("DE", years=year)
    first = date(year, 1, 1)
    days = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
    assert [day for day in days if is_public_holiday(day)] == sorted(known)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-02", True),  # Maundy Thursday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-05", False),  # Easter Sunday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-07", True),
        ("2026-05-14", False),  # Ascension Day
        ("2026-05-25", False),  # Whit Monday
        ("2026-06-04", True),  # Corpus Christi: in some states only
        ("2026-10-03", False),  # a Saturday anyway
        ("2025-10-03", False),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2017-10-31", False),
        ("2018-10-31", True),
    ],
)
def test_working_days(day: str, *, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works
