"""Workbooks: read by calamine in a process of its own, which may not take the machine with it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, Any

from members.parsing.problems import Problem, UnableToReadTable, refusal
from members.parsing.workbook_marks import Marks, WorkbookMarks, find_marks

_PROCESS = Path(__file__).with_name("workbook_process.py")
# The process itself may use 10 s of processor time; this is for a machine that is busy.
_SECONDS = 18
_ROW_END = "\x1d"
MOST_ROWS = 100_000
# Heading, titles, sums and blank rows, which do not count.
_ROWS_BESIDE = 100

Lines = Iterator[tuple[int, str]]


class WorkbookReader:
    """The visible sheets of a workbook, one after the other, and then what was found about it."""

    def __init__(self, output: IO[bytes], content: bytes, *, is_xlsx: bool) -> None:
        self.hidden: tuple[str, ...] = ()
        # Read while the process is at work.
        self.marks = find_marks(content) if is_xlsx else WorkbookMarks({}, epoch_1904=False)
        self._output = output
        self._header: Mapping[str, Any] = {}

    def sheets(self) -> Iterator[tuple[str, Lines]]:
        """Names and rows; what is not taken of a sheet is passed over."""
        self._next()
        while "hidden" not in self._header:
            name = str(self._header.get("sheet", ""))
            self._next()
            lines = self._lines(self.marks.sheets.get(name, Marks()))
            yield name, lines
            for _ in lines:
                pass
        self.hidden = tuple(self._header["hidden"])

    def _lines(self, marks: Marks) -> Lines:
        marked = {row for row, _ in marks.texts}
        while "first" in self._header:
            first = int(self._header["first"])
            body = self._output.read(int(self._header["bytes"])).decode()
            numbered = enumerate(body.split(_ROW_END), start=first)
            if not marked:
                yield from numbered
            for number, line in numbered:
                if number in marked:
                    yield number, "\x1f".join(marks.apply(number, line.split("\x1f")))
                else:
                    yield number, line
            self._next()

    def _next(self) -> None:
        """Read the next header; a process that ended without one was stopped by its limits."""
        try:
            self._header = json.loads(self._output.readline())
        except ValueError:
            if self.marks.most_rows > MOST_ROWS + _ROWS_BESIDE:
                raise too_many_rows(self.marks.most_rows) from None
            raise refusal("WORKBOOK_TOO_LARGE") from None
        if error := self._header.get("error"):
            raise refusal(str(error), **_PARAMS.get(str(error), {}))


_PARAMS: Mapping[str, Mapping[str, str]] = {"TOO_MANY_COLUMNS": {"most": "200"}}


def too_many_rows(found: int | None = None) -> UnableToReadTable:
    """More rows than one file may have; `found` where they were counted."""
    most = f"{MOST_ROWS:,}".replace(",", ".")
    params = {"most": most}
    return UnableToReadTable([Problem("TOO_MANY_ROWS", row=found, params=params)])


@contextmanager
def open_workbook(content: bytes, file_format: str) -> Iterator[WorkbookReader]:
    """Start the process that reads the workbook; it ends with the block.

    Raises UnableToReadTable.
    """
    with tempfile.TemporaryDirectory() as folder, _start(content, file_format, folder) as process:
        timer = Timer(_SECONDS, process.kill)
        timer.start()
        try:
            assert process.stdout is not None  # noqa: S101 - asked for
            is_xlsx = file_format in ("XLSX", "XLSM")
            yield WorkbookReader(process.stdout, content, is_xlsx=is_xlsx)
        finally:
            timer.cancel()
            process.kill()


def _start(content: bytes, file_format: str, folder: str) -> subprocess.Popen[bytes]:
    # The payroll itself has no name, so that nothing of it stays behind when we are killed; the
    # name that calamine takes the format from only leads there.
    link = Path(folder, f"table.{file_format.lower()}")
    link.symlink_to("/dev/stdin")
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return subprocess.Popen(
            [sys.executable, "-I", str(_PROCESS), str(link)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
