"""Tables as CSV and XLSX files that German spreadsheet programs open without asking."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from aupolicy.kernel.spreadsheet_text import guard_formula

Cell = str | int | Decimal | date | None


_BOM = b"\xef\xbb\xbf"
_LEAST_WIDTH = 12


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of `write_csv_to`, for tables that are not long."""
    file = io.BytesIO()
    write_csv_to(file, headings, rows)
    return file.getvalue()


def write_csv_to(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """UTF-8 with BOM, semicolons, decimal commas, days as TT.MM.JJJJ; row by row.

    Text that a spreadsheet would run as a formula is made text by an apostrophe: names come
    from outside.
    """
    file.write(_BOM)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_write(cell) for cell in row])
    # The file goes on to belong to the caller.
    text.flush()
    text.detach()


def write_xlsx_to(
    file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str
) -> None:
    """A workbook of one sheet called `name`: headings frozen, days and money as such.

    Every text is a text cell, so no spreadsheet runs it as a formula. Rows go to disk as they
    come: however many there are, memory stays flat.
    """
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet(name[:31])
        formats = {
            date: workbook.add_format({"num_format": "dd.mm.yyyy"}),
            Decimal: workbook.add_format({"num_format": "#,##0.00"}),
        }
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, max(len(heading) + 2, _LEAST_WIDTH))
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True, "bottom": 1})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write_cell(sheet, (number, column), cell, formats)


def _write_cell(
    sheet: Worksheet, place: tuple[int, int], cell: Cell, formats: dict[type, Format]
) -> None:
    match cell:
        case None | "":
            return
        case Decimal():
            sheet.write_number(*place, float(cell), formats[Decimal])
        case date():
            sheet.write_datetime(*place, cell, formats[date])
        case str():
            sheet.write_string(*place, cell)
        case _:
            sheet.write_number(*place, cell)


def _write(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:.2f}".replace(".", ",")
        case date():
            return f"{cell:%d.%m.%Y}"
        case str():
            return guard_formula(cell)
    return str(cell)
