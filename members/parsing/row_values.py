"""The rows of a table as values: notices, or people of a complete payroll, or what is wrong."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from aupolicy.kernel.memory import paused_garbage_collector
from aupolicy.kernel.money import format_amount
from members.facts import Employment, Notice, NoticeKind, UploadKind
from members.parsing.cell_words import YEARLY
from members.parsing.headings import Columns
from members.parsing.problems import Problem
from members.parsing.row_reader import Corrections, ReadRow, RowReader, require_columns, to_monthly
from members.parsing.table import Table

Value = TypeVar("Value")
_JOIN_COLUMNS = ("last_name", "first_name", "birth_date", "pay")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for rows that do not say it themselves.

    The date of `received_at`, in its own time zone, is the day against which birth dates and
    years of two digits are judged.
    """

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

    `entry_date` and `exit_date` (last day of employment) only where the file tells them.
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
    """All of `each_row`."""
    with paused_garbage_collector():
        return list(each_row(table, columns, defaults=defaults, corrections=corrections))


def each_row(
    table: Table, columns: Columns, *, defaults: Defaults, corrections: Corrections | None = None
) -> Iterator[CheckedRow[Notice]]:
    """Every row of a file of changes as a notice, or what is wrong with it, in file order.

    The rows are read as they are asked for, a few hundred at a time.

    `corrections` (row number -> field -> text) replace cells before checking. A row that repeats
    person, kind and day of an earlier one has the problem PERSON_TWICE. Raises
    UnableToReadTable only where a needed column is missing (MISSING_COLUMN) or two columns mean
    the same (COLUMN_TWICE).
    """
    needed = ["personnel_number"]
    if "kind" not in columns.fields:
        needed += _needed_for(defaults.kind)
    if defaults.effective is None:
        needed.append("effective")
    require_columns(table, columns, needed)
    reader = RowReader(
        table,
        columns,
        kind=UploadKind.CHANGES,
        received=defaults.received_at.date(),
        corrections=corrections,
    )
    return map(_NoticeReader(columns, defaults, reader).read, reader.read(table.rows))


def read_payroll_rows(
    table: Table, columns: Columns, *, defaults: Defaults, corrections: Corrections | None = None
) -> list[CheckedRow[PayrollEntry]]:
    """All of `each_payroll_row`."""
    with paused_garbage_collector():
        return list(each_payroll_row(table, columns, defaults=defaults, corrections=corrections))


def each_payroll_row(
    table: Table, columns: Columns, *, defaults: Defaults, corrections: Corrections | None = None
) -> Iterator[CheckedRow[PayrollEntry]]:
    """Every row of a complete payroll as a person, or what is wrong with it, in file order.

    The rows are read as they are asked for, a few hundred at a time.

    Needed columns: personnel number, names, birth date, pay. `corrections` as in `each_row`.
    A personnel number that stands twice is the problem NUMBER_TWICE of the later row. Raises
    UnableToReadTable only where a needed column is missing (MISSING_COLUMN) or two columns mean
    the same (COLUMN_TWICE).
    """
    require_columns(table, columns, ["personnel_number", *_JOIN_COLUMNS])
    reader = RowReader(
        table,
        columns,
        kind=UploadKind.FULL_LIST,
        received=defaults.received_at.date(),
        corrections=corrections,
    )
    return map(_PayrollReader(columns, reader).read, reader.read(table.rows))


def read_cells(
    table: Table, columns: Columns, *, row: int, corrections: Corrections | None = None
) -> dict[str, str]:
    """The texts of one row by field, corrections included, for showing and putting right.

    `row` is its number in the file; one that the file does not have is empty.
    """
    place = bisect_left(table.rows, (row, ""))
    found = table.rows[place] if place < len(table.rows) else None
    cells = found.cells if found and found.number == row else []
    texts = {
        name: cells[index].strip() if index < len(cells) else ""
        for name, index in columns.fields.items()
    }
    return texts | dict((corrections or {}).get(row, {}))


def _needed_for(kind: NoticeKind) -> list[str]:
    match kind:
        case NoticeKind.JOIN:
            return list(_JOIN_COLUMNS)
        case NoticeKind.PAY_CHANGE:
            return ["pay"]
        case NoticeKind.CORRECTION:
            return ["corrects"]
    return []


class _NoticeReader:
    """Makes notices of rows."""

    def __init__(self, columns: Columns, defaults: Defaults, reader: RowReader) -> None:
        self.defaults = defaults
        self.effective = defaults.effective or defaults.received_at.date()
        self.reader = reader
        self.heading = columns.heading("personnel_number")
        self.required = {kind: self._required(kind) for kind in NoticeKind}
        self.pick = {kind: itemgetter(0, *places) for kind, places in self.required.items()}
        self.first: dict[str, Notice] = {}
        self.told: dict[str, dict[tuple[NoticeKind, date, str], int]] = {}

    def _required(self, kind: NoticeKind) -> Sequence[int]:
        names = ["personnel_number", *_needed_for(kind)]
        if self.defaults.effective is None and kind is not NoticeKind.CORRECTION:
            names.append("effective")
        return self.reader.places(*names)

    def read(self, row: ReadRow) -> CheckedRow[Notice]:
        """The row as a notice."""
        kind = row.values[_KIND] or self.defaults.kind
        problems = row.problems
        if None in self.pick[kind](row.values):
            problems = self.reader.find_empty(row, self.required[kind])
        if problems:
            return CheckedRow(row.number, None, problems, row.notes)
        notes, notice = self._make(row, kind)
        if self.first.setdefault(notice.personnel_number, notice) is not notice:
            problems = self._compare(notice)
        return CheckedRow(row.number, None if problems else notice, problems, notes)

    def _compare(self, notice: Notice) -> tuple[Problem, ...]:
        """Whether an earlier row of this person told the same."""
        number, row = notice.personnel_number, notice.row or 0
        first = self.first[number]
        told = self.told.setdefault(number, {_subject(first): first.row or 0})
        earlier = told.setdefault(_subject(notice), row)
        if earlier == row:
            return ()
        return (_twice("PERSON_TWICE", row, self.heading, number, earlier),)

    def _make(self, row: ReadRow, kind: NoticeKind) -> tuple[tuple[Problem, ...], Notice]:
        (
            personnel_number,
            last_name,
            first_name,
            birth_date,
            pay,
            interval,
            employment,
            occupation,
            health_insurance,
            _,
            effective,
            reason,
            reference,
            corrects,
        ) = row.values
        notes = row.notes
        if interval == YEARLY and pay is not None:
            notes, pay = _tell_monthly(row, pay)
        return notes, Notice(
            kind=kind,
            personnel_number=personnel_number,
            effective=effective or self.effective,
            received_at=self.defaults.received_at,
            pay=pay,
            reason=reason,
            first_name=first_name or "",
            last_name=last_name or "",
            birth_date=birth_date,
            employment=employment or Employment.REGULAR,
            occupation=occupation or "",
            health_insurance=health_insurance or "",
            reference=reference or "",
            corrects=corrects or "",
            row=row.number,
        )


# Where the kind stands among the values of a file of changes; `_make` names them all.
_KIND = 9


class _PayrollReader:
    """Makes people of a payroll of rows."""

    def __init__(self, columns: Columns, reader: RowReader) -> None:
        self.reader = reader
        self.heading = columns.heading("personnel_number")
        self.required = reader.places("personnel_number", *_JOIN_COLUMNS)
        self.pick = itemgetter(*self.required)
        self.seen: dict[str, int] = {}

    def read(self, row: ReadRow) -> CheckedRow[PayrollEntry]:
        """The row as a person."""
        values = row.values
        problems = row.problems
        if None in self.pick(values):
            problems = self.reader.find_empty(row, self.required)
        first = self.seen.setdefault(values[0], row.number) if values[0] else row.number
        if first != row.number:
            problems = (
                *problems,
                _twice("NUMBER_TWICE", row.number, self.heading, values[0], first),
            )
        if problems:
            return CheckedRow(row.number, None, problems, row.notes)
        return self._make(row)

    def _make(self, row: ReadRow) -> CheckedRow[PayrollEntry]:
        (
            personnel_number,
            last_name,
            first_name,
            birth_date,
            pay,
            interval,
            employment,
            occupation,
            health_insurance,
            entry_date,
            exit_date,
        ) = row.values
        notes = row.notes
        if interval == YEARLY:
            notes, pay = _tell_monthly(row, pay)
        entry = PayrollEntry(
            row=row.number,
            personnel_number=personnel_number,
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            pay=pay,
            employment=employment or Employment.REGULAR,
            occupation=occupation or "",
            health_insurance=health_insurance or "",
            entry_date=entry_date,
            exit_date=exit_date,
        )
        return CheckedRow(row.number, entry, (), notes)


def _tell_monthly(row: ReadRow, pay: Decimal) -> tuple[tuple[Problem, ...], Decimal]:
    """The notes of a row whose pay is told for a year, and its pay for a month."""
    monthly = to_monthly(pay, YEARLY)
    params = {"yearly": format_amount(pay), "monthly": format_amount(monthly)}
    return (*row.notes, Problem("PAY_FROM_YEARLY", row.number, params=params)), monthly


def _subject(notice: Notice) -> tuple[NoticeKind, date, str]:
    """What a notice tells about its person."""
    return notice.kind, notice.effective, notice.corrects


def _twice(code: str, number: int, heading: str, person: str, first: int) -> Problem:
    return Problem(code, number, heading, person, {"first": str(first)})
