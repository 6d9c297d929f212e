"""Cells of an XLSX sheet that hold no value to read: errors, formulas never computed, merged ones.

The reader of workbooks gives all of these as empty. Each is marked with a text that tells why,
so that an empty cell is never taken for what somebody meant.
"""

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO

from members.parsing.problems import refusal

FORMULA_ERROR = "#REF!"
FORMULA_WITHOUT_VALUE = "#FORMULA?"
MERGED = "#MERGED?"

_CHUNK = 1024 * 1024
# More marks than this help nobody; the first ones are kept.
_MOST_MARKS = 100_000
_MOST_WORKBOOK_BYTES = 1024 * 1024

_CELL = rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"'
_NO_VALUE = re.compile(
    _CELL
    + rb"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    + rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(
    _CELL + rb'[^>]*\bt="e"[^>]*>(?:\s*<(?:\w+:)?f.*?)?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')

Place = tuple[int, int]


@dataclass(slots=True)
class Marks:
    """What was found in one sheet: texts by (row from 1, column from 0), and how many rows."""

    rows: int = 0
    texts: dict[Place, str] = field(default_factory=dict)

    def set(self, place: Place, text: str) -> None:
        """Mark a cell."""
        if len(self.texts) < _MOST_MARKS:
            self.texts[place] = text

    def apply(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a row with its marks; a row that holds nothing else stays blank."""
        if not any(cell.strip() for cell in cells):
            return cells
        return [cell or self.texts.get((number, i), "") for i, cell in enumerate(cells)]


@dataclass(frozen=True, slots=True)
class WorkbookMarks:
    """The marks of all sheets by name, and whether days are counted from 1904."""

    sheets: dict[str, Marks]
    epoch_1904: bool

    @property
    def most_rows(self) -> int:
        """Rows of the longest sheet, blank ones included."""
        return max((marks.rows for marks in self.sheets.values()), default=0)


def find_marks(content: bytes) -> WorkbookMarks:
    """Inflate the sheets of an XLSX file bit by bit and note what has no value.

    An archive is never read further than its directory says, and a directory that lies is
    found by the checksum. Raises UnableToReadTable.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            workbook = _read_small(archive, "xl/workbook.xml")
            paths = _find_sheets(archive, workbook, names)
            sheets = {name: _scan(archive, path) for name, path in paths.items()}
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, KeyError):  # type: ignore[attr-defined]
        raise refusal("BROKEN_FILE") from None
    return WorkbookMarks(sheets, re.search(r'date1904="(1|true)"', workbook) is not None)


def _read_small(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as entry:
        return entry.read(_MOST_WORKBOOK_BYTES).decode("utf-8", errors="replace")


def _find_sheets(archive: zipfile.ZipFile, workbook: str, names: set[str]) -> dict[str, str]:
    """Sheet names with the entry that holds each."""
    relations = "xl/_rels/workbook.xml.rels"
    targets = {}
    if relations in names:
        for found in re.findall(r"<(?:\w+:)?Relationship\b[^>]*", _read_small(archive, relations)):
            parts = dict(_ATTRIBUTE.findall(found))
            target = parts.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            targets[parts.get("Id", "")] = path
    sheets = {}
    for found in re.findall(r"<(?:\w+:)?sheet\s[^>]*", workbook):
        parts = dict(_ATTRIBUTE.findall(found))
        identifier = next((v for k, v in parts.items() if k.endswith(":id")), "")
        path = targets.get(identifier, "")
        if path in names:
            sheets[unescape(parts.get("name", ""))] = path
    return sheets


def _scan(archive: zipfile.ZipFile, path: str) -> Marks:
    marks = Marks()
    rest = b""
    with archive.open(path) as entry:
        while chunk := entry.read(_CHUNK):
            data = rest + chunk
            # Cut before a row, so that no cell is cut; a row without an end is cut anyway.
            cut = data.rfind(b"<row ")
            cut = cut if cut > 0 else data.rfind(b"<")
            cut = cut if cut > 0 else len(data)
            _note(data[:cut], marks)
            rest = data[cut:]
            if len(rest) > 4 * _CHUNK:
                rest = b""
    _note(rest, marks)
    return marks


def _note(data: bytes, marks: Marks) -> None:
    marks.rows += data.count(b"<row ")
    if b"<f" in data or b":f" in data:
        for match in _NO_VALUE.finditer(data):
            marks.set(_place(match[1], match[2]), FORMULA_WITHOUT_VALUE)
    if b't="e"' in data:
        for match in _ERROR.finditer(data):
            marks.set(_place(match[1], match[2]), match[3].decode(errors="replace") or "#REF!")
    if b"mergeCell " in data:
        for match in _MERGE.finditer(data):
            _note_merged(_place(match[1], match[2]), _place(match[3], match[4]), marks)


def _note_merged(first: Place, last: Place, marks: Marks) -> None:
    # Merged titles above and notes below stand in rows of their own and are left out later.
    for row in range(first[0], min(last[0], first[0] + _MOST_MARKS) + 1):
        if len(marks.texts) >= _MOST_MARKS:
            return
        for column in range(first[1], last[1] + 1):
            if (row, column) != first:
                marks.set((row, column), MERGED)


def _place(letters: bytes, row: bytes) -> Place:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(row), column - 1
