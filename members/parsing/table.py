"""A file as a table of text, whatever program wrote it. Nothing is guessed silently."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from members.parsing.delimited import read_delimited
from members.parsing.formats import LARGEST_FILE_BYTES, recognise
from members.parsing.headings import count_known, known_headings
from members.parsing.plain_words import plain
from members.parsing.problems import Problem, UnableToReadTable, refusal
from members.parsing.workbook import MOST_ROWS, WorkbookReader, open_workbook, too_many_rows

__all__ = ["SEPARATOR", "Problem", "Row", "Table", "UnableToReadTable", "read_table"]

# Between the cells of a row; no cell can hold it.
SEPARATOR = "\x1f"
HEADING_WITHIN = 20
MOST_COLUMNS = 200
LARGEST_TABLE_BYTES = 100 * 1024 * 1024
_BLANK = SEPARATOR + " \t\r\n\xa0"
_TOTALS = frozenset(
    {"summe", "summen", "gesamt", "gesamtsumme", "endsumme", "zwischensumme", "total", "totals"}
    | {"sum", "anzahl", "durchschnitt", "mittelwert", "insgesamt"}
)
_MOST_TOTALS = 3


class Row(NamedTuple):
    """One row: its number in the file, counted from 1 as a spreadsheet does, and its cells.

    The cells are kept as one text: 100,000 rows of lists would take ten times the memory.
    """

    number: int
    line: str

    @property
    def cells(self) -> list[str]:
        """The texts of the row's cells, in the order of the headings."""
        return self.line.split(SEPARATOR)


@dataclass(frozen=True, slots=True)
class Table:
    """The heading and the rows of a file that hold anything.

    `format` is CSV, XLSX, XLSM, XLS or ODS; `sheet` the name of the sheet read, empty for CSV.
    `notes` tell what was left out or not run: TOTAL_ROW_SKIPPED, HEADING_REPEATED,
    MACROS_IGNORED, HIDDEN_SHEETS_IGNORED, SHEETS_IGNORED, NAMED_OTHERWISE. `epoch_1904` tells
    whether days stored as numbers count from 1904; None where the format does not tell.
    """

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    format: str
    sheet: str = ""
    notes: tuple[Problem, ...] = field(default=())
    epoch_1904: bool | None = None


def read_table(
    content: bytes | Path, *, file_name: str = "", remembered: Mapping[str, str] | None = None
) -> Table:
    """Read the table of a CSV, XLSX, XLSM, XLS or ODS file, recognised by its content.

    The heading is the row with the most known headings among the first 20 that hold anything;
    `remembered` (heading -> field) makes further headings known. Of a workbook the only visible
    sheet with such a row is read. A `file_name` that says CSV is noted. Limits:
    20 MB, 100,000 rows, 200 columns; workbooks are read in a process of their own that may use
    256 MB and 10 s. Raises UnableToReadTable.
    """
    if isinstance(content, Path):
        with content.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    known = known_headings(remembered or {})
    file_format = recognise(content)
    if file_format == "CSV":
        return _read_text(content, known)
    with open_workbook(content, file_format) as workbook:
        table = _read_sheets(workbook, known, file_format)
    notes = [Problem("MACROS_IGNORED")] if file_format == "XLSM" else []
    if file_name.lower().endswith((".csv", ".txt")):
        notes.append(Problem("NAMED_OTHERWISE", value=file_name, params={"format": file_format}))
    epoch_1904 = workbook.marks.epoch_1904 if file_format in ("XLSX", "XLSM") else None
    return replace(table, notes=(*notes, *table.notes), epoch_1904=epoch_1904)


def _read_text(content: bytes, known: Collection[str]) -> Table:
    def score(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
        return max((count_known(cells, known) for _, cells in rows), default=0)

    rows = read_delimited(content, score, look_at=HEADING_WITHIN)
    lines = ((number, SEPARATOR.join(cells)) for number, cells in rows)
    sheet = _read_lines(lines, known)
    if sheet is None:
        raise UnableToReadTable([Problem("NO_TABLE", row=1, value=_beginning(content))])
    if not sheet.rows:
        raise refusal("NO_ROWS")
    return sheet.to_table("CSV")


def _beginning(content: bytes) -> str:
    """The first words of a file in which no heading was found, without what cannot be shown."""
    text = content[:400].decode("utf-8", errors="replace").strip()
    first_line = text.splitlines()[0] if text else ""
    return "".join(c if c.isprintable() else " " for c in first_line)[:60]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with a heading; `known` is how many of its headings mean something to us."""

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[Row, ...]
    notes: tuple[Problem, ...]
    known: int
    name: str = ""

    def to_table(self, file_format: str, notes: Sequence[Problem] = ()) -> Table:
        return Table(
            headings=self.headings,
            heading_row=self.heading_row,
            rows=self.rows,
            format=file_format,
            sheet=self.name,
            notes=(*notes, *self.notes),
        )


def _read_sheets(workbook: WorkbookReader, known: Collection[str], file_format: str) -> Table:
    found: list[_Sheet] = []
    others: list[str] = []
    for name, lines in workbook.sheets():
        sheet = _read_lines(lines, known)
        if sheet is None:
            others.append(name)
        else:
            found.append(replace(sheet, name=name))
            _refuse_rivals(found)
    best = _choose(found)
    others += [sheet.name for sheet in found if sheet is not best]
    notes = []
    if workbook.hidden:
        notes.append(Problem("HIDDEN_SHEETS_IGNORED", value=", ".join(workbook.hidden)[:200]))
    if others:
        notes.append(Problem("SHEETS_IGNORED", value=", ".join(others)[:200]))
    return best.to_table(file_format, notes)


def _choose(found: list[_Sheet]) -> _Sheet:
    # An empty table beside a sheet of explanations is still the table.
    meant = [sheet for sheet in found if sheet.known > 1] or found
    filled = [sheet for sheet in meant if sheet.rows]
    if not filled:
        raise refusal("NO_ROWS" if found else "NO_SHEET")
    return max(filled, key=lambda sheet: sheet.known)


def _refuse_rivals(found: list[_Sheet]) -> None:
    """Two sheets could be meant. A lone known word on another sheet makes it no rival."""
    rivals = [sheet.name for sheet in found if sheet.rows and sheet.known > 1]
    if len(rivals) > 1:
        raise UnableToReadTable([Problem("TWO_SHEETS", value=", ".join(rivals)[:200])])


def _read_lines(lines: Iterable[tuple[int, str]], known: Collection[str]) -> _Sheet | None:
    """The table in these rows; None where none of the first ones holds a known heading."""
    filled = (Row(number, line) for number, line in lines if line.strip(_BLANK))
    first = list(islice(filled, HEADING_WITHIN))
    scores = [count_known(row.cells, known) for row in first]
    if not any(scores):
        return None
    place = scores.index(max(scores))
    heading = first[place]
    headings = [" ".join(cell.split()) for cell in heading.cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise refusal("TOO_MANY_COLUMNS", most=str(MOST_COLUMNS))
    notes: list[Problem] = []
    rows = list(_limited(chain(first[place + 1 :], filled), heading.line, notes))
    _drop_totals(rows, len(headings), notes)
    return _Sheet(tuple(headings), heading.number, tuple(rows), tuple(notes), max(scores))


def _limited(rows: Iterable[Row], heading: str, notes: list[Problem]) -> Iterator[Row]:
    """The rows below the heading, up to what one file may hold."""
    size = count = 0
    for row in rows:
        if row.line == heading:
            # Lists made for printing repeat it on every page.
            if len(notes) < 1:
                notes.append(Problem("HEADING_REPEATED", row=row.number))
            continue
        count += 1
        size += sys.getsizeof(row.line)
        if count > MOST_ROWS:
            raise too_many_rows()
        if size > LARGEST_TABLE_BYTES:
            raise refusal("WORKBOOK_TOO_LARGE")
        yield row


def _drop_totals(rows: list[Row], width: int, notes: list[Problem]) -> None:
    """Take sums at the end for what they are, not for a person."""
    for _ in range(min(_MOST_TOTALS, len(rows))):
        filled = [cell.strip() for cell in rows[-1].cells if cell.strip(_BLANK)]
        if plain(filled[0].split()[0]) not in _TOTALS or len(filled) > max(2, width // 2):
            return
        notes.append(Problem("TOTAL_ROW_SKIPPED", row=rows.pop().number, value=filled[0][:60]))
