"""Counting time as the German Civil Code does (§§ 187, 188 BGB)."""

from calendar import monthrange
from datetime import date, timedelta

from aupolicy.kernel.period import ONE_DAY


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day (§ 188 (3) BGB)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def end_of_months(first_day: date, months: int) -> date:
    """Last day of a span of months that begins with `first_day` and counts it.

    § 187 (2), § 188 (2) second case BGB: the day before the one with the same number; where
    the last month has no such day, its last day (§ 188 (3)).
    """
    end = add_months(first_day, months)
    return end if end.day != first_day.day else end - ONE_DAY


def age_completed_on(birth_date: date, *, years: int, months: int = 0) -> date:
    """The day at whose end an age is completed: the day before the birthday (§ 187 (2) S. 2)."""
    return end_of_months(birth_date, years * 12 + months)


def last_receipt_for(end: date, *, notice_months: int) -> date:
    """Last day on which a notice must arrive so that its months are over by `end`.

    The day of receipt does not count (§ 187 (1)); the months end on the day with the same
    number (§ 188 (2) first case). § 193 BGB does not move notice periods.
    """
    candidate = add_months(end, -notice_months) + timedelta(days=3)
    while add_months(candidate, notice_months) > end:
        candidate -= ONE_DAY
    return candidate
