"""The record format of the German insurers' association, "GDV-Datensatz VU-Vermittler".

Release 2023 (1 December 2023). A record is 256 bytes of ISO-8859-1; a table says which field stands
where. Positions count from 1, as the association's own tables do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

RECORD_LENGTH = 256
ENCODING = "iso-8859-1"

GdvValue = str | int | Decimal | date | None
"""Content of a field: text, whole number, amount, day; None where nothing is told."""


class FieldKind(StrEnum):
    """How a field's content is written."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `at` is its first position, `decimals` those that an amount implies.

    `constant` is what always stands in it. A text with `cut` set is cut to the length, any other
    must fit. A sign belongs to the amount before it.
    """

    at: int
    length: int
    kind: FieldKind
    name: str
    label: str
    decimals: int = 0
    constant: str = ""
    right: bool = False
    cut: bool = False

    @property
    def slice(self) -> slice:
        """Where its bytes lie in a record."""
        return slice(self.at - 1, self.at - 1 + self.length)


@dataclass(frozen=True, eq=False)
class RecordTable:
    """The fields of one kind of record (Satzart), line of business and part (Teildatensatz).

    `line` is "" where all lines share the record. `version` is the one that the file's header
    names. There is one table of each name, so tables are compared and hashed as objects.
    """

    record: str
    line: str
    part: int
    version: str
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """How people name it: "0220.030-2"."""
        return f"{self.record}{f'.{self.line}' if self.line else ''}-{self.part}"

    @property
    def version_field(self) -> str:
        """The header's field that names the version of this kind of record."""
        return f"version_{self.record}{f'_{self.line}' if self.line else ''}"

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    @cached_property
    def sign_of(self) -> Mapping[str, Field]:
        """The sign field by the name of the amount it belongs to."""
        return {
            amount.name: sign
            for amount, sign in zip(self.fields, self.fields[1:], strict=False)
            if sign.kind is FieldKind.SIGN and amount.kind is FieldKind.AMOUNT
        }

    @cached_property
    def marks(self) -> tuple[tuple[slice, bytes], ...]:
        """The constants that tell a record of this table from any other."""
        return tuple((f.slice, f.constant.encode(ENCODING)) for f in self.fields if f.constant)

    def fits(self, raw: bytes) -> bool:
        """Whether all constants stand in a record where the table wants them."""
        return all(raw[place] == constant for place, constant in self.marks)


class GdvFaultCode(StrEnum):
    """What may be wrong in a file."""

    EMPTY = "EMPTY"
    LENGTH = "LENGTH"
    CHARACTER = "CHARACTER"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_A_DAY = "NOT_A_DAY"
    NOT_A_SIGN = "NOT_A_SIGN"
    NO_HEADER = "NO_HEADER"
    NO_TRAILER = "NO_TRAILER"
    AFTER_TRAILER = "AFTER_TRAILER"
    OTHER_RELEASE = "OTHER_RELEASE"
    RECORD_COUNT = "RECORD_COUNT"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class GdvFault:
    """One fault: record (from 1), position in it (from 1), code and what explains it.

    `params` never holds the content of a field of a person.
    """

    record: int
    position: int
    code: GdvFaultCode
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class GdvTotals:
    """What the trailer (record 9999) tells: records without header and trailer, sums in EUR."""

    record_count: int = 0
    premium_total: Decimal = Decimal("0.00")
    collected_total: Decimal = Decimal("0.00")
    commission_total: Decimal = Decimal("0.00")
    benefit_total: Decimal = Decimal("0.00")
    handling_cost_total: Decimal = Decimal("0.00")

    def count(self, table: RecordTable | None, values: Mapping[str, GdvValue]) -> None:
        """Add one record, with the values that the sums need (see `SUMMED`)."""
        self.record_count += 1
        for total, field_name in SUMMED.get(table.name, {}).items() if table else ():
            amount = values.get(field_name)
            if isinstance(amount, Decimal):
                setattr(self, total, getattr(self, total) + amount)


SUMMED: Mapping[str, Mapping[str, str]] = {
    "0200-1": {"premium_total": "premium_net"},
    "0400-1": {"collected_total": "premium_gross", "commission_total": "commission"},
    "0500-1": {"benefit_total": "amount", "handling_cost_total": "handling_costs"},
}
"""Table -> sum of the trailer -> the field that is summed up."""
