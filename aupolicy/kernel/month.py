"""A calendar month as a value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from aupolicy.kernel.period import Period

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


class UnableToReadMonth(ValueError):
    """The text is no month; `text` is what was given. Expected is YYYY-MM."""

    def __init__(self, text: str) -> None:
        super().__init__(f"no month: {text!r}, expected YYYY-MM")
        self.text = text


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month, ordered in time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read "2026-12". Raises UnableToReadMonth."""
        match = _WRITTEN.fullmatch(text.strip())
        if not match or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 9000:
            raise UnableToReadMonth(text)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """First calendar day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Last calendar day."""
        return self.plus(1).first_day - timedelta(days=1)

    @property
    def period(self) -> Period:
        """The month as days."""
        return Period(self.first_day, self.last_day)

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def through(self, last: "Month") -> Iterator["Month"]:
        """This month and all that follow up to and including `last`."""
        month = self
        while month <= last:
            yield month
            month = month.plus(1)
