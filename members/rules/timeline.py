"""What all notices of a person amount to."""

from collections.abc import Iterable, Sequence
from datetime import date

from aupolicy.kernel.period import ONE_DAY, Period, earliest_end
from members.facts import (
    Cover,
    EndReason,
    Notice,
    NoticeCode,
    NoticeKind,
    PayPeriod,
    PersonName,
    Timeline,
)
from members.rules.eligibility import (
    RetirementSteps,
    compute_event_end,
    compute_retirement_end,
)

_Pays = list[tuple[date, Notice]]
_Stretch = tuple[date, date | None, EndReason | None, _Pays]


def derive_timeline(notices: Sequence[Notice], *, steps: RetirementSteps) -> Timeline:
    """Fold all notices of one person into name, cover and pay; corrections are settled before.

    The notices are taken in the order in which they take effect, so the order of their arrival
    does not matter. A notice that does not fit (leaving without cover, joining twice) changes
    nothing and gets a code.
    """
    fold = _Fold()
    for index, notice in sorted(enumerate(notices), key=lambda item: item[1].sort_key()):
        code = fold.take(notice)
        if code is not None:
            fold.codes[index] = code
    return fold.result(steps)


class _Fold:
    """State while notices are taken in order; `pays` belong to the open cover."""

    def __init__(self) -> None:
        self.done: list[_Stretch] = []
        self.first_day: date | None = None
        self.pays: _Pays = []
        self.last_paid: Notice | None = None
        self.first_name = self.last_name = ""
        self.birth_date: date | None = None
        self.codes: dict[int, NoticeCode] = {}

    def take(self, notice: Notice) -> NoticeCode | None:
        match notice.kind:
            case NoticeKind.JOIN | NoticeKind.RETURN:
                return self._begin(notice)
            case NoticeKind.NAME_CHANGE:
                return self._rename(notice)
            case _ if self.first_day is None:
                return NoticeCode.NO_COVER
            case NoticeKind.PAY_CHANGE:
                self._set_pay(notice)
            case _:
                self._end(notice, self.first_day)
        return None

    def _begin(self, notice: Notice) -> NoticeCode | None:
        if self.first_day is not None:
            return NoticeCode.ALREADY_COVERED
        if notice.kind is NoticeKind.JOIN:
            self.first_name, self.last_name = notice.first_name, notice.last_name
            self.birth_date = notice.birth_date
        elif self.last_paid is None:
            return NoticeCode.NEVER_JOINED
        self.first_day = notice.effective
        if notice.pay is not None:
            self.last_paid = notice
        if self.last_paid is not None:
            self.pays = [(notice.effective, self.last_paid)]
        return None

    def _rename(self, notice: Notice) -> NoticeCode | None:
        if self.birth_date is None:
            return NoticeCode.NAME_WITHOUT_PERSON
        self.first_name = notice.first_name or self.first_name
        self.last_name = notice.last_name or self.last_name
        return None

    def _set_pay(self, notice: Notice) -> None:
        # Two pay changes for one day: the one received later stands.
        self.pays = [pay for pay in self.pays if pay[0] != notice.effective]
        self.pays.append((notice.effective, notice))
        self.last_paid = notice

    def _end(self, notice: Notice, first_day: date) -> None:
        end = compute_event_end(notice.kind, notice.effective, notice.reason)
        if end.last_day >= first_day:
            self.done.append((first_day, end.last_day, end.reason, self.pays))
        self.first_day, self.pays = None, []

    def result(self, steps: RetirementSteps) -> Timeline:
        if self.birth_date is None:
            return Timeline(codes=self.codes)
        if self.first_day is not None:
            self.done.append((self.first_day, None, None, self.pays))
        age_end = compute_retirement_end(self.birth_date, steps)
        covers = (_cut(stretch, age_end, EndReason.RETIREMENT_AGE) for stretch in self.done)
        return Timeline(
            covers=tuple(cover for cover in covers if cover is not None),
            name=PersonName(self.first_name, self.last_name, self.birth_date),
            codes=self.codes,
        )


def _cut(stretch: _Stretch, last_day: date, reason: EndReason) -> Cover | None:
    """A stretch as cover that ends on a day at the latest; None where it would begin later."""
    first_day, own_end, own_reason, pays = stretch
    if last_day < first_day:
        return None
    end = earliest_end(own_end, last_day)
    why = own_reason if end == own_end else reason
    return Cover(Period(first_day, end), why, _pay_periods(pays, end))


def _pay_periods(pays: _Pays, end: date | None) -> tuple[PayPeriod, ...]:
    """Pay changes as adjoining periods up to `end`; equal neighbours become one."""
    kept: _Pays = []
    for day, notice in pays:
        if (end is None or day <= end) and not (kept and kept[-1][1].pay == notice.pay):
            kept.append((day, notice))
    last_days = [day - ONE_DAY for day, _ in kept[1:]] + [end]
    return tuple(
        PayPeriod(Period(day, last_day), notice.pay)
        for (day, notice), last_day in zip(kept, last_days, strict=True)
        if notice.pay is not None
    )


def cut_to_contract(covers: Iterable[Cover], period: Period) -> tuple[Cover, ...]:
    """Covers within a contract's period: nobody is insured before it begins or after it ends."""
    return tuple(cut for cover in covers if (cut := _within(cover, period)) is not None)


def _within(cover: Cover, period: Period) -> Cover | None:
    days = cover.period.intersection(period)
    if days is None or days == cover.period:
        return None if days is None else cover
    parts = ((pay.period.intersection(days), pay.amount) for pay in cover.pays)
    pays = tuple(PayPeriod(part, amount) for part, amount in parts if part is not None)
    ends_earlier = days.last_day != cover.period.last_day
    return Cover(days, EndReason.CONTRACT_ENDED if ends_earlier else cover.end_reason, pays)
