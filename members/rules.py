"""Who can be insured, until when, and what a person's notices amount to. Pure functions."""

from collections.abc import Sequence
from datetime import date

from aupolicy.facts import Parameters
from aupolicy.kernel.legal_time import age_completed_on
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period, earliest_end
from members.facts import (
    Applicant,
    Cover,
    CoverEnd,
    Eligibility,
    EndReason,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    PayPeriod,
    Timeline,
)

RetirementSteps = Sequence[tuple[date | None, int]]
"""(born until, completed months of life); the last step has None."""

_BEGINS_COVER = frozenset({NoticeKind.JOIN, NoticeKind.RETURN})
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
        ends.append(_event_end(*event))
    if birth_date is not None:
        ends.append(CoverEnd(compute_retirement_end(birth_date, steps), EndReason.RETIREMENT_AGE))
    if contract_end is not None:
        ends.append(CoverEnd(contract_end, EndReason.CONTRACT_ENDED))
    return min(ends, key=lambda e: (e.last_day, _END_ORDER.index(e.reason)), default=None)


def _event_end(kind: NoticeKind, day: date, reason: EndReason | None) -> CoverEnd:
    last_day = day - ONE_DAY if kind is NoticeKind.PARENTAL_LEAVE else day
    return CoverEnd(last_day, reason or _REPORTED_END[kind])


def first_changed_day(notice: Notice) -> date:
    """The first day whose cover or pay a notice can change."""
    ends_after = notice.kind in {NoticeKind.LEAVE, NoticeKind.DEATH}
    return notice.effective + ONE_DAY if ends_after else notice.effective


def is_too_late(notice: Notice, received: date, retro_months: int) -> bool:
    """Whether a notice reaches further back than allowed before the month of its receipt."""
    return first_changed_day(notice) < Month.of(received).plus(-retro_months).first_day


def derive_timeline(
    notices: Sequence[Notice], *, birth_date: date | None, steps: RetirementSteps
) -> Timeline:
    """Fold all notices of one person into cover and pay.

    The notices are taken in the order in which they take effect, so the order of their arrival
    does not matter. A notice that does not fit (leaving without cover, joining twice) changes
    nothing and gets a code.
    """
    fold = _Fold()
    for index, notice in sorted(enumerate(notices), key=lambda item: item[1].sort_key()):
        code = fold.take(notice)
        if code is not None:
            fold.codes[index] = code
    last_day = compute_retirement_end(birth_date, steps) if birth_date else None
    return Timeline(covers=tuple(fold.covers(last_day)), codes=fold.codes)


class _Fold:
    """State while notices are taken in order; `pays` belong to the open cover."""

    def __init__(self) -> None:
        self.done: list[tuple[date, date, EndReason, list[tuple[date, Notice]]]] = []
        self.first_day: date | None = None
        self.pays: list[tuple[date, Notice]] = []
        self.last_paid: Notice | None = None
        self.codes: dict[int, NoticeCode] = {}

    def take(self, notice: Notice) -> NoticeCode | None:
        if notice.kind in _BEGINS_COVER:
            return self._begin(notice)
        if self.first_day is None:
            return NoticeCode.NO_COVER
        if notice.kind is NoticeKind.PAY_CHANGE:
            self._set_pay(notice)
            return None
        end = _event_end(notice.kind, notice.effective, notice.reason)
        if end.last_day >= self.first_day:
            self.done.append((self.first_day, end.last_day, end.reason, self.pays))
        self.first_day, self.pays = None, []
        return None

    def _begin(self, notice: Notice) -> NoticeCode | None:
        if self.first_day is not None:
            return NoticeCode.ALREADY_COVERED
        paid = notice if notice.pay is not None else self.last_paid
        if paid is None:
            return NoticeCode.MISSING_PAY
        self.first_day = notice.effective
        self.pays = [(notice.effective, paid)]
        self.last_paid = paid
        return None

    def _set_pay(self, notice: Notice) -> None:
        # Two pay changes for one day: the one received later stands.
        self.pays = [pay for pay in self.pays if pay[0] != notice.effective]
        self.pays.append((notice.effective, notice))
        self.last_paid = notice

    def covers(self, age_end: date | None) -> list[Cover]:
        stretches: list[tuple[date, date | None, EndReason | None, list[tuple[date, Notice]]]] = [
            *self.done
        ]
        if self.first_day is not None:
            stretches.append((self.first_day, None, None, self.pays))
        covers = []
        for first_day, last_day, reason, pays in stretches:
            if age_end is not None and age_end < first_day:
                continue
            end = earliest_end(last_day, age_end)
            why = reason if end == last_day else EndReason.RETIREMENT_AGE
            covers.append(Cover(Period(first_day, end), why, _pay_periods(pays, end)))
        return covers


def _pay_periods(pays: list[tuple[date, Notice]], end: date | None) -> tuple[PayPeriod, ...]:
    """Pay changes as adjoining periods up to `end`; equal neighbours become one."""
    kept: list[tuple[date, Notice]] = []
    for day, notice in pays:
        if (end is None or day <= end) and not (kept and kept[-1][1].pay == notice.pay):
            kept.append((day, notice))
    last_days = [day - ONE_DAY for day, _ in kept[1:]] + [end]
    return tuple(
        PayPeriod(Period(day, last_day), notice.pay)
        for (day, notice), last_day in zip(kept, last_days, strict=True)
        if notice.pay is not None
    )
