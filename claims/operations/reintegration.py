"""Plans for returning to work step by step (Wiedereingliederung, § 74 SGB V)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from aupolicy.kernel.period import Period
from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from claims.models import Reintegration, SickLeave
from claims.operations.changing import changing, check_days, withdraw_row

# A plan of more than a year has a wrong year in one of its days.
LONGEST_PLAN_DAYS = 366
_HOURS_OF_DAY = 24


class UnableToRecordReintegration(ValueError):
    """A plan that cannot be recorded; `code` says why.

    LEAVE_WITHDRAWN, NO_END, BEFORE_LEAVE (`first_day` of the leave), TOO_LONG (`days` at most),
    OVERLAPS (another plan of the leave), NO_STEPS, STEPS_DISORDERED (they begin with the plan's
    first day, follow each other and lie in it), WRONG_HOURS (more than 0, at most full work).
    """

    def __init__(self, code: str, **params: date | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class ReintegrationStep:
    """From a day on so many hours of work a day."""

    first_day: date
    hours: Decimal


def record_reintegration(
    *,
    sick_leave: SickLeave,
    period: Period,
    daily_hours: Decimal,
    steps: Sequence[ReintegrationStep],
    user: User | None,
    now: datetime,
) -> Reintegration:
    """Record a plan; its days count like certified ones and are paid in full.

    `daily_hours` are those of full work. Raises UnableToRecordReintegration.
    """
    with changing(person_id=sick_leave.person_id, user=user, now=now):
        leave = SickLeave.objects.get(pk=sick_leave.pk)
        _check_period(leave, period)
        _check_steps(period, daily_hours, steps)
        return Reintegration.objects.create(
            sick_leave=leave,
            period=period,
            daily_hours=daily_hours,
            steps=[{"from": str(step.first_day), "hours": str(step.hours)} for step in steps],
            recorded_by=user,
            recorded_at=now,
        )


def _check_period(leave: SickLeave, period: Period) -> None:
    check_days(leave, period, longest=LONGEST_PLAN_DAYS, unable=UnableToRecordReintegration)
    plans = leave.reintegrations.filter(withdrawn_at=None)
    if plans.filter(period__overlap=period).exists():
        raise UnableToRecordReintegration("OVERLAPS")


def _check_steps(period: Period, daily_hours: Decimal, steps: Sequence[ReintegrationStep]) -> None:
    if not steps:
        raise UnableToRecordReintegration("NO_STEPS")
    days = [step.first_day for step in steps]
    in_order = all(earlier < later for earlier, later in pairwise(days))
    if not in_order or days[0] != period.first_day or days[-1] not in period:
        raise UnableToRecordReintegration("STEPS_DISORDERED")
    full = 0 < daily_hours <= _HOURS_OF_DAY
    if not full or not all(0 < step.hours <= daily_hours for step in steps):
        raise UnableToRecordReintegration("WRONG_HOURS")


def withdraw_reintegration(
    *, reintegration: Reintegration, user: User | None, now: datetime
) -> None:
    """Take back a plan that was recorded by mistake or given up; again does nothing."""
    with acting_within(ALL):
        plan = Reintegration.objects.select_related("sick_leave").get(pk=reintegration.pk)
    with changing(person_id=plan.sick_leave.person_id, user=user, now=now):
        withdraw_row(Reintegration.objects.get(pk=plan.pk), user, now)
