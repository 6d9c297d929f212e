"""Reads of files of notices: for the pages that show them, and for those who check and apply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from members.models import Upload, UploadRow
from members.parsing.headings import Columns
from members.parsing.table import Table


@dataclass(frozen=True, slots=True)
class UploadColumns:
    """A file's columns: what they are taken for, the first rows, and the fields that are needed."""

    columns: Columns
    examples: Sequence[Sequence[str]]
    needed: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows of a preview; `page` counts from 1, `count` are all rows of the selection."""

    rows: Sequence[UploadRow]
    page: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class FailedRows:
    """What members.exports.write_failed_rows needs: the table, and sentences by row number."""

    table: Table
    errors: Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far checking or applying a file has come, in rows."""

    done: int
    total: int


def get_columns(upload: Upload) -> UploadColumns:
    """A file's columns, for the page that asks what they mean. Raises UnableToReadTable."""
    raise NotImplementedError


def page_of_rows(
    *, upload: Upload, outcome: str = "", only_findings: bool = False, page: int = 1, size: int = 50
) -> RowPage:
    """A page of a preview's rows in the order of the file, people missing in it last.

    `outcome` is one of UploadRow.outcome ("" for all), `only_findings` leaves rows with errors or
    warnings. Two queries. Rows of a complete payroll that change nothing and have no finding are
    only counted (`summary["outcomes"]["none"]`), not kept.
    """
    raise NotImplementedError


def get_failed_rows(upload: Upload) -> FailedRows:
    """The rows that cannot be taken, with their reasons in the user's language.

    Corrections made on the screen are not in it: the file is as it came.
    """
    raise NotImplementedError


def get_progress(upload: Upload) -> Progress | None:
    """How far the work on a file is; None where that is not known or nothing is going on."""
    raise NotImplementedError


def is_small(upload: Upload) -> bool:
    """Whether a file is checked and applied while its sender waits (up to about 2,000 rows)."""
    raise NotImplementedError
