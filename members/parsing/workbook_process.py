"""Reads a workbook in a process of its own and writes its visible sheets as text.

Started by path, so it imports nothing of ours. Its argument is the workbook; the ending of that
name tells calamine the format. What a workbook unpacks to is known only when it
is unpacked; so this process gets little memory and time before it begins, and may be killed.

Output: blocks of a line of JSON and as many bytes as it names. {"sheet", "index"} begins a sheet;
{"first", "bytes"} is followed by rows from that number on; {"hidden"} lists sheets not read and
ends the output, {"error"} too.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY_BYTES = 256 * 1024 * 1024
SECONDS = 10
MOST_COLUMNS = 200
LONGEST_TEXT = 501
ROWS_IN_BLOCK = 1_000
CELL_END = "\x1f"
ROW_END = "\x1d"
_RESERVED = str.maketrans({CELL_END: "\x1e", ROW_END: "\x1e"})


def limit_resources() -> None:
    """From here on too much memory or time ends the process; no core files of payrolls."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def send(header: dict[str, Any], body: bytes = b"") -> None:
    """Write a block."""
    if body:
        header["bytes"] = len(body)
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + body)


def main() -> None:
    """Read the file that the argument names."""
    limit_resources()
    try:
        with CalamineWorkbook.from_path(sys.argv[1]) as workbook:
            send_sheets(workbook)
    except PasswordError:
        send({"error": "PASSWORD"})
    except (CalamineError, OSError, ValueError) as error:
        # Repeated cells of an ODS file are counted before they are made.
        too_large = "limit exceeded" in str(error)
        send({"error": "WORKBOOK_TOO_LARGE" if too_large else "BROKEN_FILE"})
    sys.stdout.buffer.flush()


def send_sheets(workbook: CalamineWorkbook) -> None:
    """Every visible sheet of cells, one after the other."""
    hidden = []
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.visible is not SheetVisibleEnum.Visible:
            hidden.append(sheet.name)
        elif sheet.typ is SheetTypeEnum.WorkSheet:
            send({"sheet": sheet.name, "index": index})
            send_rows(workbook, index)
    send({"hidden": hidden})


def send_rows(workbook: CalamineWorkbook, index: int) -> None:
    """The rows of a sheet, from its first one on, also where that is blank."""
    sheet = workbook.get_sheet_by_index(index)
    if sheet.start is None:
        return
    if sheet.start[1] + sheet.width > MOST_COLUMNS:
        send({"error": "TOO_MANY_COLUMNS"})
        return
    left = CELL_END * sheet.start[1]
    texts = make_converters()
    rows = sheet.iter_rows()
    first = 1
    while block := list(islice(rows, ROWS_IN_BLOCK)):
        lines = [left + line for line in write_lines(block, texts)]
        send({"first": first}, ROW_END.join(lines).encode())
        first += ROWS_IN_BLOCK


def write_lines(rows: list[list[Any]], texts: "Converters") -> list[str]:
    """Rows as lines, written column by column: most hold values of one type only."""
    lines = list(map(CELL_END.join, zip(*map(texts.write, zip(*rows, strict=True)), strict=True)))
    ends = len(rows[0]) - 1
    for i, line in enumerate(lines):
        if len(line) >= LONGEST_TEXT or line.count(CELL_END) != ends or ROW_END in line:
            cells = [texts[type(value)](value) for value in rows[i]]
            lines[i] = CELL_END.join(cell[:LONGEST_TEXT].translate(_RESERVED) for cell in cells)
    return lines


class Converters(dict[type, Callable[[Any], str]]):
    """How a cell's value is written, by its type."""

    def write(self, column: tuple[Any, ...]) -> Iterable[str]:
        """The texts of a column."""
        kinds = set(map(type, column))
        if kinds == {str}:
            return column
        if len(kinds) == 1:
            return map(self[kinds.pop()], column)
        return [v if type(v) is str else self[type(v)](v) for v in column]

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return str


class Numbers(dict[Any, str]):
    """Numbers as texts, each written once.

    Fractions of a cent keep at least four decimals, so that 1.234 cannot be taken for a German
    thousand: that is how text, but not a number, may be meant.
    """

    def __missing__(self, value: Any) -> str:
        text = repr(value)
        if text[-3:-2] != "." and text[-2:-1] != ".":
            text = self.write(value)
        self[value] = text = text.removesuffix(".0")
        return text

    def write(self, value: Any) -> str:
        """A number of more than two decimals, or one so large or small that it has an exponent."""
        text = str(int(value)) if value.is_integer() else f"{value:.10f}".rstrip("0")
        whole, _, decimals = text.partition(".")
        return f"{whole}.{decimals:0<4}" if len(decimals) > 2 else text


class Days(dict[Any, str]):
    """Days as texts, each written once."""

    def __missing__(self, value: Any) -> str:
        self[value] = text = str(value)
        return text


def make_converters() -> Converters:
    """Writers for what calamine gives: days as 2026-12-31, with the time where there is one."""
    numbers, days = Numbers(), Days()
    return Converters(
        {
            str: str,
            type(1 / 2): numbers.__getitem__,
            bool: lambda value: "true" if value else "false",
            date: days.__getitem__,
            datetime: lambda value: value.isoformat(" "),
        }
    )


if __name__ == "__main__":
    main()
