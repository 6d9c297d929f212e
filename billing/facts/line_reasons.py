"""Frozen values of why a statement differs from the one of the run before."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from members.facts import Cover, NoticeKind


class ReasonKind(StrEnum):
    """What made an amount differ.

    FULL_MONTH: a full month after one covered in part. TERMS: other terms were agreed, TARIFF: a
    new version of the same tariff. CAUGHT_UP: a month that no run billed before. ONE_OFF: the
    statement before had differences of past months, which do not come again. OTHER: a clerk's
    decision or a correction whose notice cannot be told.
    """

    CONTRACT_BEGIN = "CONTRACT_BEGIN"
    CONTRACT_END = "CONTRACT_END"
    JOIN = "JOIN"
    RETURN = "RETURN"
    LEAVE = "LEAVE"
    PARENTAL_LEAVE = "PARENTAL_LEAVE"
    DEATH = "DEATH"
    RETIREMENT_AGE = "RETIREMENT_AGE"
    PAY_CHANGE = "PAY_CHANGE"
    TERMS = "TERMS"
    TARIFF = "TARIFF"
    FULL_MONTH = "FULL_MONTH"
    WITHDRAWN = "WITHDRAWN"
    CAUGHT_UP = "CAUGHT_UP"
    ONE_OFF = "ONE_OFF"
    TAX = "TAX"
    OTHER = "OTHER"


class LineState(NamedTuple):
    """What a premium line follows from; 0 days where nobody is covered."""

    covered_days: int
    pay: Decimal | None
    band: int | None
    tariff_id: int | None


NOT_COVERED = LineState(0, None, None, None)


class PieceKind(StrEnum):
    """What a piece of a difference compares.

    NEW_MONTH: this run's month with that of the run before. CORRECTED: a month billed before,
    owed minus recorded. CAUGHT_UP: a month between the two. ONE_OFF: what the statement before
    charged for other months than its own.
    """

    NEW_MONTH = "NEW_MONTH"
    CORRECTED = "CORRECTED"
    CAUGHT_UP = "CAUGHT_UP"
    ONE_OFF = "ONE_OFF"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the difference that is about one person and month, EUR.

    `before` is how `month_before` was billed, `now` how `month` is.
    """

    person_id: int
    kind: PieceKind
    amount: Decimal
    month_before: Month
    before: LineState
    month: Month
    now: LineState


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A notice that was withdrawn since the last statement: what it had said, for which day."""

    kind: NoticeKind
    effective: date


@dataclass(frozen=True, slots=True)
class PersonLife:
    """What is known about a person where reasons are looked for.

    `covers` are cut to the contract and in order of time; `news` the kinds and days of notices
    since the last statement, `returns` the days of all reported returns.
    """

    covers: tuple[Cover, ...] = ()
    returns: frozenset[date] = frozenset()
    news: frozenset[tuple[NoticeKind, date]] = frozenset()
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class ContractLife:
    """What is known about the contract: its days, the first days of its terms.

    `is_new` where this is its first statement.
    """

    period: Period
    terms: tuple[date, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person's part of a statement differs, EUR more or less.

    `day` is the day it took effect, `months` the number of months billed before that it changes.
    Bands and pays are given where they changed; `withdrawn` is what a withdrawn notice had said.
    """

    kind: ReasonKind
    amount: Decimal
    day: date | None = None
    months: int = 0
    band_before: int | None = None
    band: int | None = None
    pay_before: Decimal | None = None
    pay: Decimal | None = None
    withdrawn: NoticeKind | None = None


@dataclass(frozen=True, slots=True)
class ReasonSum:
    """All reasons of one kind in a statement: how many people they are about, EUR together."""

    kind: ReasonKind
    people: int
    amount: Decimal
