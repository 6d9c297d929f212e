"""Frozen values of how claims are handled: parameters, checks, the clock of § 14 VVG."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Channel(StrEnum):
    """Which way something about a leave came in."""

    EMPLOYER = "EMPLOYER"
    BROKER = "BROKER"
    PERSON = "PERSON"
    EXAMINER = "EXAMINER"
    API = "API"


class CertificateSource(StrEnum):
    """What a certificate was taken from."""

    PAPER = "PAPER"
    EAU = "EAU"
    PORTAL = "PORTAL"


class ClaimStatus(StrEnum):
    """Where a claim stands; kept in the table so that queues can be asked quickly."""

    REPORTED = "REPORTED"
    DEFERRAL = "DEFERRAL"
    TO_EXAMINE = "TO_EXAMINE"
    APPROVAL = "APPROVAL"
    PAYING = "PAYING"
    EVIDENCE_MISSING = "EVIDENCE_MISSING"
    HELD = "HELD"
    REFUSED = "REFUSED"
    ENDED = "ENDED"
    JOINED = "JOINED"


class DecisionKind(StrEnum):
    """What an examiner decides."""

    GRANT = "GRANT"
    PARTLY_GRANT = "PARTLY_GRANT"
    REFUSE = "REFUSE"
    END = "END"
    REOPEN = "REOPEN"
    EXCLUDE = "EXCLUDE"
    LIFT_EXCLUSION = "LIFT_EXCLUSION"


class DecisionStatus(StrEnum):
    """Whether a decision counts; a returned one never did."""

    PROPOSED = "PROPOSED"
    EFFECTIVE = "EFFECTIVE"
    RETURNED = "RETURNED"


class ReasonCode(StrEnum):
    """Why nothing, not everything or nothing more is paid; each has words for the letter."""

    NOT_INSURED_AT_ONSET = "NOT_INSURED_AT_ONSET"
    COVER_ENDED = "COVER_ENDED"
    WITHIN_DEFERRAL = "WITHIN_DEFERRAL"
    EXCLUSION = "EXCLUSION"
    NO_EVIDENCE = "NO_EVIDENCE"
    PREMIUM_DEFAULT = "PREMIUM_DEFAULT"
    MAXIMUM_REACHED = "MAXIMUM_REACHED"
    RECOVERED = "RECOVERED"
    DEATH = "DEATH"
    RETIREMENT = "RETIREMENT"
    OTHER = "OTHER"


class CheckCode(StrEnum):
    """The automatic checks of a claim."""

    INSURED_AT_ONSET = "INSURED_AT_ONSET"
    COVER_LASTS = "COVER_LASTS"
    PREMIUM_PAID = "PREMIUM_PAID"
    NO_GAP = "NO_GAP"
    NO_OVERLAP = "NO_OVERLAP"
    WITHIN_LIMIT = "WITHIN_LIMIT"
    BELOW_AGE = "BELOW_AGE"
    JOINED_IN_TIME = "JOINED_IN_TIME"


class Finding(StrEnum):
    """How a check came out."""

    PASSED = "PASSED"
    ATTENTION = "ATTENTION"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check with what it looked at; `days` are the ones its words need."""

    code: CheckCode
    finding: Finding
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimsParameters:
    """How claims are handled from a day on; the file says unit and source of each value."""

    valid_from: date
    four_eyes_above: Decimal
    review_weeks: int
    examine_days_before: int
    request_days: int
    most_reminders: int
    interim_after_months: int
    limitation_years: int
    smallest_group: int
    retro_join_days: int
    limit_warning_days: int
    age_warning_months: int
    link_days: int
    largest_upload_bytes: int


@dataclass(frozen=True, slots=True)
class Clock:
    """§ 14 VVG: from `interim_on` on the claimant may demand an interim payment.

    `suspended_since` is set while the claimant owes something; then `interim_on` is as of today.
    From `decided_on` on nothing is interim any more.
    """

    started_on: date
    interim_on: date
    suspended_days: int
    suspended_since: date | None
    decided_on: date | None


class AssistanceKind(StrEnum):
    """What the insured person can ask for from the first day of a leave."""

    HOTLINE = "HOTLINE"
    MEALS = "MEALS"
    SHOPPING = "SHOPPING"
    ESCORT = "ESCORT"
    CLEANING = "CLEANING"
    CHILD_CARE = "CHILD_CARE"
