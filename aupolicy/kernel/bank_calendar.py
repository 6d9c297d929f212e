"""Days on which TARGET settles euro payments, and with it every SEPA direct debit.

Closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
(decision of the European Central Bank, in force since 2002). German public holidays play no part.
"""

from datetime import date
from functools import cache

import holidays

from aupolicy.kernel.period import ONE_DAY

_SATURDAY = 5


@cache
def _closing_days(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))


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
