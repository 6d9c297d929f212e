"""What the checks and the status of a claim are decided on."""

from dataclasses import dataclass
from datetime import date

from aupolicy.kernel.period import Period
from claims.facts.leave import BenefitTerms, Entitlement, Episode, HoldOn, InsuredSpan, Leave


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What the automatic checks of a claim look at.

    `leave` is the one of the claim as if all were granted, `terms` those of its first day,
    `episodes` and `spans` all of the person. `joined_told_on` is the day on which the notice
    that began the cover of the leave's first day was received, `retirement_end` the last day
    before standard retirement age ends cover; None: not known. `defaults` are days on which the
    employer was in default, so that nothing is owed for who falls ill then (§§ 37, 38 VVG).
    """

    leave: Leave
    terms: BenefitTerms
    episodes: tuple[Episode, ...]
    spans: tuple[InsuredSpan, ...]
    joined_told_on: date | None = None
    retirement_end: date | None = None
    defaults: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status of a claim is decided on.

    `entitlement` is after what was decided and through the last certified day, `terms` those of
    the leave's first day; both None while nothing is certified. `refused_from` and
    `ended_from` are the first days of a REFUSE and of an END in effect that no REOPEN took
    back. `holds` are those not lifted, `review_on` is the earliest open review (also of a
    hold), `answered_gaps` are gaps that were asked about and will stay gaps.
    `examine_days_before` is the parameter of handling of that name.
    """

    entitlement: Entitlement | None
    terms: BenefitTerms | None
    examine_days_before: int
    is_joined: bool = False
    has_proposal: bool = False
    refused_from: date | None = None
    ended_from: date | None = None
    holds: tuple[HoldOn, ...] = ()
    review_on: date | None = None
    answered_gaps: tuple[Period, ...] = ()
