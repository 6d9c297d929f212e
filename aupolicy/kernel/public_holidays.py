"""Public holidays in all of Germany, whatever the state.

Named alike by the holiday acts of all sixteen states, 3 October by the Unification Treaty
(art. 2 (2)). 31 October was one in all states in 2017 only, 500 years after the Reformation.
Valid from 1995, when most states gave up the Day of Prayer and Repentance.
"""

from datetime import date, timedelta
from functools import cache

from aupolicy.kernel.bank_calendar import compute_easter

_SATURDAY = 5
# Month and day of the holidays that do not move.
_FIXED = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
# Good Friday, Easter Monday, Ascension Day, Whit Monday: days after Easter Sunday.
_AFTER_EASTER = (-2, 1, 39, 50)
_ONCE = frozenset({date(2017, 10, 31)})


@cache
def _holidays(year: int) -> frozenset[date]:
    easter = compute_easter(year)
    moving = (easter + timedelta(days=days) for days in _AFTER_EASTER)
    return _ONCE.union(moving, (date(year, month, day) for month, day in _FIXED))


def is_public_holiday(day: date) -> bool:
    """Whether the day is a public holiday in every German state; Sundays are not counted."""
    return day in _holidays(day.year)


def is_working_day(day: date) -> bool:
    """Whether the day is Monday to Friday and no nationwide German public holiday."""
    return day.weekday() < _SATURDAY and not is_public_holiday(day)
