"""Dates of reminders, counted as the German Civil Code does (§§ 186 to 193 BGB).

Days on which a policyholder need not pay are Saturdays, Sundays and public holidays (§ 193). Which
holidays count depends on the place: a day that is a holiday in one state only is taken for one
everywhere, so that a deadline is never too short.
"""

from datetime import date, timedelta
from functools import cache

from aupolicy.kernel.bank_calendar import compute_easter
from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY
from aupolicy.kernel.public_holidays import is_working_day

# Epiphany, Women's Day, Assumption, Children's Day, Reformation Day, All Saints' Day.
_FIXED_SOMEWHERE = ((1, 6), (3, 8), (8, 15), (9, 20), (10, 31), (11, 1))
# Easter Sunday, Whit Sunday, Corpus Christi: days after Easter Sunday.
_AFTER_EASTER = (0, 49, 60)
_WEDNESDAY = 2


@cache
def _holidays_somewhere(year: int) -> frozenset[date]:
    easter = compute_easter(year)
    moving = {easter + timedelta(days=days) for days in _AFTER_EASTER}
    # Day of Prayer and Repentance: the Wednesday before 23 November (Saxony).
    prayer = date(year, 11, 22)
    while prayer.weekday() != _WEDNESDAY:
        prayer -= ONE_DAY
    return frozenset({*moving, prayer, *(date(year, m, d) for m, d in _FIXED_SOMEWHERE)})


def last_day_to_pay(day: date) -> date:
    """The day, or the next working day where it is none (§ 193 BGB)."""
    while not is_working_day(day) or day in _holidays_somewhere(day.year):
        day += ONE_DAY
    return day


def assume_receipt(posted: date, *, days: int) -> date:
    """The day on which a letter counts as received (§ 130 (1) BGB), `days` after posting.

    Nobody need expect a letter to be read on a day without business, so that day moves on.
    """
    return last_day_to_pay(posted + timedelta(days=days))


def deadline_after_days(received: date, *, days: int) -> date:
    """The last day of a period of days from receipt.

    The day of receipt does not count (§ 187 (1) BGB), the last day counts in full (§ 188 (1)).
    """
    return last_day_to_pay(received + timedelta(days=days))


def deadline_after_weeks(received: date, *, weeks: int) -> date:
    """The last day of a period of weeks: the weekday of receipt (§ 188 (2) BGB)."""
    return last_day_to_pay(received + timedelta(weeks=weeks))


def deadline_after_months(received: date, *, months: int) -> date:
    """The last day of a period of months: the number of the day of receipt, or that month's last.

    § 188 (2) and (3) BGB.
    """
    return last_day_to_pay(add_months(received, months))


def first_premium_due(received: date, *, days: int) -> date:
    """The first day on which the first premium is due (§ 33 (1) VVG).

    At once when `days` (14) after receipt of the policy are over.
    """
    return deadline_after_days(received, days=days) + ONE_DAY
