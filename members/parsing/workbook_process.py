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
from collections.abc import Callable
from datetime import date, datetime
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
    block: list[str] = []
    first = 1
    for cells in sheet.iter_rows():
        line = CELL_END.join([v if type(v) is str else texts[type(v)](v) for v in cells])
        if len(line) >= LONGEST_TEXT or line.count(CELL_END) != len(cells) - 1 or ROW_END in line:
            line = join_carefully(cells, texts)
        block.append(left + line)
        if len(block) == ROWS_IN_BLOCK:
            send({"first": first}, ROW_END.join(block).encode())
            first += ROWS_IN_BLOCK
            block.clear()
    if block:
        send({"first": first}, ROW_END.join(block).encode())


def join_carefully(cells: list[Any], texts: dict[type, Callable[[Any], str]]) -> str:
    """A row with texts that are very long or hold the characters we separate with."""
    return CELL_END.join(
        (v if type(v) is str else texts[type(v)](v))[:LONGEST_TEXT].translate(_RESERVED)
        for v in cells
    )


class Converters(dict[type, Callable[[Any], str]]):
    """How a cell's value is written, by its type."""

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
