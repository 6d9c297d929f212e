"""The rows of a table as values: notices, or people of a complete payroll, or what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from members.facts import Notice, NoticeKind
from members.parsing.headings import Columns
from members.parsing.problems import Problem
from members.parsing.table import Table

Corrections = Mapping[int, Mapping[str, str]]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say it themselves."""

    received_at: datetime
    effective: date | None = None
    kind: NoticeKind = NoticeKind.JOIN


class CheckedRow(NamedTuple, Generic[Value]):
    """A row of a file: its value, or None with the problems.

    `notes` tell where something was completed or converted: YEAR_COMPLETED (a year of two
    digits), PAY_FROM_YEARLY (a twelfth of a yearly pay).
    """

    number: int
    value: Value | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class PayrollEntry(NamedTuple):
    """One person of a complete payroll. `pay` is monthly gross in EUR.

    `birth_date` is always there; `entry_date` and `exit_date` (last day of employment) only
    where the file tells them.
    """

    row: int
    personnel_number: str
    first_name: str
    last_name: str
    birth_date: date
    pay: Decimal
    employment: str
    occupation: str = ""
    health_insurance: str = ""
    entry_date: date | None = None
    exit_date: date | None = None


def read_rows(
    table: Table, columns: Columns, *, defaults: Defaults, corrections: Corrections | None = None
) -> list[CheckedRow[Notice]]:
    """Every row of a file of changes as a notice, or what is wrong with it, in file order.

    `corrections` (row number -> field -> text) replace cells before checking. A row that repeats
    person, kind and day of an earlier one has the problem PERSON_TWICE. Raises
    UnableToReadTable only where a needed column is missing (MISSING_COLUMN).
    """
    raise NotImplementedError


def read_payroll_rows(
    table: Table, columns: Columns, *, defaults: Defaults, corrections: Corrections | None = None
) -> list[CheckedRow[PayrollEntry]]:
    """Every row of a complete payroll as a person, or what is wrong with it, in file order.

    Needed columns: personnel number, names, birth date, pay. `corrections` as in `read_rows`.
    A personnel number that stands twice is the problem PERSON_TWICE of the later row. Raises
    UnableToReadTable only where a needed column is missing (MISSING_COLUMN).
    """
    raise NotImplementedError


def read_cells(
    table: Table, columns: Columns, *, row: int, corrections: Corrections | None = None
) -> dict[str, str]:
    """The texts of one row by field, corrections included, for showing and putting right."""
    raise NotImplementedError
