"""One file of the corpus and what has to come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members.facts import UploadKind

HEADINGS = ("Personalnummer", "Nachname", "Vorname", "Geburtsdatum", "Bruttoentgelt")
HEAD = ";".join(HEADINGS)
ROW = "17;Müller;Zoë;24.12.1990;2.400,00"
OTHER_ROW = "18;Weiß;Jörg;01.03.1985;3.100,50"


@dataclass(frozen=True)
class Person:
    """What must be read from a row."""

    row: int
    number: str = "17"
    last_name: str = "Müller"
    first_name: str = "Zoë"
    birth_date: date = date(1990, 12, 24)
    pay: Decimal = Decimal("2400.00")


def other(row: int) -> Person:
    """The person of OTHER_ROW."""
    return Person(row, "18", "Weiß", "Jörg", date(1985, 3, 1), Decimal("3100.50"))


@dataclass(frozen=True)
class Case:
    """A file, by what it is called in the report of the tests.

    `people` are read right and `problems` (row, column, code) told; or `refusal` is the code that
    refuses the whole file. `advice` stands in the German message of the first problem.
    """

    name: str
    build: Callable[[], bytes]
    people: tuple[Person, ...] = ()
    problems: tuple[tuple[int, str, str], ...] = ()
    refusal: str = ""
    advice: str = ""
    notes: tuple[str, ...] = ()
    file_name: str = "liste.xlsx"
    kind: UploadKind = UploadKind.CHANGES


def text(*lines: str, encoding: str = "utf-8", newline: str = "\r\n") -> Callable[[], bytes]:
    """A file of these lines."""
    return lambda: (newline.join(lines) + newline).encode(encoding)


def raw(content: bytes) -> Callable[[], bytes]:
    """A file of these bytes."""
    return lambda: content
