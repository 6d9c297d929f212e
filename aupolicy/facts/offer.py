"""What a quote is asked for, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.facts.payroll import TaxClass

# A pay list longer than this is no payroll of one employer.
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class ExampleEmployee:
    """The employee whose gap a quote shows: gross pay in EUR a month, wage tax card, children."""

    gross: Decimal
    tax_class: TaxClass = TaxClass.ONE
    church_tax_percent: Decimal | None = None
    children: int = 0


@dataclass(frozen=True, slots=True)
class OfferInput:
    """Everything a quote is computed from.

    `payroll` counts people by monthly gross pay in EUR; `hours_month` are those one person
    works. `left_out` are rows of a file who cannot be insured, with the code of the reason: row
    numbers only, never names.
    """

    employer_name: str
    tariff_key: str
    start: date
    hours_month: Decimal
    payroll: Mapping[Decimal, int]
    example: ExampleEmployee
    left_out: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PayLine:
    """A line of a typed payroll: so many people with the same monthly gross pay in EUR."""

    pay: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class PayProblem:
    """A line of a typed payroll that says nothing we understand.

    `code` is NO_AMOUNT, NO_PEOPLE or TOO_MANY_PEOPLE; `line` counts from 1.
    """

    line: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class TypedPayroll:
    """What a typed payroll says, and the lines that could not be read."""

    lines: tuple[PayLine, ...]
    problems: tuple[PayProblem, ...]

    @property
    def counts(self) -> dict[Decimal, int]:
        """People by monthly gross pay, lowest pay first."""
        counted: dict[Decimal, int] = {}
        for line in sorted(self.lines, key=lambda line: line.pay):
            counted[line.pay] = counted.get(line.pay, 0) + line.people
        return counted
