"""Rows of a job's preview, and what is to be told about them, in both languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from api.models import Job, JobRow
from api.words import describe_cell, describe_file, describe_finding, in_both
from members.facts import Severity
from members.models import UploadRow

AnyRow = JobRow | UploadRow
OUTCOMES = ("apply", "clerk", "known", "none", "failed")


def list_rows(job: Job, *, outcome: str = "", after: int = 0) -> QuerySet[Any]:
    """The rows of a preview in its order, from behind a row."""
    rows: QuerySet[Any]
    if job.upload is not None:
        rows = UploadRow.objects.filter(upload=job.upload)
    else:
        rows = JobRow.objects.filter(job=job)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.filter(pk__gt=after).order_by("pk")


def write_row(job: Job | None, row: AnyRow) -> dict[str, Any]:
    """One notice that a payroll or file would make, or why somebody cannot be taken."""
    is_file = job is not None and job.upload is not None
    place = None if is_file or row.row is None else row.row - 1
    about = "" if place is None else f"people/{place}"
    return {
        "index": place,
        "row": row.row if is_file else None,
        "reference": (getattr(row, "reference", "") or None),
        "personnel_number": row.personnel_number or None,
        "outcome": row.outcome,
        "kind": row.kind or None,
        "effective": row.effective,
        "pay_before": row.pay_before,
        "pay": row.pay,
        "premium_change": row.premium_change,
        "errors": _list(row, Severity.ERROR, about, is_file=is_file),
        "warnings": _list(row, Severity.WARNING, about, is_file=is_file),
        "notes": _list(row, Severity.NOTE, about, is_file=is_file),
    }


def _list(row: AnyRow, severity: Severity, about: str, *, is_file: bool) -> list[dict[str, str]]:
    write = _write_cell if is_file else _write_finding
    return [write(found, about) for found in row.findings if found["severity"] == severity]


def _write_finding(found: Mapping[str, Any], about: str) -> dict[str, str]:
    return _write(found["code"], found["column"] or about, found["params"])


def _write_cell(found: Mapping[str, Any], _about: str) -> dict[str, str]:
    """What is told about a cell of a file, as the portal tells it."""
    params = {**found["params"], "cell_column": found["column"], "cell_value": found["value"]}
    german, english = in_both(describe_cell, found["code"], _frozen(params))
    return _entry(found["code"], found["column"], german, english)


def _write(code: str, field: str, params: Mapping[str, Any]) -> dict[str, str]:
    german, english = in_both(describe_finding, code, _frozen(params))
    return _entry(code, field, german, english)


def _entry(code: str, field: str, german: str, english: str) -> dict[str, str]:
    return {"code": code, "field": field, "message_de": german, "message_en": english}


def _frozen(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in params.items()))


def write_notes(notes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What is to be told about the whole."""
    return [_write_about_file(note) for note in notes]


def write_problem(job: Job, problem: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Why a job failed or waits, with what is wrong in its file."""
    if problem is None:
        return None
    told = _write(problem["code"], "", problem["params"])
    errors = [_write_about_file(one) for one in job.upload.problems] if job.upload else []
    return {**told, "errors": errors}


def _write_about_file(one: Mapping[str, Any]) -> dict[str, str]:
    row = {} if one["row"] is None else {"cell_row": one["row"]}
    params = {**one["params"], **row, "cell_column": one["column"], "cell_value": one["value"]}
    german, english = in_both(describe_file, one["code"], _frozen(params))
    return _entry(one["code"], one["column"], german, english)
