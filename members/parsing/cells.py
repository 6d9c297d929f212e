"""One cell as a value: days, amounts, words and names, or what is wrong with it.

Each parser takes a cleaned text that is not empty and returns its value, or raises
UnableToReadCell.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from aupolicy.kernel.money import UnableToReadAmount, parse_amount, round_cent
from members.parsing.cell_words import OCCUPATIONS
from members.parsing.plain_words import plain

LONGEST_NAME = 70
OLDEST_YEARS = 120

_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SLASH_DATE = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
_PACKED_DATE = re.compile(r"\d{8}")
_SERIAL_DATE = re.compile(r"(\d{5})(\.\d+)?")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_FIRST_OF_1900, _FIRST_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SMALLEST_SERIAL, _LARGEST_SERIAL = 10_000, 73_050
_USUAL_AMOUNT = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?")
_LONG_DECIMALS = re.compile(r"(\d+)[.,](\d{4,})")
_PERSONNEL_NUMBER = re.compile(r"[\w./-]{1,20}")

Value = TypeVar("Value")


class UnableToReadCell(ValueError):
    """A cell that does not fit; `code` and `params` say what is allowed."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Noted(NamedTuple):
    """A value that was completed or converted, and the code that tells how."""

    value: Any
    code: str
    params: Mapping[str, str]


class DayReader(NamedTuple):
    """Reads days of one column.

    `earliest` and `latest` are the years in which a year of two digits must lie so that only
    one century is possible; else the cell is refused. `epoch_1904` tells how a workbook counts
    days that are stored as numbers; None refuses these.
    """

    earliest: int
    latest: int
    epoch_1904: bool | None

    def parse(self, text: str) -> date | Noted:
        """Read 31.12.2026, 2026-12-31, 31/12/2026, 20261231, 31122026; a time is left out."""
        text = _TIME.sub("", text)
        try:
            found = self._parse_written(text)
        except UnableToReadCell:
            raise
        except ValueError:
            raise UnableToReadCell("NO_SUCH_DAY") from None
        if found is not None:
            return found
        if match := _SERIAL_DATE.fullmatch(text):
            return self._count(int(match[1]))
        raise UnableToReadCell("NO_DATE")

    def _parse_written(self, text: str) -> date | Noted | None:
        """The day; None for what is written in no way we know, ValueError for no such day."""
        if match := _GERMAN_DATE.fullmatch(text):
            if len(match[3]) == 2:
                return self._complete(text, int(match[3]), int(match[2]), int(match[1]))
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _ISO_DATE.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _SLASH_DATE.fullmatch(text):
            return _parse_slashes(int(match[1]), int(match[3]), int(match[4]))
        return _parse_packed(text) if _PACKED_DATE.fullmatch(text) else None

    def _complete(self, text: str, year: int, month: int, day: int) -> Noted:
        years = [y for y in (1900 + year, 2000 + year) if self.earliest <= y <= self.latest]
        if len(years) != 1:
            raise UnableToReadCell("TWO_DIGIT_YEAR")
        complete = date(years[0], month, day)
        params = {"written": text, "read": f"{complete:%d.%m.%Y}"}
        return Noted(complete, "YEAR_COMPLETED", params)

    def _count(self, days: int) -> date:
        if self.epoch_1904 is None:
            raise UnableToReadCell("DATE_AS_NUMBER")
        if not _SMALLEST_SERIAL <= days <= _LARGEST_SERIAL:
            raise UnableToReadCell("NO_DATE")
        return (_FIRST_OF_1904 if self.epoch_1904 else _FIRST_OF_1900) + timedelta(days=days)


def _parse_slashes(first: int, second: int, year: int) -> date:
    """Day and month change places between countries; only one order may be possible."""
    if first <= 12 and second <= 12 and first != second:
        raise UnableToReadCell("AMBIGUOUS_DATE")
    return date(year, first, second) if second > 12 else date(year, second, first)


def _parse_packed(text: str) -> date:
    """Read 20261231 or 31122026: no day can be read both ways before the year 2200."""
    if text[:2] in ("19", "20") and "01" <= text[4:6] <= "12":
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return date(int(text[4:]), int(text[2:4]), int(text[:2]))


class BirthDateReader(NamedTuple):
    """Reads birth dates of people who may work on the day the file came in."""

    days: DayReader
    received: date

    def parse(self, text: str) -> date | Noted:
        """Read a day neither in the future nor more than 120 years ago."""
        found = self.days.parse(text)
        day = found.value if isinstance(found, Noted) else found
        if day > self.received:
            raise UnableToReadCell("BIRTH_DATE_IN_FUTURE")
        if day.year < self.received.year - OLDEST_YEARS:
            raise UnableToReadCell("BIRTH_DATE_TOO_OLD")
        return found


def parse_pay(text: str) -> Decimal:
    """Read a gross pay in EUR.

    A lone group of three digits after a point or comma is a thousands group ("1.234" is 1234),
    since people write pay with two decimals; numbers of workbooks come with two decimals or
    with four and more, which are rounded half up to the cent as the workbook shows them.
    """
    # Most amounts are written like this, and stand in one row only.
    if match := _USUAL_AMOUNT.fullmatch(text):
        return Decimal(f"{match[1]}.{match[2] or '0':0<2}")
    if match := _LONG_DECIMALS.fullmatch(text):
        text = str(round_cent(Decimal(f"{match[1]}.{match[2]}")))
    try:
        return parse_amount(text)
    except UnableToReadAmount:
        raise UnableToReadCell("NO_AMOUNT") from None


def parse_personnel_number(text: str) -> str:
    """Read up to 20 letters, digits and . / - _, leading zeros included."""
    if not _PERSONNEL_NUMBER.fullmatch(text):
        raise UnableToReadCell("NO_PERSONNEL_NUMBER")
    return text


def parse_name(text: str) -> str:
    """Read a first or last name."""
    if len(text) > LONGEST_NAME:
        raise UnableToReadCell("NAME_TOO_LONG", most=str(LONGEST_NAME))
    if not any(character.isalpha() for character in text) or any(c in "=<>" for c in text):
        raise UnableToReadCell("NO_NAME")
    return text


def parse_occupation(text: str) -> str:
    """Read an occupation; those that cannot be insured become their code."""
    return OCCUPATIONS.get(plain(text), text[:LONGEST_NAME])


def parse_reference(text: str) -> str:
    """Read the sender's own reference of a notice."""
    return text[:70]


def parse_health_insurance(text: str) -> str:
    """Read how or where somebody has health insurance."""
    return text[:20]


class WordReader:
    """Reads one of a few words; `words` lists value -> its words, the first one our own."""

    def __init__(self, words: Mapping[Any, tuple[str, ...]], code: str) -> None:
        self._values = {
            plain(name): value for value, names in words.items() for name in (str(value), *names)
        }
        self._code = code
        self._allowed = ", ".join(names[0] for names in words.values())

    def parse(self, text: str) -> Any:
        """The value the word stands for."""
        try:
            return self._values[plain(text)]
        except KeyError:
            raise UnableToReadCell(self._code, allowed=self._allowed) from None
