"""What is done when a debit comes back for a reason: rules as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Occurrence(StrEnum):
    """Whether a contract's debit comes back for a reason for the first time, or again unpaid."""

    FIRST = "first"
    REPEAT = "repeat"


class MandateEffect(StrEnum):
    """KEEP: the mandate goes on. SUSPEND: nothing is collected by it until somebody lifts that."""

    KEEP = "keep"
    SUSPEND = "suspend"


class NextStep(StrEnum):
    """REQUEST_PAYMENT: the reminders take it. RESEND: collected again. CLERK: somebody looks."""

    REQUEST_PAYMENT = "request_payment"
    RESEND = "resend"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Reaction:
    """A rule for a code and occurrence, valid from a day on.

    `retry_after_days` from the return until the item may be collected again; None: not by
    itself. `source` names where the rule comes from, `own` says that the insurer set it.
    """

    code: str
    occurrence: Occurrence
    valid_from: date
    mandate_effect: MandateEffect
    next_step: NextStep
    retry_after_days: int | None
    charge_fee: bool
    source: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class ReactionTable:
    """The shipped rules, the meaning of each code (German), and where they come from.

    The rule for `OTHER` counts for every code that has none of its own.
    """

    reactions: tuple[Reaction, ...]
    meanings: Mapping[str, str]
    sources: Mapping[str, str]


OTHER = "OTHER"
