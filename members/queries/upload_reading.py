"""A file of notices as what it says: its table, and notices or what is wrong, row by row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
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
    read_cells,
    read_payroll_rows,
    read_rows,
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
        people = read_payroll_rows(table, columns, defaults=defaults, corrections=corrections)
        return _read_payroll(upload, Reading(table, columns, corrections, []), people)
    rows = read_rows(table, columns, defaults=defaults, corrections=corrections)
    reading = Reading(table, columns, corrections, (), notes=list(table.notes))
    return replace(reading, said=_say_changes(reading, rows, upload))


def _say_changes(
    reading: Reading, rows: Iterable[CheckedRow[Notice]], upload: Upload
) -> Iterator[Said]:
    ends_somewhere = _rows_without_day(reading) if upload.effective else frozenset()
    for row in rows:
        notice = row.value
        if notice is None:
            yield _say_failed(reading, row)
            continue
        findings = tuple(map(_note, row.notes)) if row.notes else ()
        if notice.kind in _ENDS and row.number in ends_somewhere:
            findings += (Finding(Severity.WARNING, "LEAVE_WITHOUT_DAY"),)
        name = f"{notice.last_name}, {notice.first_name}" if notice.last_name else ""
        yield Said(row.number, notice.personnel_number, name, (notice,), findings)


_ENDS = frozenset({NoticeKind.LEAVE, NoticeKind.DEATH, NoticeKind.PARENTAL_LEAVE})


def _rows_without_day(reading: Reading) -> frozenset[int]:
    """Rows that leave the day to the default."""
    place = reading.columns.fields.get("effective")
    put_right = {row for row, cells in reading.corrections.items() if cells.get("effective")}
    return frozenset(
        row.number
        for row in reading.table.rows
        if row.number not in put_right
        and (place is None or place >= len(cells := row.cells) or not cells[place].strip())
    )


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


def _read_payroll(upload: Upload, empty: Reading, rows: list[CheckedRow[PayrollEntry]]) -> Reading:
    contract, effective = upload.contract, upload.effective
    if effective is None:
        raise ValueError("a complete payroll without its day")
    failed = [_say_failed(empty, row) for row in rows if row.value is None]
    notes = {row.number: tuple(map(_note, row.notes)) for row in rows if row.notes}
    on_record = list_on_record(contract, effective)
    people = [row.value for row in rows if row.value is not None]
    differences = compare_payroll(
        people,
        on_record,
        describe_day(contract, effective, upload),
        unread=[said.number for said in failed],
    )
    said = [
        Said(
            d.row, d.personnel_number, d.name, d.notices, (*d.findings, *notes.get(d.row or 0, ()))
        )
        for d in differences
    ]
    found = sorted([*failed, *said], key=lambda one: (one.row is None, one.row or 0))
    with_row = sum(one.row is not None for one in found)
    return Reading(
        table=empty.table,
        columns=empty.columns,
        corrections=empty.corrections,
        said=found,
        unchanged=len(rows) - with_row,
        insured=sum(person.pay is not None for person in on_record.values()),
        notes=list(empty.table.notes),
    )


def describe_day(contract: GroupContract, effective: date, upload: Upload) -> ListDay:
    """The day of a complete payroll with what the contract settles for it."""
    parameters = get_tariff_version(contract, effective).parameters
    terms = get_terms(contract, effective)
    return ListDay(
        effective=effective,
        received_at=upload.received_at,
        received=timezone.localtime(upload.received_at).date(),
        terms=DayTerms(contract.period, parameters, terms.co_insures_directors),
    )
