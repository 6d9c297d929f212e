"""Frozen values the pages show: rows of tables and what their pictures are drawn from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract of the list. `premium` is that of its last posted statement in EUR."""

    number: str
    employer: str
    town: str
    state: str
    tariff: str
    insured: int
    premium: Decimal | None
    premium_month: date | None
    next_day: date


@dataclass(frozen=True, slots=True)
class ContractTotals:
    """Foot of the list: sums over everything the filters let through, EUR a month."""

    contracts: int
    insured: int
    premium: Decimal


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One insured person as of a day, EUR a month; None where no pay is known on that day."""

    person_id: int
    name: str
    personnel_number: str
    period: Period | None
    end_reason: str
    pay: Decimal | None
    band: int | None
    premium: Decimal | None
    benefit: Decimal | None
