"""Objects of a body or an address, field by field: named errors, and nothing else taken.

One table of fields (`Field`) reads an object and describes it, so both say the same. Amounts are
text with a point ("3200.00"), days ISO 8601; numbers and null are not taken for them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from api.facts import Fault
from aupolicy.kernel.month import Month, UnableToReadMonth

_AMOUNT: Final = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,2})?")
_LONGER_AMOUNT: Final = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[\w./-]{1,20}")
# What we tell of it: `\w` means other letters to other programs.
NUMBER_PATTERN: Final = "^[0-9A-Za-zÄÖÜäöüß_./-]{1,20}$"
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class UnableToReadField(ValueError):
    """A value that a field cannot take; `code` says why."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how it is read, and what the description says of it.

    `kind` is text, day, month, moment, amount, choice, flag or count; `example` a constructed one;
    `least` and `most` bound a count, `pattern` is what a text must look like.
    """

    name: str
    read: Callable[[Any], Any]
    kind: str
    help: str
    required: bool = False
    longest: int | None = None
    choices: tuple[str, ...] = ()
    example: str = ""
    least: int | None = None
    most: int | None = None
    pattern: str = ""


def text(
    name: str, help_text: str, *, longest: int, required: bool = False, example: str = ""
) -> Field:
    """Visible characters; an empty text says nothing, as if it were not there."""

    def read(value: Any) -> str:
        return _read_text(value, longest)

    return Field(name, read, "text", help_text, required, longest, example=example)


def personnel_number(help_text: str, *, required: bool = True) -> Field:
    """The employer's own number of a person."""
    return Field(
        "personnel_number",
        _read_number,
        "text",
        help_text,
        required,
        20,
        example="1001",
        pattern=NUMBER_PATTERN,
    )


def day(name: str, help_text: str, *, required: bool = False, example: str = "2026-12-01") -> Field:
    """A day."""
    return Field(name, read_day, "day", help_text, required, example=example)


def month(name: str, help_text: str, *, required: bool = False) -> Field:
    """A month."""
    return Field(name, read_month, "month", help_text, required, example="2026-12")


def moment(name: str, help_text: str) -> Field:
    """A moment with its offset."""
    return Field(name, read_moment, "moment", help_text, example="2026-12-01T08:30:00Z")


def amount(name: str, help_text: str, *, required: bool = False) -> Field:
    """EUR."""
    return Field(name, read_amount, "amount", help_text, required, example="3200.00")


def choice(name: str, help_text: str, choices: Sequence[str], *, required: bool = False) -> Field:
    """One of some words."""
    allowed = {word: word for word in choices}

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise UnableToReadField("UNKNOWN_CHOICE", allowed=", ".join(choices))
        return value

    return Field(
        name, read, "choice", help_text, required, choices=tuple(choices), example=choices[0]
    )


def flag(name: str, help_text: str) -> Field:
    """True or false; in an address the words."""
    return Field(name, _read_flag, "flag", help_text, example="true")


def count(name: str, help_text: str, *, least: int, most: int) -> Field:
    """A whole number; in an address its digits."""

    def read(value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise UnableToReadField("NOT_A_WHOLE_NUMBER", least=str(least), most=str(most))
        return value

    return Field(name, read, "count", help_text, example=str(most), least=least, most=most)


class Reader:
    """Reads objects by a table of fields."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = {field.name: field for field in fields}
        self._required = [field.name for field in fields if field.required]

    def read(self, value: Any, place: str = "") -> tuple[dict[str, Any], list[Fault]]:
        """The fields given and readable, and what is wrong, each with where it stands.

        `place` is put before the names of fields ("notices/3").
        """
        if type(value) is not dict:
            return {}, [Fault("NOT_AN_OBJECT", place)]
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        fields = self._fields
        for name, raw in value.items():
            field = fields.get(name)
            if field is None:
                faults.append(Fault("UNKNOWN_FIELD", _join(place, name[:60])))
                continue
            try:
                found[name] = field.read(raw)
            except UnableToReadField as error:
                faults.append(Fault(error.code, _join(place, name), error.params))
        missing = [name for name in self._required if name not in value]
        faults.extend(Fault("MISSING", _join(place, name)) for name in missing)
        return found, faults

    def read_query(self, query: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
        """The same for the parameters of an address."""
        return self.read(dict(query.items()))


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _read_text(value: Any, longest: int) -> str:
    if type(value) is not str:
        raise UnableToReadField("NOT_TEXT")
    if len(value) > longest:
        raise UnableToReadField("TOO_LONG", most=str(longest))
    if not value.isprintable():
        raise UnableToReadField("UNSEEN_CHARACTERS")
    return value.strip()


def _read_number(value: Any) -> str:
    if type(value) is not str:
        raise UnableToReadField("NOT_TEXT")
    if not _NUMBER.fullmatch(value):
        raise UnableToReadField("NO_PERSONNEL_NUMBER")
    return value


def read_day(value: Any) -> date:
    """A day of the years 1900 to 2199."""
    if type(value) is not str or not _DAY.fullmatch(value):
        raise UnableToReadField("NO_DAY")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise UnableToReadField("NO_DAY") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise UnableToReadField("DAY_OUT_OF_RANGE")
    return found


def read_month(value: Any) -> Month:
    """A month."""
    try:
        return Month.parse(value if type(value) is str else "")
    except UnableToReadMonth:
        raise UnableToReadField("NO_MONTH") from None


def read_moment(value: Any) -> datetime:
    """A moment; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(value if type(value) is str else "")
    except ValueError:
        raise UnableToReadField("NO_MOMENT") from None
    if not _FIRST_YEAR < found.year < _LAST_YEAR:
        raise UnableToReadField("DAY_OUT_OF_RANGE")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read_amount(value: Any) -> Decimal:
    """EUR, not negative, below a hundred million."""
    if type(value) is str and _AMOUNT.fullmatch(value):
        return Decimal(value)
    if type(value) is str and value.isascii() and _LONGER_AMOUNT.fullmatch(value):
        raise UnableToReadField("AMOUNT_TOO_LARGE")
    raise UnableToReadField("NO_AMOUNT")


def _read_flag(value: Any) -> bool:
    if type(value) is bool:
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise UnableToReadField("NOT_TRUE_OR_FALSE")
