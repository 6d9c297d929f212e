"""Delimited text: encoding, delimiter, quotes."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from members.parsing.problems import Problem, UnableToReadTable, refusal

DELIMITERS = ";,\t|"
# How much is looked at to find the delimiter.
_BEGINNING_BYTES = 64 * 1024
# 200 columns of 500 characters, and as much again for quotes.
_LONGEST_LINE = 200_000
_MOST_LINES_IN_ROW = 1_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What the umlauts of DOS (CP850) and old Macs become when they are read as Windows-1252.
_MISREAD = re.compile(r"[A-Za-z][„”™§¶Ÿ\u0160\u017d][a-z]")

Cells = Sequence[str]


def read_delimited(
    content: bytes, score: Callable[[list[tuple[int, Cells]]], int], *, look_at: int
) -> Iterator[tuple[int, Cells]]:
    """Every row with its number, counted from 1 as a spreadsheet does; blank ones too.

    Encoding: byte order mark, else strict UTF-8, else Windows-1252. Delimiter: the one under
    which `score` of the first `look_at` rows is highest. Raises UnableToReadTable.
    """
    content, encoding = _find_encoding(content)

    def score_of(delimiter: str) -> int:
        rows = _read(content[:_BEGINNING_BYTES], encoding, delimiter, strict=False)
        try:
            return score(list(islice(rows, look_at)))
        except csv.Error:
            return 0

    return _read_named(content, encoding, max(DELIMITERS, key=score_of))


def _read_named(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    number = 0
    try:
        for number, cells in _read(content, encoding, delimiter, strict=True):
            yield number, cells
    except csv.Error as error:
        problem = Problem("BROKEN_QUOTES", row=number + 1, params={"detail": str(error)})
        raise UnableToReadTable([problem]) from None


def _read(
    content: bytes, encoding: str, delimiter: str, *, strict: bool
) -> Iterator[tuple[int, Cells]]:
    lines = _Lines(content, encoding)
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=strict), start=1):
        lines.in_row = 0
        yield number, cells


class _Lines:
    """The lines of a file, none of them endless, and not endlessly many in one row.

    A row may go on in further lines inside quotes; without a limit a whole file may be one row,
    whose cells take ten times the memory of the file.
    """

    def __init__(self, content: bytes, encoding: str) -> None:
        # The beginning may be cut inside a letter; the whole was decoded strictly before.
        self._text = io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")
        self.in_row = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.in_row += 1
        if len(line) == _LONGEST_LINE or self.in_row > _MOST_LINES_IN_ROW:
            raise csv.Error("line too long")
        return line


def _find_encoding(content: bytes) -> tuple[bytes, str]:
    """The content and the encoding it is in, checked to the last byte."""
    if encoding := _guess_utf16(content):
        try:
            # One byte for most letters, so that the rest works as for all others.
            content = content.decode(encoding).encode()
        except UnicodeDecodeError:
            raise refusal("UNKNOWN_ENCODING") from None
    content = content.rstrip(b"\x1a").replace(b"\x1f", b"\x1e")
    if b"\x00" in content:
        raise refusal("UNKNOWN_ENCODING")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content, _check_windows(content)
    return content, "utf-8-sig"


def _guess_utf16(content: bytes) -> str:
    for bom, name in _BOMS:
        if content.startswith(bom):
            return name if name == "utf-16" else ""
    beginning = content[:200]
    even, odd = beginning[::2], beginning[1::2]
    if odd and odd.count(0) > len(odd) * 3 // 4:
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) * 3 // 4 else ""


def _check_windows(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        raise refusal("UNKNOWN_ENCODING")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise refusal("UNKNOWN_ENCODING") from None
    if _MISREAD.search(text):
        raise refusal("UNKNOWN_ENCODING")
    return "cp1252"
