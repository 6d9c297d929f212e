"""The rows of a file that could not be taken, with the reason beside each."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import xlsxwriter

from aupolicy.kernel.spreadsheet_text import guard_formula
from members.parsing.table import Table

# Every file carries the same day, so that the same rows give the same bytes.
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_WIDTH, _ERROR_WIDTH = 18, 80


def write_failed_rows(
    table: Table,
    errors: Mapping[int, Sequence[str]],
    *,
    heading: str,
    file_format: Literal["xlsx", "csv"] = "xlsx",
) -> bytes:
    """The original columns of the rows in `errors` (row number -> sentences) and one more.

    `heading` is the name of that last column ("Fehler"); one of that name from an earlier round
    is replaced. Text that a spreadsheet would run as a formula is written as text. The file can
    be put right and uploaded as it is: the last column is ignored. The same arguments give the
    same bytes.
    """
    width = len(table.headings)
    if table.headings[-1] == heading:
        width -= 1
    rows = _rows(table, errors, heading, width)
    if file_format == "csv":
        return _write_csv(rows)
    return _write_workbook(rows, width, date_1904=bool(table.epoch_1904))


def _rows(
    table: Table, errors: Mapping[int, Sequence[str]], heading: str, width: int
) -> Iterator[list[str]]:
    yield [*table.headings[:width], heading]
    for row in table.rows:
        if row.number in errors:
            cells = (row.cells + [""] * width)[:width]
            yield [*cells, " ".join(errors[row.number])]


def _write_csv(rows: Iterator[list[str]]) -> bytes:
    """UTF-8 with BOM and semicolons, as German spreadsheet programs open them without asking."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _write_workbook(rows: Iterator[list[str]], width: int, *, date_1904: bool) -> bytes:
    """A workbook whose cells are all text. Days stored as numbers keep their way of counting."""
    output = io.BytesIO()
    # Rows are written out as they come: a hundred thousand of them need no memory.
    options = {"constant_memory": True, "date_1904": date_1904}
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"created": CREATED})
        bold = workbook.add_format({"bold": True, "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, width - 1, _WIDTH)
        sheet.set_column(width, width, _ERROR_WIDTH)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                form = bold if number == 0 else wrapped if column == width else None
                sheet.write_string(number, column, cell, form)
    return output.getvalue()
