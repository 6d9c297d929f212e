"""Tables as CSV files that German spreadsheet programs open without asking."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from aupolicy.kernel.spreadsheet_text import guard_formula

Cell = str | int | Decimal | date | None


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with BOM, semicolons, decimal commas, days as TT.MM.JJJJ.

    Text that a spreadsheet would run as a formula is made text by an apostrophe: names come
    from outside.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_write(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


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
