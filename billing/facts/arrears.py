"""Arrears of premium: how reminding is set, what happened in a case, and what comes next."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.money import total


class StepKind(StrEnum):
    """What can happen in a case of arrears; the value is what the table stores."""

    PAYMENT_REQUEST = "PAYMENT_REQUEST"
    FIRST_NOTICE = "FIRST_NOTICE"
    REMINDER = "REMINDER"
    BENEFIT_FREEDOM = "BENEFIT_FREEDOM"
    TERMINATION = "TERMINATION"
    WITHDRAWAL = "WITHDRAWAL"
    REVIVAL = "REVIVAL"
    PAID = "PAID"
    STOP = "STOP"
    RESUME = "RESUME"
    EXTENSION = "EXTENSION"
    RECEIPT = "RECEIPT"
    RELEASE = "RELEASE"


# Those that give the policyholder a date.
LETTERS_WITH_DEADLINE = (
    StepKind.PAYMENT_REQUEST,
    StepKind.FIRST_NOTICE,
    StepKind.REMINDER,
    StepKind.TERMINATION,
)


class WaitReason(StrEnum):
    """Why nothing happens in a case today."""

    CLOSED = "CLOSED"
    STOPPED = "STOPPED"
    PLAN = "PLAN"
    DEBIT = "DEBIT"
    SMALL_SUM = "SMALL_SUM"
    DUE = "DUE"
    DEADLINE = "DEADLINE"
    BEFORE_TERMINATION = "BEFORE_TERMINATION"
    RELEASE = "RELEASE"
    REVIVAL = "REVIVAL"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class DunningParameters:
    """How the insurer reminds from a day on; see `billing/parameters/dunning.yaml` for each value.

    Sums are EUR, `interest_points` percentage points above the base rate.
    """

    valid_from: date
    receipt_days: int
    payment_days: int
    request_grace_days: int
    reminder_weeks: int
    expiry_grace_days: int
    termination_after_days: int
    revival_months: int
    first_premium_days: int
    small_sum: Decimal
    charges_interest: bool
    interest_points: Decimal
    least_interest: Decimal
    lump_sum: Decimal
    reminder_costs: Decimal
    terminates_automatically: bool
    withdraws_automatically: bool
    combines_termination: bool


@dataclass(frozen=True, slots=True)
class BaseRates:
    """The base rate (§ 247 BGB) in percent a year, by the first day of each half year.

    `known_through` is the last day it was published for: nothing is guessed beyond it.
    """

    rates: tuple[tuple[date, Decimal], ...]
    known_through: date


@dataclass(frozen=True, slots=True)
class InterestPiece:
    """Interest of days on which nothing changes: both days count, `percent` a year, EUR."""

    first_day: date
    last_day: date
    base: Decimal
    percent: Decimal
    year_days: int
    amount: Decimal

    @property
    def days(self) -> int:
        """How many days bear interest."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class Interest:
    """Default interest of one demand. `unknown_from`: no rate is known from that day on."""

    pieces: tuple[InterestPiece, ...] = ()
    unknown_from: date | None = None

    @property
    def amount(self) -> Decimal:
        """EUR."""
        return total(piece.amount for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step as the rules see it. `deadline` is the last day to pay; of a stop, its last day.

    `combined`: a reminder that declared termination for the end of its period.
    """

    kind: StepKind
    day: date
    deadline: date | None = None
    combined: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case as the rules see it.

    `due_through` is the last day on which its demands could be paid in time, `open_amount` what
    is open of them in EUR, `paid_on` the day on which the last of them was settled. `debit_on` is
    the day of a debit that is under way. `is_given_up`: part of it was written off, not paid.
    `has_ended`: there is no cover left that default could take away.
    """

    is_first_premium: bool
    needs_request: bool
    due_through: date
    open_amount: Decimal
    paid_on: date | None = None
    is_given_up: bool = False
    in_plan: bool = False
    debit_on: date | None = None
    is_closed: bool = False
    has_ended: bool = False
    steps: tuple[StepFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is to happen now. `first_day` is the day from which it has effect, where it has one."""

    kind: StepKind
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens before `until`; None: not before somebody or something else moves.

    `then` is what comes next if nothing is paid.
    """

    reason: WaitReason
    until: date | None = None
    then: StepKind | None = None
