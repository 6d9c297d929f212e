"""A file of notices as what it says: its table, and notices or what is wrong, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import GroupContract
from aupolicy.queries import get_tariff_version, get_terms
from members.facts import Finding, Notice, NoticeKind, Severity, UploadKind
from members.models import ColumnMapping, Upload
from members.parsing.headings import Columns, guess_mapping
from members.parsing.problems import Problem
from members.parsing.row_values import (
    CheckedRow,
    Defaults,
    PayrollEntry,
    each_payroll_row,
    each_row,
    read_cells,
)
from members.parsing.table import Table, read_table
from members.queries.full_list import ListDay, compare_payroll, list_on_record
from members.rules import DayTerms

Corrections = Mapping[int, Mapping[str, str]]


class Said(NamedTuple):
    """What a row says, or what is wrong with it; `row` None: somebody who is not in the list.

    `number` and `name` are empty where they cannot be read.
    """

    row: int | None
    number: str
    name: str
    notices: tuple[Notice, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file says. `unchanged` counts people of a payroll with nothing new about them.

    `said` can be gone through once: what is said of a row is made when it is asked for.
    """

    table: Table
    columns: Columns
    corrections: Corrections
    said: Iterable[Said]
    unchanged: int = 0
    insured: int | None = None
    notes: list[Problem] = field(default_factory=list)

    def cells(self, row: int) -> dict[str, str]:
        """The texts of a row by field, corrections included."""
        return read_cells(self.table, self.columns, row=row, corrections=self.corrections)


def open_table(upload: Upload) -> tuple[Table, Columns]:
    """A file's table, with its columns as chosen, remembered or guessed.

    Raises UnableToReadTable.
    """
    mapping = upload.mapping or remembered_mapping(upload)
    path = FileStore(Path(settings.FILES_ROOT)).path(upload.sha256)
    table = read_table(path, file_name=upload.file_name, remembered=mapping)
    kind = UploadKind(upload.kind)
    return table, guess_mapping(table.headings, kind=kind, remembered=mapping)


def remembered_mapping(upload: Upload) -> dict[str, str]:
    """What the columns of the employer's earlier files of this kind meant."""
    found = ColumnMapping.objects.filter(
        employer_id=upload.contract.employer_id, kind=upload.kind
    ).first()
    return dict(found.mapping) if found else {}


def list_corrections(upload: Upload) -> dict[int, dict[str, str]]:
    """Cells put right on the screen, by row."""
    return dict(upload.corrections.values_list("row", "cells"))


def read_upload(upload: Upload) -> Reading:
    """Read a file and match a complete payroll against who is insured. Raises UnableToReadTable."""
    table, columns = open_table(upload)
    corrections = list_corrections(upload)
    defaults = Defaults(received_at=upload.received_at, effective=upload.effective)
    if upload.kind == UploadKind.FULL_LIST:
        people = each_payroll_row(table, columns, defaults=defaults, corrections=corrections)
        return _read_payroll(upload, Reading(table, columns, corrections, ()), people)
    rows = each_row(table, columns, defaults=defaults, corrections=corrections)
    reading = Reading(table, columns, corrections, (), notes=list(table.notes))
    return replace(reading, said=_say_changes(reading, rows, upload))


def _say_changes(
    reading: Reading, rows: Iterable[CheckedRow[Notice]], upload: Upload
) -> Iterator[Said]:
    for row in rows:
        notice = row.value
        if notice is None:
            yield _say_failed(reading, row)
            continue
        findings = tuple(map(_note, row.notes)) if row.notes else ()
        if upload.effective and notice.kind in _ENDS and _has_no_day(reading, row.number):
            findings += (Finding(Severity.WARNING, "LEAVE_WITHOUT_DAY"),)
        name = f"{notice.last_name}, {notice.first_name}" if notice.last_name else ""
        yield Said(row.number, notice.personnel_number, name, (notice,), findings)


_ENDS = frozenset({NoticeKind.LEAVE, NoticeKind.DEATH, NoticeKind.PARENTAL_LEAVE})


def _has_no_day(reading: Reading, row: int) -> bool:
    """Whether a row leaves its day to the default."""
    return not reading.cells(row).get("effective")


def _say_failed(reading: Reading, row: CheckedRow[Notice] | CheckedRow[PayrollEntry]) -> Said:
    cells = reading.cells(row.number)
    name = ", ".join(filter(None, (cells.get("last_name"), cells.get("first_name"))))
    findings = tuple(_finding(Severity.ERROR, problem) for problem in row.problems)
    number = cells.get("personnel_number", "")[:20]
    return Said(row.number, number, name[:142], (), findings)


def _note(problem: Problem) -> Finding:
    return _finding(Severity.NOTE, problem)


def _finding(severity: Severity, problem: Problem) -> Finding:
    return Finding(severity, problem.code, problem.column, problem.value, problem.params)


def _read_payroll(
    upload: Upload, empty: Reading, rows: Iterable[CheckedRow[PayrollEntry]]
) -> Reading:
    contract, effective = upload.contract, upload.effective
    if effective is None:
        raise ValueError("a complete payroll without its day")
    sorted_out = _SortedOut(empty)
    on_record = list_on_record(contract, effective)
    differences = compare_payroll(
        sorted_out.take_people(rows),
        on_record,
        describe_day(contract, effective, upload.received_at),
        unread=sorted_out.unread,
    )
    notes = sorted_out.notes
    said = [
        Said(
            d.row, d.personnel_number, d.name, d.notices, (*d.findings, *notes.get(d.row or 0, ()))
        )
        for d in differences
    ]
    found = sorted([*sorted_out.failed, *said], key=lambda one: (one.row is None, one.row or 0))
    with_row = sum(one.row is not None for one in found)
    return replace(
        empty,
        said=found,
        unchanged=len(empty.table.rows) - with_row,
        insured=sum(person.pay is not None for person in on_record.values()),
        notes=list(empty.table.notes),
    )


class _SortedOut:
    """Rows of a payroll that cannot be read, and notes about others, put aside on the way."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.failed: list[Said] = []
        self.unread: list[str] = []
        self.notes: dict[int, tuple[Finding, ...]] = {}

    def take_people(self, rows: Iterable[CheckedRow[PayrollEntry]]) -> Iterator[PayrollEntry]:
        """The people of the rows that can be read."""
        for row in rows:
            if row.value is None:
                failed = _say_failed(self.reading, row)
                self.failed.append(failed)
                self.unread.append(failed.number)
                continue
            if row.notes:
                self.notes[row.number] = tuple(map(_note, row.notes))
            yield row.value


def describe_day(contract: GroupContract, effective: date, received_at: datetime) -> ListDay:
    """The day of a complete payroll with what the contract settles for it."""
    parameters = get_tariff_version(contract, effective).parameters
    terms = get_terms(contract, effective)
    return ListDay(
        effective=effective,
        received_at=received_at,
        received=timezone.localtime(received_at).date(),
        terms=DayTerms(contract.period, parameters, terms.co_insures_directors),
    )
