"""What a file for a payroll program says, as values: whom it is for and what it delivers."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.month import Month


class PayrollFormat(StrEnum):
    """The payroll program that reads the file; CSV is for people and any other program."""

    LODAS = "lodas"
    LUG = "lug"
    LEXWARE = "lexware"
    SAGE = "sage"
    PERSONIO = "personio"
    CSV = "csv"


DATEV_FORMATS = frozenset({PayrollFormat.LODAS, PayrollFormat.LUG})
"""Programs of DATEV: they know people by whole numbers, and clients by two numbers."""


@dataclass(frozen=True, slots=True)
class PayrollTarget:
    """Where an employer's values go in its payroll program. Nothing here is ever guessed.

    `wage_type` is the employer's own Lohnart, in Personio the name of the compensation.
    `consultant_number` (1 to 9999999) and `client_number` (1 to 99999) are the tax adviser's and
    the client's at DATEV, `processing_key` the Bearbeitungsschlüssel of LODAS. `cost_centre` goes
    onto every line. Values of months before `first_month` are never delivered: the employer put
    them on the payslip by other means; None delivers all.
    """

    file_format: PayrollFormat
    wage_type: str = ""
    consultant_number: int | None = None
    client_number: int | None = None
    processing_key: int | None = None
    cost_centre: str = ""
    first_month: Month | None = None


@dataclass(frozen=True, slots=True)
class PayrollPerson:
    """A person as the employer's payroll knows them."""

    personnel_number: str
    last_name: str
    first_name: str


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """What a file adds to the value (geldwerter Vorteil) of one person and month, EUR.

    `amount` is the difference to what earlier files delivered and may be negative; without an
    earlier file it is the whole value. `month_value` is the whole value of `value_month`, and
    `year_sum` what was delivered for that calendar year up to and including this line.
    `is_over_limit`: the month's value alone is beyond the limit of § 8 (2) sentence 11 EStG.
    """

    personnel_number: str
    value_month: Month
    amount: Decimal
    last_name: str
    first_name: str
    month_value: Decimal
    year_sum: Decimal
    is_over_limit: bool

    @property
    def person(self) -> PayrollPerson:
        """Whose value it is."""
        return PayrollPerson(self.personnel_number, self.last_name, self.first_name)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file as it is handed over, byte for byte."""

    name: str
    media_type: str
    content: bytes
