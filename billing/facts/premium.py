"""Frozen values of premiums: stretches of cover, charges, and what a run found."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aupolicy.kernel.month import Month

# A run makes and reads millions of the first two: tuples cost a third of a dataclass.
BareStretch = tuple[date, date | None, Decimal]
"""A `Stretch` as a row of the database brings it, without its names."""


class Stretch(NamedTuple):
    """Days of cover with one monthly insured pay in EUR; both ends inclusive, None is open."""

    first_day: date
    last_day: date | None
    pay: Decimal


class Charge(NamedTuple):
    """What one person owes for one month, in EUR, and from what it follows.

    `pay` is that of the first covered day, `band` None for a percent tariff.
    """

    amount: Decimal
    covered_days: int
    pay: Decimal
    band: int | None


@dataclass(frozen=True, slots=True)
class StatementSum:
    """What a run charges one contract: EUR total, lines, people and payroll of the month."""

    contract_id: int
    total: Decimal
    line_count: int
    insured_count: int
    payroll: Decimal


@dataclass(frozen=True, slots=True)
class RunSum:
    """What a run charges altogether."""

    month: Month
    statements: int
    insured: int
    lines: int
    payroll: Decimal
    total: Decimal
