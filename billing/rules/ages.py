"""How long a demand has been open: what clerks look at first."""

from datetime import date
from enum import StrEnum
from typing import Final


class Age(StrEnum):
    """Days since a demand was due; a credit has none."""

    NOT_DUE = "not_due"
    MONTH = "30"
    TWO_MONTHS = "60"
    QUARTER = "90"
    LONGER = "longer"


_LAST_DAYS: Final = ((30, Age.MONTH), (60, Age.TWO_MONTHS), (90, Age.QUARTER))


def decide_age(*, due_date: date, today: date) -> Age:
    """The class of a demand on a day: a day after its due date it is overdue."""
    days = (today - due_date).days
    if days <= 0:
        return Age.NOT_DUE
    return next((age for last, age in _LAST_DAYS if days <= last), Age.LONGER)
