"""Days as periods: both ends inclusive, as contracts speak; an open end is None."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=False)
class Period:
    """From `first_day` to `last_day`, both inclusive. `last_day` None: no end is known."""

    first_day: date
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError(f"period ends {self.last_day} before it begins {self.first_day}")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def days(self) -> int | None:
        """Number of calendar days, None for an open period."""
        return None if self.last_day is None else (self.last_day - self.first_day).days + 1

    def intersection(self, other: "Period") -> "Period | None":
        """The days in both, None where there are none."""
        first_day = max(self.first_day, other.first_day)
        last_day = earliest_end(self.last_day, other.last_day)
        if last_day is not None and last_day < first_day:
            return None
        return Period(first_day, last_day)


def earliest_end(*ends: date | None) -> date | None:
    """The earliest of several last days, where None means "no end"."""
    known = [end for end in ends if end is not None]
    return min(known) if known else None


def count_days(periods: Iterable[Period | None]) -> int:
    """Calendar days of disjoint closed periods; None counts nothing."""
    return sum(period.days or 0 for period in periods if period is not None)
