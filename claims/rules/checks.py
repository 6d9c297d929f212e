"""The automatic checks of a claim: what an examiner need not look up."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.kernel.public_holidays import is_working_day
from claims.facts import (
    CheckCode,
    CheckFacts,
    CheckResult,
    ClaimsParameters,
    DayState,
    Episode,
    Finding,
    InsuredSpan,
    Leave,
)

_Found = tuple[Finding, tuple[date, ...]]
# No more free days follow each other; a longer gap holds a working day.
_MOST_FREE_DAYS = 4


@dataclass(frozen=True, slots=True)
class _Look:
    facts: CheckFacts
    parameters: ClaimsParameters
    today: date


def run_checks(
    facts: CheckFacts, *, parameters: ClaimsParameters, today: date
) -> tuple[CheckResult, ...]:
    """Every check, in a fixed order, each with the days it is about."""
    look = _Look(facts, parameters, today)
    return tuple(CheckResult(code, *check(look)) for code, check in _CHECKS.items())


def find_cover(spans: tuple[InsuredSpan, ...], *, day: date) -> Period | None:
    """The whole cover that a day lies in: spans that adjoin are one."""
    found: Period | None = None
    for span in sorted(spans, key=lambda span: span.period.first_day):
        if found is not None and _continues(found, span.period):
            found = Period(found.first_day, span.period.last_day)
        elif found is not None and day in found:
            break
        else:
            found = span.period
    return found if found is not None and day in found else None


def _continues(cover: Period, period: Period) -> bool:
    return cover.last_day is not None and cover.last_day + ONE_DAY == period.first_day


def find_gaps(leave: Leave) -> tuple[Period, ...]:
    """The gaps of a leave that evidence is missing for: those with a working day in them.

    Free days between two certificates, as over a weekend, are not paid either, but nobody is
    certified for them again.
    """
    gaps = [piece.period for piece in leave.pieces if piece.state is DayState.GAP]
    return tuple(gap for gap in gaps if _has_working_day(gap))


def _has_working_day(gap: Period) -> bool:
    days = gap.days or 0
    return days > _MOST_FREE_DAYS or any(
        is_working_day(gap.first_day + timedelta(days=n)) for n in range(days)
    )


def find_limit_day(leave: Leave, *, number: int) -> date:
    """The day of a leave with a number in the day counter.

    Beyond what is certified: the day it will be if every further day is certified. Before the
    leave (days brought): the day before its first.
    """
    if number <= leave.brought:
        return leave.period.first_day - ONE_DAY
    day, reached = leave.period.first_day - ONE_DAY, leave.brought
    for piece in leave.pieces:
        if piece.first_number is not None:
            days = piece.period.days or 0
            if number < piece.first_number + days:
                return piece.period.first_day + timedelta(days=number - piece.first_number)
            reached = piece.first_number + days - 1
        day = piece.period.last_day or day
    return day + timedelta(days=number - reached)


def _check_onset(look: _Look) -> _Found:
    first = look.facts.leave.period.first_day
    return (Finding.FAILED if look.facts.leave.span is None else Finding.PASSED), (first,)


def _check_cover(look: _Look) -> _Found:
    """Days: the last one covered, where an end is known; attention once it is near."""
    leave = look.facts.leave
    cover = find_cover(look.facts.spans, day=leave.period.first_day)
    if cover is None:
        return Finding.FAILED, ()
    if cover.last_day is None:
        return Finding.PASSED, ()
    deferral = max(look.facts.terms.deferral_days, leave.brought)
    if cover.last_day < find_limit_day(leave, number=deferral + 1):
        return Finding.FAILED, (cover.last_day,)
    warned_from = cover.last_day - timedelta(days=look.parameters.limit_warning_days)
    is_near = warned_from <= max(look.today, leave.period.last_day or look.today)
    return (Finding.ATTENTION if is_near else Finding.PASSED), (cover.last_day,)


def _check_premium(look: _Look) -> _Found:
    """§ 37 (2), § 38 (2) VVG: nothing is owed to who fell ill while the employer was in default.

    The first day of illness decides: who was ill before keeps the claim. Days: the first one free
    of benefit, and the first of illness.
    """
    first = look.facts.leave.period.first_day
    for default in look.facts.defaults:
        if first in default:
            return Finding.FAILED, (default.first_day, first)
    return Finding.PASSED, ()


def _check_gaps(look: _Look) -> _Found:
    """Days: first and last of each gap."""
    gaps = find_gaps(look.facts.leave)
    days = tuple(day for gap in gaps for day in (gap.first_day, gap.last_day or gap.first_day))
    return (Finding.ATTENTION if gaps else Finding.PASSED), days


def _check_overlap(look: _Look) -> _Found:
    """Days: first and last of each overlap of two episodes of the leave."""
    own = [episode for episode in look.facts.episodes if episode.key in look.facts.leave.episodes]
    days = tuple(
        day
        for one, other in combinations(own, 2)
        for both in _overlaps(one, other)
        for day in (both.first_day, both.last_day or both.first_day)
    )
    return (Finding.ATTENTION if days else Finding.PASSED), days


def _overlaps(one: Episode, other: Episode) -> Iterator[Period]:
    for period in one.certified:
        for another in other.certified:
            both = period.intersection(another)
            if both is not None:
                yield both


def _check_limit(look: _Look) -> _Found:
    """Days: the last one of benefit, as it is or will be if every further day is certified."""
    last = find_limit_day(look.facts.leave, number=look.facts.terms.benefit_until_day)
    if last < look.facts.leave.period.first_day:
        return Finding.FAILED, (last,)
    near = last - timedelta(days=look.parameters.limit_warning_days) <= look.today
    near = near or last <= (look.facts.leave.period.last_day or last - ONE_DAY)
    return (Finding.ATTENTION if near else Finding.PASSED), (last,)


def _check_age(look: _Look) -> _Found:
    """Days: the last one before retirement age."""
    end = look.facts.retirement_end
    if end is None:
        return Finding.PASSED, ()
    if end < look.facts.leave.period.first_day:
        return Finding.FAILED, (end,)
    near = add_months(look.today, look.parameters.age_warning_months) >= end
    return (Finding.ATTENTION if near else Finding.PASSED), (end,)


def _check_joining(look: _Look) -> _Found:
    """Days: the first of cover and, where it is known, the day that was reported on."""
    first = look.facts.leave.period.first_day
    cover = find_cover(look.facts.spans, day=first)
    if cover is None:
        return Finding.FAILED, ()
    told = look.facts.joined_told_on
    days = (cover.first_day,) if told is None else (cover.first_day, told)
    is_new = (first - cover.first_day).days < look.parameters.retro_join_days
    was_told_late = told is not None and told >= first
    return (Finding.ATTENTION if is_new or was_told_late else Finding.PASSED), days


_CHECKS: dict[CheckCode, Callable[[_Look], _Found]] = {
    CheckCode.INSURED_AT_ONSET: _check_onset,
    CheckCode.COVER_LASTS: _check_cover,
    CheckCode.PREMIUM_PAID: _check_premium,
    CheckCode.NO_GAP: _check_gaps,
    CheckCode.NO_OVERLAP: _check_overlap,
    CheckCode.WITHIN_LIMIT: _check_limit,
    CheckCode.BELOW_AGE: _check_age,
    CheckCode.JOINED_IN_TIME: _check_joining,
}
