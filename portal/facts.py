"""Frozen values the pages show: rows of tables and what their pictures are drawn from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period
from members.facts import EndReason


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract of the list. `premium` is that of its last posted statement in EUR."""

    contract_id: int
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
    birth_date: date
    period: Period | None
    end_reason: str
    pay: Decimal | None
    band: int | None
    premium: Decimal | None
    has_ended: bool

    @property
    def shows_end(self) -> bool:
        """Whether the end is worth telling: it is over, or ends before age ends everybody's."""
        return self.has_ended or self.end_reason not in {"", EndReason.RETIREMENT_AGE}


@dataclass(frozen=True, slots=True)
class MonthAmount:
    """What was charged for a month, EUR."""

    month: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BandShare:
    """One wage band of a statement's month: EUR bounds, people, and their EUR premium.

    `share` is the part of all people as a percentage of the largest band, for its bar.
    """

    number: int
    above: Decimal
    up_to: Decimal | None
    insured: int
    premium: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class LineSums:
    """A statement's lines: those of its month and differences of past months, EUR."""

    current_count: int
    current_amount: Decimal
    past_count: int
    past_amount: Decimal
