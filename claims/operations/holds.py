"""Provisional decisions that hold benefit back until a review, and checks that were cleared."""

from datetime import date, datetime

from aupolicy.kernel.period import Period
from aupolicy.models import Role, User
from aupolicy.queries import has_role
from claims.facts import CheckCode
from claims.models import CheckClearance, Claim, Hold
from claims.operations.changing import changing
from claims.operations.settle import last_month_over, settle_people
from claims.rules.wording import find_medical_text

_LARGEST_PERCENT = 99


class UnableToHold(ValueError):
    """A provisional decision that cannot be made or lifted like this; `code` says why.

    NOT_EXAMINER, REASON_MISSING, PERCENT_OUTSIDE (0 to 99), DAY_OUTSIDE (it ends before it
    begins), REVIEW_TOO_EARLY (before today), ALREADY_HELD (on some of the days), MEDICAL_TEXT,
    LIFTED.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def hold_benefit(
    *,
    claim: Claim,
    first_day: date,
    last_day: date | None = None,
    percent: int,
    reason: str,
    review_on: date,
    user: User,
    now: datetime,
    confirmed: bool = False,
) -> Hold:
    """Pay only `percent` of the sum from a day on until it is lifted or its last day has come.

    Months that were settled are settled anew. Raises UnableToHold.
    """
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        _check(user, reason, today, confirmed=confirmed)
        if not 0 <= percent <= _LARGEST_PERCENT:
            raise UnableToHold("PERCENT_OUTSIDE")
        if last_day is not None and last_day < first_day:
            raise UnableToHold("DAY_OUTSIDE")
        if review_on < today:
            raise UnableToHold("REVIEW_TOO_EARLY")
        period = Period(first_day, last_day)
        others = Hold.objects.filter(claim=claim, lifted_at=None)
        if any(other.period.intersection(period) for other in others):
            raise UnableToHold("ALREADY_HELD")
        hold = Hold.objects.create(
            claim=claim,
            period=period,
            percent=percent,
            reason=reason.strip(),
            review_on=review_on,
            decided_by=user,
            decided_at=now,
        )
        _settle(claim, user, f"vorläufige Entscheidung vom {today:%d.%m.%Y}", today, now)
    return hold


def lift_hold(*, hold: Hold, user: User, now: datetime) -> Hold:
    """Take a provisional decision back for all its days. Raises UnableToHold."""
    with changing(person_id=hold.claim.person_id, user=user, now=now) as today:
        if not has_role(user, {Role.EXAMINER}, today):
            raise UnableToHold("NOT_EXAMINER")
        held = Hold.objects.get(pk=hold.pk)
        if held.lifted_at is not None:
            raise UnableToHold("LIFTED")
        held.lifted_at, held.lifted_by = now, user
        held.save(update_fields=["lifted_at", "lifted_by"])
        reason = f"vorläufige Entscheidung aufgehoben am {today:%d.%m.%Y}"
        _settle(held.claim, user, reason, today, now)
    return held


def _check(user: User, reason: str, today: date, *, confirmed: bool) -> None:
    if not has_role(user, {Role.EXAMINER}, today):
        raise UnableToHold("NOT_EXAMINER")
    if not reason.strip():
        raise UnableToHold("REASON_MISSING")
    if not confirmed and find_medical_text(reason):
        raise UnableToHold("MEDICAL_TEXT")


def _settle(claim: Claim, user: User, reason: str, today: date, now: datetime) -> None:
    settle_people(
        person_ids=[claim.person_id],
        as_of=last_month_over(today),
        user=user,
        reason=reason,
        now=now,
    )


def clear_check(
    *,
    claim: Claim,
    code: CheckCode,
    reason: str,
    user: User,
    now: datetime,
    confirmed: bool = False,
) -> CheckClearance:
    """Say why the examination goes on although a check failed or asks for attention.

    Raises UnableToHold (NOT_EXAMINER, REASON_MISSING, MEDICAL_TEXT).
    """
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        _check(user, reason, today, confirmed=confirmed)
        return CheckClearance.objects.create(
            claim=claim, code=code.value, reason=reason.strip(), cleared_by=user, cleared_at=now
        )
