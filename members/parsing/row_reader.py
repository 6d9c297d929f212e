"""The cells of a row as values by field, with what is wrong and what was completed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.kernel.money import round_cent
from members.facts import UploadKind
from members.parsing.cell_cache import Bad, CellCache
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

Corrections = Mapping[int, Mapping[str, str]]
_SPECIAL = frozenset({Bad, Noted})


class RowReader:
    """Reads rows of one table. `fields` are the names of the values, in their order."""

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
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self._columns = columns
        self._width = len(table.headings)
        self._corrections = corrections or {}
        caches = make_caches(received, table.epoch_1904)
        self._caches = [caches[name] for name in self.fields]
        self._present = [
            (place, columns.fields[name], caches[name])
            for place, name in enumerate(self.fields)
            if name in columns.fields
        ]
        self._blank: list[Any] = [None] * len(self.fields)

    def read(self, row: Row) -> list[Any]:
        """The values of the row's fields, None for an empty cell.

        `problems` and `notes` then hold what there is to say about this row.
        """
        self.problems, self.notes = [], []
        cells = row.line.split(SEPARATOR)
        if len(cells) != self._width:
            cells = self._fit(cells, row.number)
        values = self._blank.copy()
        for place, index, cache in self._present:
            values[place] = cache[cells[index]]
        correction = self._corrections.get(row.number)
        if correction:
            self._correct(values, correction)
        if not _SPECIAL.isdisjoint(map(type, values)):
            self._sort_out(values, cells, row.number, correction or {})
        return values

    def require(self, values: Sequence[Any], names: Sequence[int], row: int) -> None:
        """Note an empty cell where a value is needed; one that does not fit is noted already."""
        for place in names:
            heading = self._columns.heading(self.fields[place])
            if values[place] is None and all(p.column != heading for p in self.problems):
                self.problems.append(Problem("EMPTY_CELL", row, heading))

    def places(self, *names: str) -> list[int]:
        """Where the values of these fields stand."""
        return [self.fields.index(name) for name in names]

    def _fit(self, cells: list[str], number: int) -> list[str]:
        if any(cell.strip() for cell in cells[self._width :]):
            params = {"expected": str(self._width), "found": str(len(cells))}
            self.problems.append(Problem("TOO_MANY_CELLS", number, params=params))
        return cells + [""] * (self._width - len(cells))

    def _correct(self, values: list[Any], correction: Mapping[str, str]) -> None:
        for place, name in enumerate(self.fields):
            if name in correction:
                values[place] = self._caches[place][correction[name]]

    def _sort_out(
        self, values: list[Any], cells: list[str], number: int, correction: Mapping[str, str]
    ) -> None:
        """Put aside what does not fit, and unpack what was completed."""
        for place, value in enumerate(values):
            if not isinstance(value, Bad | Noted):
                continue
            name = self.fields[place]
            heading = self._columns.heading(name)
            if isinstance(value, Bad):
                text = correction.get(name) or self._text(name, cells)
                shown = show(text)
                self.problems.append(Problem(value.code, number, heading, shown, value.params))
                values[place] = None
            else:
                self.notes.append(Problem(value.code, number, heading, "", value.params))
                values[place] = value.value

    def _text(self, name: str, cells: Sequence[str]) -> str:
        index = self._columns.fields.get(name)
        return cells[index] if index is not None else ""


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
    names, references = CellCache(parse_name), CellCache(parse_reference)
    year = received.year if received else 0
    birth_days = DayReader(year - 90, year - 14, epoch_1904)
    birth_date = BirthDateReader(birth_days, received).parse if received else birth_days.parse
    employed = CellCache(DayReader(year - 60, year + 5, epoch_1904).parse)
    return {
        "personnel_number": CellCache(parse_personnel_number),
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
