"""A file as a table of text: encoding, delimiter, headings. Nothing is guessed silently."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LONGEST_CELL = 500
_DELIMITERS = ";,\t|"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_FORMATS = {
    b"PK\x03\x04": "Excel (XLSX) / ZIP",
    b"\xd0\xcf\x11\xe0": "Excel (XLS)",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
}
# Bytes that cp1252 leaves undefined, and control characters other than tab and line ends.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: where, what stood there, and a code with parameters for words.

    `row` counts as a spreadsheet does, the heading is row 1; None means the file as a whole.
    `column` is the heading as the file writes it.
    """

    code: str
    row: int | None = None
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


class UnableToReadTable(ValueError):
    """The file cannot be taken; `problems` lists all that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"row {p.row}: {p.code}" for p in problems[:5]))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file and its cells by field."""

    number: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """The cell of a field, empty where the file has no such column."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows with the headings recognised: `headings` maps field -> heading in the file."""

    headings: Mapping[str, str]
    rows: tuple[Row, ...]

    def heading(self, name: str) -> str:
        """How the file calls a field."""
        return self.headings.get(name, name)


def read_table(content: bytes, *, synonyms: Mapping[str, tuple[str, ...]]) -> Table:
    """Read delimited text whose headings are among `synonyms` (field -> accepted headings).

    Encoding: byte order mark, else strict UTF-8, else Windows-1252. Delimiter: the one under
    which most headings are recognised. Raises UnableToReadTable.
    """
    text = _decode(content)
    first_line = text.split("\n", 1)[0]
    best = max(
        _DELIMITERS, key=lambda d: len(_recognise(next(_cells(first_line, d), []), synonyms))
    )
    try:
        lines = list(_numbered(text, best))
    except csv.Error as error:
        raise UnableToReadTable([Problem("BROKEN_QUOTES", params={"detail": str(error)})]) from None
    if not lines:
        raise UnableToReadTable([Problem("EMPTY_FILE")])
    header = lines[0][1]
    columns = _recognise(header, synonyms)
    if not columns:
        found = ", ".join(cell.strip()[:30] for cell in header[:8])
        raise UnableToReadTable([Problem("NO_TABLE", row=1, value=found)])
    return Table(
        headings={name: header[index].strip() for name, index in columns.items()},
        rows=_rows(lines[1:], columns, width=len(header)),
    )


def _decode(content: bytes) -> str:
    if len(content) > LARGEST_FILE_BYTES:
        limit = str(LARGEST_FILE_BYTES // 1024 // 1024)
        raise UnableToReadTable([Problem("FILE_TOO_LARGE", params={"megabytes": limit})])
    for magic, name in _OTHER_FORMATS.items():
        if content.startswith(magic):
            raise UnableToReadTable([Problem("OTHER_FORMAT", params={"format": name})])
    encodings = [name for bom, name in _BOMS if content.startswith(bom)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnableToReadTable([Problem("UNKNOWN_ENCODING")])


def _cells(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _recognise(header: list[str], synonyms: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    by_name = {plain(name): key for key, names in synonyms.items() for name in (key, *names)}
    columns: dict[str, int] = {}
    for index, cell in enumerate(header):
        key = by_name.get(plain(cell))
        if key is None:
            continue
        if key in columns:
            first, second = header[columns[key]].strip(), cell.strip()
            params = {"first": first, "second": second}
            raise UnableToReadTable([Problem("COLUMN_TWICE", row=1, column=second, params=params)])
        columns[key] = index
    return columns


def plain(text: str) -> str:
    """A heading or word without case, spaces, punctuation and umlaut spelling."""
    lowered = text.strip().casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", lowered))


def _rows(
    lines: list[tuple[int, list[str]]], columns: Mapping[str, int], *, width: int
) -> tuple[Row, ...]:
    problems: list[Problem] = []
    rows = []
    for number, cells in lines:
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            params = {"expected": str(width), "found": str(len(cells))}
            problems.append(Problem("TOO_MANY_CELLS", row=number, params=params))
            continue
        if any(len(cell) > LONGEST_CELL for cell in cells):
            problems.append(
                Problem("CELL_TOO_LONG", row=number, params={"most": str(LONGEST_CELL)})
            )
            continue
        padded = [*cells, *[""] * (width - len(cells))]
        rows.append(Row(number, {key: padded[i].strip() for key, i in columns.items()}))
    if problems:
        raise UnableToReadTable(problems)
    if not rows:
        raise UnableToReadTable([Problem("NO_ROWS")])
    return tuple(rows)
