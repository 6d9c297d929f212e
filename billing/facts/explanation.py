"""Frozen values of why a premium line is what it is, from the notice to the cent."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.month import Month
from billing.facts.line_reasons import Reason
from members.facts import Channel, NoticeKind


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """Which days of a month are covered: how many, of how many, the first and the last."""

    days: int
    month_days: int
    first_day: date | None
    last_day: date | None

    @property
    def is_whole(self) -> bool:
        """Whether the month is covered in full."""
        return self.days >= self.month_days


@dataclass(frozen=True, slots=True)
class NoticeSource:
    """The notice that a pay comes from: its record's id, and the id it is known by outside."""

    notice_id: int
    public_id: str
    kind: NoticeKind
    effective: date
    received_on: date
    channel: Channel


@dataclass(frozen=True, slots=True)
class PaySource:
    """The pay that prices the month, EUR gross a month: since when, and who said so."""

    amount: Decimal
    since: date | None
    notice: NoticeSource | None


@dataclass(frozen=True, slots=True)
class BandSource:
    """A wage band: EUR gross a month above the one and up to the other, None where it is open."""

    number: int
    above: Decimal
    up_to: Decimal | None


@dataclass(frozen=True, slots=True)
class TariffSource:
    """The tariff value that was applied: EUR a month in a band, else percent of pay.

    `valid_from` is the day of the tariff version, `digest` the SHA-256 of its content as it was
    applied, `source` the text of where the value comes from.
    """

    key: str
    valid_from: date
    digest: str
    band: BandSource | None
    value: Decimal
    unit: str
    source: str


class StepKind(StrEnum):
    """A step of the arithmetic.

    VALUE: the tariff's amount as it is. PERCENT: pay x percent / 100. DAYS: premium x days / 30.
    DIFFERENCE: what the month costs minus what was charged for it before.
    """

    VALUE = "VALUE"
    PERCENT = "PERCENT"
    DAYS = "DAYS"
    DIFFERENCE = "DIFFERENCE"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `left` times `right` by `divisor`, or minus `right`; EUR but for the factors.

    `is_rounded` where the exact result has more than two places: it is rounded half up.
    """

    kind: StepKind
    left: Decimal
    right: Decimal
    divisor: int
    result: Decimal
    is_rounded: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an earlier statement charged for the same person and month, EUR."""

    statement_id: int
    public_id: str
    number: str
    month: Month
    issued_on: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """Why a line is what it is. `owed` is what the month costs now, `amount` what is charged, EUR.

    `pay` and `tariff` are None where nobody is covered any more. `reasons` say why the person's
    part of the statement differs from that of the run before.
    """

    statement_id: str
    statement_number: str
    statement_month: Month
    issued_on: date | None
    personnel_number: str
    last_name: str
    first_name: str
    month: Month
    covered: CoveredDays
    pay: PaySource | None
    tariff: TariffSource | None
    steps: tuple[Step, ...]
    owed: Decimal
    recorded: tuple[Recorded, ...]
    amount: Decimal
    reasons: tuple[Reason, ...]

    @property
    def recorded_before(self) -> Decimal:
        """What earlier statements charged for the month, EUR."""
        return self.owed - self.amount
