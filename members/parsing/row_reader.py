"""The cells of a row as values by field, with what is wrong and what was completed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from aupolicy.kernel.money import round_cent
from members.facts import UploadKind
from members.parsing.cell_cache import ODD, Bad, CellCache, CodeCache
from members.parsing.cell_words import (
    EMPLOYMENT_WORDS,
    INTERVAL_WORDS,
    KIND_WORDS,
    REASON_WORDS,
    YEARLY,
)
from members.parsing.cells import (
    BirthDateReader,
    DayReader,
    Noted,
    WordReader,
    parse_health_insurance,
    parse_name,
    parse_occupation,
    parse_pay,
    parse_personnel_number,
    parse_reference,
)
from members.parsing.headings import FIELDS, Columns
from members.parsing.problems import Problem, UnableToReadTable
from members.parsing.table import SEPARATOR, Row, Table
from members.parsing.workbook_marks import FORMULA_WITHOUT_VALUE, MERGED

Corrections = Mapping[int, Mapping[str, str]]
# Small enough for the texts of a block to stay in the processor's cache.
_BLOCK = 200


class ReadRow(NamedTuple):
    """The values of a row's fields, None for an empty cell, and what there is to say about them."""

    number: int
    values: Sequence[Any]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


class RowReader:
    """Reads rows of one table. `fields` are the names of the values, in their order.

    Cells are read by columns, a few hundred rows at a time: that is twice as quick as cell by
    cell, and holds little in memory.
    """

    def __init__(
        self,
        table: Table,
        columns: Columns,
        *,
        kind: UploadKind,
        received: date | None,
        corrections: Corrections | None = None,
    ) -> None:
        refuse_columns_twice(table, columns)
        self.fields = tuple(FIELDS[kind])
        self._columns = columns
        self._width = len(table.headings)
        self._corrections = corrections or {}
        caches = make_caches(received, table.epoch_1904)
        self._caches = [caches[name] for name in self.fields]
        self._places = [columns.fields.get(name) for name in self.fields]

    def read(self, rows: Sequence[Row]) -> Iterator[ReadRow]:
        """The rows with their values, in their order."""
        starts = range(0, len(rows), _BLOCK)
        blocks = (self._read_block(rows[start : start + _BLOCK]) for start in starts)
        return chain.from_iterable(blocks)

    def find_empty(self, row: ReadRow, places: Sequence[int]) -> tuple[Problem, ...]:
        """The row's problems, and those of needed cells that are empty.

        A cell that does not fit has no value either; that is told already.
        """
        told = {problem.column for problem in row.problems}
        headings = [self._columns.heading(self.fields[i]) for i in places if row.values[i] is None]
        empty = [Problem("EMPTY_CELL", row.number, name) for name in headings if name not in told]
        return (*row.problems, *empty)

    def places(self, *names: str) -> list[int]:
        """Where the values of these fields stand."""
        return [self.fields.index(name) for name in names]

    def _read_block(self, rows: Sequence[Row]) -> list[ReadRow]:
        cells = [row.line.split(SEPARATOR) for row in rows]
        odd = {i for i, row in enumerate(cells) if len(row) != self._width}
        for i in odd:
            cells[i] = (cells[i] + [""] * self._width)[: self._width]
        texts = list(zip(*cells, strict=True))
        columns: list[Sequence[Any]] = []
        nothing = [None] * len(rows)
        for place, cache in zip(self._places, self._caches, strict=True):
            column = nothing if place is None else cache.read(texts[place])
            if cache.has_odd and not ODD.isdisjoint(map(type, column)):
                odd.update(i for i, value in enumerate(column) if type(value) in ODD)
            columns.append(column)
        if self._corrections:
            odd.update(i for i, row in enumerate(rows) if row.number in self._corrections)
        numbers = [row.number for row in rows]
        read = list(map(ReadRow, numbers, zip(*columns, strict=True)))
        for i in odd:
            read[i] = self._sort_out(rows[i], list(read[i].values))
        return read

    def _sort_out(self, row: Row, values: list[Any]) -> ReadRow:
        """Put right what was corrected, aside what does not fit; unpack what was completed."""
        number, cells = row.number, row.cells
        problems = list(self._find_surplus(cells, number))
        notes = []
        correction = self._corrections.get(number, {})
        for place, name in enumerate(self.fields):
            if name in correction:
                values[place] = self._caches[place][correction[name]]
            value = values[place]
            heading = self._columns.heading(name)
            if isinstance(value, Bad):
                text = correction.get(name) or self._text(place, cells)
                text = "" if text in (MERGED, FORMULA_WITHOUT_VALUE) else show(text)
                problems.append(Problem(value.code, number, heading, text, value.params))
                values[place] = None
            elif isinstance(value, Noted):
                notes.append(Problem(value.code, number, heading, "", value.params))
                values[place] = value.value
        return ReadRow(number, values, tuple(problems), tuple(notes))

    def _find_surplus(self, cells: Sequence[str], number: int) -> Iterator[Problem]:
        if any(cell.strip() for cell in cells[self._width :]):
            params = {"expected": str(self._width), "found": str(len(cells))}
            yield Problem("TOO_MANY_CELLS", number, params=params)

    def _text(self, place: int, cells: Sequence[str]) -> str:
        index = self._places[place]
        return cells[index] if index is not None and index < len(cells) else ""


def show(text: str) -> str:
    """A cell as it can be shown in a sentence: not too long, with nothing unseen in it."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip())[:60]


def make_caches(
    received: date | None,
    epoch_1904: bool | None,  # noqa: FBT001
) -> dict[str, CellCache]:
    """A reader for each field that any file can have, for a file received on this day.

    The years are those in which somebody of a payroll was born (14 to 90 years ago), came or
    went, and in which a notice takes effect.
    """
    names, references = CellCache(parse_name), CodeCache(parse_reference, longest=70)
    year = received.year if received else 0
    birth_days = DayReader(year - 90, year - 14, epoch_1904)
    birth_date = BirthDateReader(birth_days, received).parse if received else birth_days.parse
    employed = CellCache(DayReader(year - 60, year + 5, epoch_1904).parse)
    return {
        "personnel_number": CodeCache(parse_personnel_number, longest=20),
        "last_name": names,
        "first_name": names,
        "birth_date": CellCache(birth_date),
        "pay": CellCache(parse_pay),
        "pay_interval": CellCache(WordReader(INTERVAL_WORDS, "UNKNOWN_INTERVAL").parse),
        "employment": CellCache(WordReader(EMPLOYMENT_WORDS, "UNKNOWN_EMPLOYMENT").parse),
        "occupation": CellCache(parse_occupation),
        "health_insurance": CellCache(parse_health_insurance),
        "kind": CellCache(WordReader(KIND_WORDS, "UNKNOWN_KIND").parse),
        "effective": CellCache(DayReader(year - 5, year + 5, epoch_1904).parse),
        "reason": CellCache(WordReader(REASON_WORDS, "UNKNOWN_REASON").parse),
        "reference": references,
        "corrects": references,
        "entry_date": employed,
        "exit_date": employed,
    }


def refuse_columns_twice(table: Table, columns: Columns) -> None:
    """Two columns that mean the same cannot both be right."""
    if columns.twice:
        raise UnableToReadTable(
            [
                Problem(
                    "COLUMN_TWICE",
                    row=table.heading_row,
                    column=second,
                    params={"first": first, "second": second},
                )
                for _, first, second in columns.twice
            ]
        )


def require_columns(table: Table, columns: Columns, names: Sequence[str]) -> None:
    """Raise UnableToReadTable with every column of `names` that the file does not have."""
    found = ", ".join(heading for heading in table.headings if heading)[:300]
    missing = [name for name in names if name not in columns.fields]
    if missing:
        raise UnableToReadTable(
            [
                Problem(
                    "MISSING_COLUMN",
                    row=table.heading_row,
                    column=columns.heading(name),
                    params={"found": found},
                )
                for name in missing
            ]
        )


def to_monthly(pay: Decimal, interval: str | None) -> Decimal:
    """Pay for a month in EUR: of a yearly pay a twelfth, rounded half up to the cent."""
    return round_cent(pay / 12) if interval == YEARLY else pay
