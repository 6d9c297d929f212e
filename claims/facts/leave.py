"""Frozen values of the day counter: what is known of a person's incapacity and what follows.

Plain days and EUR; nothing here knows a diagnosis. An illness is told apart from another by a key
that means nothing outside of the person's own leaves.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period


class DayState(StrEnum):
    """What a day of a leave counts as. Only PAID and REINTEGRATION days are ever paid."""

    DEFERRAL = "DEFERRAL"
    PAID = "PAID"
    REINTEGRATION = "REINTEGRATION"
    HELD = "HELD"
    NOT_DECIDED = "NOT_DECIDED"
    REFUSED = "REFUSED"
    GAP = "GAP"
    EXCLUDED = "EXCLUDED"
    EXHAUSTED = "EXHAUSTED"
    NOT_INSURED = "NOT_INSURED"
    COVER_ENDED = "COVER_ENDED"


class LeaveEnd(StrEnum):
    """Why benefit of a leave ends, as far as it is known."""

    RECOVERED = "RECOVERED"
    MAXIMUM_REACHED = "MAXIMUM_REACHED"
    COVER_ENDED = "COVER_ENDED"
    EXCLUSION = "EXCLUSION"
    NOT_INSURED = "NOT_INSURED"


@dataclass(frozen=True, slots=True)
class Episode:
    """One illness from its first certified day: what a `SickLeave` row and its papers say.

    `key` is the row, `illness` the same for a relapse as for its first leave. `certified` and
    `reintegration` may overlap, adjoin and come in any order. `exclusion` is the code of an
    exclusion that was found to apply, "" for none.
    """

    key: int
    illness: Hashable
    certified: tuple[Period, ...]
    reintegration: tuple[Period, ...] = ()
    exclusion: str = ""


@dataclass(frozen=True, slots=True)
class InsuredSpan:
    """Days of cover with the monthly sum that would be insured by the terms of these days.

    `benefit` and `pay` are EUR a month. Spans that adjoin are one cover. `end_reason` is a value
    of `members.facts.EndReason` on the last span of a cover that has an end, else "".
    """

    period: Period
    benefit: Decimal
    pay: Decimal
    band: int | None
    tariff_key: str
    tariff_from: date
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class BenefitTerms:
    """The tariff's parameters of benefit that count for a leave (those of its first day)."""

    deferral_days: int
    benefit_until_day: int
    relapse: str = "efzg"
    benefit_proration: str = "days_30"
    run_off: str = "stop"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided for days of a leave: paid or not. A later ruling overrides an earlier."""

    period: Period
    pays: bool


@dataclass(frozen=True, slots=True)
class HoldOn:
    """A provisional decision: from a day on only `percent` (0 to 99) of the sum is paid."""

    period: Period
    percent: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring days of a leave that count alike.

    `first_number` is the number of its first day in the day counter (None where days are not
    counted: gaps), counted on without a break within the piece. `percent` is what is paid of the
    sum: 100, less under a hold, 0 where nothing is. `cause` says more: the code of an exclusion,
    the reason why cover ended.
    """

    period: Period
    state: DayState
    first_number: int | None
    percent: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """Episodes that are one leave, and the days of it from the first to the last certified.

    `brought` are days of the same illness counted before the leave began. `sum_since` is the day
    whose terms set the monthly sum: the leave's first day, for a relapse that of the first leave.
    `span` is None where nothing was insured on that day.
    """

    episodes: tuple[int, ...]
    period: Period
    brought: int
    sum_since: date
    span: InsuredSpan | None
    pieces: tuple[Piece, ...]

    @property
    def monthly_sum(self) -> Decimal:
        """EUR a month, 0.00 where nothing is insured."""
        return self.span.benefit if self.span else Decimal("0.00")


@dataclass(frozen=True, slots=True)
class SliceDue:
    """What is due for one leave and month, in arrears: EUR, days paid at all, and these days."""

    month: Month
    days: int
    amount: Decimal
    payable: tuple[Period, ...]
    parts: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What follows from everything known of one leave."""

    leave: Leave
    first_benefit_day: date | None
    slices: tuple[SliceDue, ...]
    total: Decimal
    end: LeaveEnd | None
