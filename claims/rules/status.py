"""Where a claim stands, and when somebody has to do something about it."""

from datetime import date, timedelta

from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import (
    BenefitTerms,
    ClaimStatus,
    DayState,
    Entitlement,
    Leave,
    LeaveEnd,
    StatusFacts,
)
from claims.rules.checks import find_gaps, find_limit_day

Standing = tuple[ClaimStatus, date | None]
"""The status and the day of the next step, None where nobody has to do anything."""

# A follow-up certificate may take so many days to arrive before it is asked for.
_LATE_AFTER_DAYS = 3
# A leave without benefit is over when so many days brought no further certificate.
_QUIET_AFTER_DAYS = 14
_PAID = frozenset({DayState.PAID, DayState.REINTEGRATION, DayState.HELD})
# No further certificate changes these ends.
_FINAL = frozenset({LeaveEnd.MAXIMUM_REACHED, LeaveEnd.COVER_ENDED})


def decide_status(facts: StatusFacts, *, today: date) -> Standing:
    """The status of a claim on a day and the day of its next step."""
    if facts.is_joined:
        return ClaimStatus.JOINED, None
    if facts.entitlement is None or facts.terms is None:
        return ClaimStatus.REPORTED, None
    if facts.has_proposal:
        return ClaimStatus.APPROVAL, today
    leave = facts.entitlement.leave
    if _is_refused(facts, facts.entitlement):
        return ClaimStatus.REFUSED, None
    if _is_ended(facts, leave):
        return ClaimStatus.ENDED, None
    if any(today in hold.period for hold in facts.holds):
        return ClaimStatus.HELD, facts.review_on
    undecided = _first_day(leave, frozenset({DayState.NOT_DECIDED}))
    if _first_day(leave, _PAID) is not None and not _is_near(facts, undecided, today):
        return _stand_granted(facts, facts.entitlement, today)
    return _stand_undecided(facts, leave, facts.terms, undecided, today)


def _first_day(leave: Leave, states: frozenset[DayState]) -> date | None:
    return next((p.period.first_day for p in leave.pieces if p.state in states), None)


def _is_refused(facts: StatusFacts, entitlement: Entitlement) -> bool:
    """Whether a refusal stands and nothing is paid or left to decide beside it."""
    if facts.refused_from is None:
        return False
    if _first_day(entitlement.leave, _PAID | {DayState.NOT_DECIDED}) is not None:
        return False
    first = entitlement.first_benefit_day
    return first is None or facts.refused_from <= first


def _is_ended(facts: StatusFacts, leave: Leave) -> bool:
    """Whether an end or a refusal stands and no day after it is paid or left to decide."""
    going_on = _PAID | {DayState.NOT_DECIDED}
    last_days = [p.period.last_day for p in leave.pieces if p.state in going_on]
    return any(
        all(day is not None and day < stop for day in last_days)
        for stop in (facts.ended_from, facts.refused_from)
        if stop is not None
    )


def _is_near(facts: StatusFacts, day: date | None, today: date) -> bool:
    return day is not None and day <= today + timedelta(days=facts.examine_days_before)


def _stand_granted(facts: StatusFacts, entitlement: Entitlement, today: date) -> Standing:
    """While benefit runs; once nothing more can be paid, somebody has to end the claim."""
    leave = entitlement.leave
    if entitlement.end in _FINAL:
        over_on = _last_day(leave, _PAID) + ONE_DAY
        if over_on <= today:
            return ClaimStatus.TO_EXAMINE, over_on
    else:
        over_on = _last_day(leave, frozenset(DayState)) + timedelta(days=_LATE_AFTER_DAYS + 1)
    open_gaps = [gap for gap in find_gaps(leave) if not _is_answered(gap, facts.answered_gaps)]
    if open_gaps or over_on <= today:
        return ClaimStatus.EVIDENCE_MISSING, today
    steps = [over_on] if facts.review_on is None else [over_on, facts.review_on]
    return ClaimStatus.PAYING, min(steps)


def _last_day(leave: Leave, states: frozenset[DayState]) -> date:
    days = [p.period.last_day or p.period.first_day for p in leave.pieces if p.state in states]
    return days[-1]


def _is_answered(gap: Period, answered: tuple[Period, ...]) -> bool:
    return any(gap.intersection(period) == gap for period in answered)


def _stand_undecided(
    facts: StatusFacts, leave: Leave, terms: BenefitTerms, undecided: date | None, today: date
) -> Standing:
    """Before examination: benefit may be near, far or never reached.

    Days that are not insured or excluded are examined as well: somebody has to refuse.
    """
    last = leave.period.last_day or today
    first = find_limit_day(leave, number=max(terms.deferral_days, leave.brought) + 1)
    begins = undecided or first
    examine_on = begins - timedelta(days=facts.examine_days_before)
    if begins > last:
        quiet_on = last + timedelta(days=_QUIET_AFTER_DAYS + 1)
        if quiet_on <= today:
            return ClaimStatus.ENDED, None
        return ClaimStatus.DEFERRAL, quiet_on
    if examine_on <= today:
        return ClaimStatus.TO_EXAMINE, examine_on
    return ClaimStatus.DEFERRAL, examine_on
