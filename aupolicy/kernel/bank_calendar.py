"""Days on which TARGET settles euro payments, and with it every SEPA direct debit.

Closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
(decision of the European Central Bank, in force since 2002). German public holidays play no part.
"""

from datetime import date, timedelta
from functools import cache

from aupolicy.kernel.period import ONE_DAY

_SATURDAY = 5
# Month and day of the closing days that do not move.
_FIXED = ((1, 1), (5, 1), (12, 25), (12, 26))


@cache
def _closing_days(year: int) -> frozenset[date]:
    easter = compute_easter(year)
    moving = (easter - timedelta(days=2), easter + ONE_DAY)
    return frozenset((*moving, *(date(year, month, day) for month, day in _FIXED)))


def compute_easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Gauss's rule, as Lichtenberg completed it)."""
    century = year // 100
    moon = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    sun = 2 - (3 * century + 3) // 4
    age = year % 19
    seed = (19 * age + moon) % 30
    full_moon = 21 + seed - (seed + age // 11) // 29
    first_sunday = 7 - (year + year // 4 + sun) % 7
    # Counted as days of March.
    return date(year, 3, 1) + timedelta(days=full_moon + 6 - (full_moon - first_sunday) % 7)


def is_target_day(day: date) -> bool:
    """Whether TARGET is open on the day."""
    return day.weekday() < _SATURDAY and day not in _closing_days(day.year)


def next_target_day(day: date) -> date:
    """The first TARGET day on or after `day`."""
    while not is_target_day(day):
        day += ONE_DAY
    return day


def previous_target_day(day: date) -> date:
    """The last TARGET day strictly before `day`."""
    day -= ONE_DAY
    while not is_target_day(day):
        day -= ONE_DAY
    return day
