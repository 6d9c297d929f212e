"""Reads of files of notices for the pages that show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F
from django.utils.translation import gettext as _

from aupolicy.queries.progress import read_progress
from members.facts import NoticeKind, UploadKind
from members.models import Upload, UploadRow
from members.parsing.headings import FIELDS, Columns
from members.parsing.problems import Problem
from members.parsing.table import Table
from members.queries.upload_reading import open_table
from members.words import describe_kind, describe_row_finding

# About 2,000 rows: a second of work, which a sender may wait for.
_SMALL_BYTES = 150_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class UploadColumns:
    """A file's columns: what they are taken for, the first rows, and the fields there are."""

    columns: Columns
    examples: Sequence[Sequence[str]]
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows of a preview; `page` counts from 1, `count` are all rows of the selection.

    `first_place` and `last_place` are those of the shown rows in it, from 1.
    """

    rows: Sequence[UploadRow]
    page: int
    pages: int
    count: int
    first_place: int

    @property
    def last_place(self) -> int:
        """The place of the last shown row."""
        return self.first_place + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class FailedRows:
    """What members.exports.write_failed_rows needs: the table, and sentences by row number."""

    table: Table
    errors: Mapping[int, Sequence[str]]


class Step(StrEnum):
    """What is being done with a file."""

    READ = "read"
    MATCH = "match"
    WRITE = "write"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step has come, in rows; `total` 0 while the file is still being read."""

    step: Step
    done: int
    total: int


def get_columns(upload: Upload) -> UploadColumns:
    """A file's columns, for the page that asks what they mean. Raises UnableToReadTable."""
    table, columns = open_table(upload)
    examples = [row.cells for row in table.rows[:_EXAMPLES]]
    return UploadColumns(columns, examples, list(FIELDS[UploadKind(upload.kind)]))


def page_of_rows(
    *, upload: Upload, outcome: str = "", only_findings: bool = False, page: int = 1, size: int = 50
) -> RowPage:
    """A page of a preview's rows in the order of the file, people missing in it last.

    `outcome` is one of UploadRow.outcome ("" for all), `only_findings` leaves rows with errors or
    warnings. Two queries. Rows of a complete payroll that change nothing and have no finding are
    only counted (`summary["outcomes"]["none"]`), not kept. A page too far is the last one.
    """
    rows = UploadRow.objects.filter(upload=upload)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if only_findings:
        rows = rows.exclude(findings=[])
    count = rows.count()
    pages = max(1, -(-count // size))
    page = min(max(page, 1), pages)
    ordered = rows.order_by(F("row").asc(nulls_last=True), "id")
    before = (page - 1) * size
    return RowPage(list(ordered[before : page * size]), page, pages, count, before + 1)


def get_failed_rows(upload: Upload) -> FailedRows:
    """The rows that cannot be taken, with their reasons in the user's language.

    Corrections made on the screen are not in it: the file is as it came. Raises
    UnableToReadTable.
    """
    table, _columns = open_table(upload)
    errors: dict[int, list[str]] = {}
    failed = UploadRow.objects.filter(upload=upload, outcome="failed", row__isnull=False)
    for row, findings in failed.order_by("row", "id").values_list("row", "findings"):
        errors.setdefault(row or 0, []).extend(describe_findings(findings, severity="error"))
    return FailedRows(table, errors)


def describe_findings(findings: Sequence[Mapping[str, object]], *, severity: str = "") -> list[str]:
    """Sentences for the findings of a stored row, of one severity or of all."""
    return [
        describe_row_finding(
            str(found["code"]),
            {k: str(v) for k, v in dict(found["params"]).items()},  # type: ignore[call-overload]
            column=str(found["column"]),
            value=str(found["value"]),
        )
        for found in findings
        if severity in ("", found["severity"])
    ]


def describe_row(row: UploadRow) -> str:
    """One sentence: which row, what it says, and what is to be told about it."""
    place = [_("Zeile %(row)d") % {"row": row.row}] if row.row else []
    if row.kind and row.effective:
        place.append(
            _("%(kind)s Personalnummer %(number)s zum %(day)s")
            % {
                "kind": describe_kind(NoticeKind(row.kind)),
                "number": row.personnel_number,
                "day": f"{row.effective:%d.%m.%Y}",
            }
        )
    sentences = " ".join(describe_findings(row.findings))
    return f"{', '.join(place)}{': ' if row.kind else ', '}{sentences}"


def list_rows(upload: Upload, outcome: str, *, with_findings: bool = False) -> Iterator[UploadRow]:
    """The rows of one outcome in the order of the file, people missing in it last."""
    rows = UploadRow.objects.filter(upload=upload, outcome=outcome)
    if with_findings:
        rows = rows.exclude(findings=[])
    return rows.order_by(F("row").asc(nulls_last=True), "id").iterator()


def list_notes(upload: Upload) -> list[Problem]:
    """What is to be told about a file as a whole: sheets left out, a mass leave."""
    return [Problem(**note) for note in upload.summary.get("notes", [])]


def list_problems(upload: Upload) -> list[Problem]:
    """Why a file cannot be read, or which of its columns are not clear."""
    return [Problem(**problem) for problem in upload.problems]


def name_job(upload_id: int) -> str:
    """The work on a file as a job that has a progress."""
    return f"upload:{upload_id}"


def get_progress(upload: Upload) -> Progress | None:
    """How far the work on a file is; None where that is not known or nothing is going on."""
    found = read_progress(name_job(upload.pk))
    return Progress(Step(found[0]), found[1], found[2]) if found else None


def is_small(upload: Upload) -> bool:
    """Whether a file is checked and applied while its sender waits (up to about 2,000 rows)."""
    return upload.byte_count <= _SMALL_BYTES
