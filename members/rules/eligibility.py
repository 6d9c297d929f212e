"""Who can be insured, and until when."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from aupolicy.facts import Parameters
from aupolicy.kernel.legal_time import age_completed_on
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from members.facts import (
    Applicant,
    CoverEnd,
    Eligibility,
    EndReason,
    Ineligibility,
    NoticeKind,
)

RetirementSteps = Sequence[tuple[date | None, int]]
"""(born until, completed months of life); the last step has None."""

_REPORTED_END = {
    NoticeKind.LEAVE: EndReason.EMPLOYMENT_ENDED,
    NoticeKind.DEATH: EndReason.DEATH,
    NoticeKind.PARENTAL_LEAVE: EndReason.PARENTAL_LEAVE,
}
# Where several causes end cover on the same day, the first of these is named.
_END_ORDER = list(EndReason)


def decide_eligibility(
    person: Applicant, *, as_of: date, parameters: Parameters, steps: RetirementSteps
) -> Eligibility:
    """Whether a person can be insured on a day.

    Employees from 16 years (completed at the end of the day before the birthday) until the
    standard retirement age; not the marginally employed, whatever their pay, nor professional
    soldiers, firefighters and divers. Managing directors and owners only where co-insured.
    """
    if as_of <= age_completed_on(person.birth_date, years=parameters.minimum_age):
        return Eligibility(False, Ineligibility.TOO_YOUNG)
    if as_of > compute_retirement_end(person.birth_date, steps):
        return Eligibility(False, Ineligibility.OVER_AGE)
    if person.employment == "marginal":
        return Eligibility(False, Ineligibility.MARGINAL_EMPLOYMENT)
    if person.occupation in parameters.excluded_occupations:
        return Eligibility(False, Ineligibility(person.occupation.upper()))
    if person.employment in parameters.insurable_employment:
        return Eligibility(True)
    if person.employment in parameters.insurable_by_agreement and person.co_insured_director:
        return Eligibility(True)
    return Eligibility(False, Ineligibility.NOT_EMPLOYED)


def compute_retirement_end(birth_date: date, steps: RetirementSteps) -> date:
    """Last day of the month in which the standard retirement age is completed."""
    months = next(months for until, months in steps if until is None or birth_date <= until)
    return _end_of_month_of_age(birth_date, months)


@lru_cache(maxsize=32_768)
def _end_of_month_of_age(birth_date: date, months: int) -> date:
    return Month.of(age_completed_on(birth_date, years=0, months=months)).last_day


def decide_cover_end(
    *,
    birth_date: date | None,
    event: tuple[NoticeKind, date, EndReason | None] | None,
    contract_end: date | None,
    steps: RetirementSteps,
) -> CoverEnd | None:
    """The earliest of what ends a person's cover, None where nothing does.

    Employment and life end cover on the day itself, parental leave on the day before it
    begins, age with the month in which the retirement age is completed, and the contract with
    its last day.
    """
    ends: list[CoverEnd] = []
    if event is not None:
        ends.append(compute_event_end(*event))
    if birth_date is not None:
        ends.append(CoverEnd(compute_retirement_end(birth_date, steps), EndReason.RETIREMENT_AGE))
    if contract_end is not None:
        ends.append(CoverEnd(contract_end, EndReason.CONTRACT_ENDED))
    return min(ends, key=lambda e: (e.last_day, _END_ORDER.index(e.reason)), default=None)


def compute_event_end(kind: NoticeKind, day: date, reason: EndReason | None) -> CoverEnd:
    """Last day of cover that a LEAVE, DEATH or PARENTAL_LEAVE of a day leaves, and why."""
    last_day = day - ONE_DAY if kind is NoticeKind.PARENTAL_LEAVE else day
    return CoverEnd(last_day, reason or _REPORTED_END[kind])
