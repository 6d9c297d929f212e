"""What can be said about one notice alone, without the others of its person."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from aupolicy.facts import Parameters
from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from members.facts import Applicant, Code, Employment, Notice, NoticeCode, NoticeKind
from members.rules.eligibility import RetirementSteps, decide_eligibility

LIMITS = frozenset({NoticeCode.RETRO_LIMIT, NoticeCode.TOO_FAR_AHEAD})
"""Why a notice waits for a clerk although nothing else is wrong with it."""

_BEGINS = frozenset({NoticeKind.JOIN, NoticeKind.RETURN})


@dataclass(frozen=True, slots=True)
class DayTerms:
    """What a contract settles for notices of one day."""

    contract: Period
    parameters: Parameters
    co_insures_directors: bool


def first_changed_day(notice: Notice) -> date:
    """The first day whose cover or pay a notice can change."""
    ends_after = notice.kind in {NoticeKind.LEAVE, NoticeKind.DEATH}
    return notice.effective + ONE_DAY if ends_after else notice.effective


def is_too_late(notice: Notice, received: date, retro_months: int) -> bool:
    """Whether a notice reaches further back than allowed before the month of its receipt."""
    return reaches_too_far(first_changed_day(notice), received, retro_months)


def reaches_too_far(day: date, received: date, retro_months: int) -> bool:
    """Whether a day lies further back than a notice may change."""
    return day < _earliest(received, retro_months)


def is_too_far_ahead(notice: Notice, received: date, ahead_months: int) -> bool:
    """Whether a notice takes effect later than may be said so early."""
    return notice.effective > _latest(received, ahead_months)


@lru_cache(maxsize=1_024)
def _earliest(received: date, retro_months: int) -> date:
    return Month.of(received).plus(-retro_months).first_day


@lru_cache(maxsize=1_024)
def _latest(received: date, ahead_months: int) -> date:
    return add_months(received, ahead_months)


def find_faults(
    notice: Notice, *, received: date, terms: DayTerms, steps: RetirementSteps
) -> tuple[Code, ...]:
    """Why a notice is refused for good; empty where it is not."""
    if notice.kind in _BEGINS and notice.effective not in terms.contract:
        return (NoticeCode.OUTSIDE_CONTRACT,)
    missing = _find_missing(notice, received)
    if missing or notice.kind is not NoticeKind.JOIN or notice.birth_date is None:
        return missing
    verdict = decide_eligibility(
        _applicant(notice, notice.birth_date, co_insured=terms.co_insures_directors),
        as_of=notice.effective,
        parameters=terms.parameters,
        steps=steps,
    )
    return () if verdict.reason is None else (verdict.reason,)


def find_limits(
    notice: Notice, *, received: date, parameters: Parameters
) -> tuple[NoticeCode, ...]:
    """Which limit of time puts a notice to a clerk.

    A correction has no day of its own, what it reaches depends on its target; a name costs
    nothing, so it may be late.
    """
    if notice.kind is NoticeKind.CORRECTION:
        return ()
    if is_too_far_ahead(notice, received, parameters.ahead_months):
        return (NoticeCode.TOO_FAR_AHEAD,)
    if notice.kind is NoticeKind.NAME_CHANGE:
        return ()
    if is_too_late(notice, received, parameters.retro_months):
        return (NoticeCode.RETRO_LIMIT,)
    return ()


def _find_missing(notice: Notice, received: date) -> tuple[Code, ...]:
    match notice.kind:
        case NoticeKind.JOIN:
            return _missing_of_joining(notice, received)
        case NoticeKind.PAY_CHANGE if notice.pay is None:
            return (NoticeCode.MISSING_PAY,)
        case NoticeKind.NAME_CHANGE if not (notice.first_name or notice.last_name):
            return (NoticeCode.MISSING_NAME,)
        case NoticeKind.CORRECTION if not notice.corrects:
            return (NoticeCode.NOTHING_TO_CORRECT,)
        case _:
            return ()


def _missing_of_joining(notice: Notice, received: date) -> tuple[Code, ...]:
    codes: list[Code] = []
    if not notice.first_name or not notice.last_name:
        codes.append(NoticeCode.MISSING_NAME)
    if notice.birth_date is None:
        codes.append(NoticeCode.MISSING_BIRTH_DATE)
    elif notice.birth_date > received:
        codes.append(NoticeCode.BIRTH_DATE_IN_FUTURE)
    if notice.pay is None:
        codes.append(NoticeCode.MISSING_PAY)
    return tuple(codes)


def _applicant(notice: Notice, birth_date: date, *, co_insured: bool) -> Applicant:
    is_director = notice.employment in {Employment.DIRECTOR, Employment.OWNER}
    return Applicant(
        birth_date=birth_date,
        employment=notice.employment,
        occupation=notice.occupation,
        health_insurance=notice.health_insurance,
        co_insured_director=co_insured and is_director,
    )
