"""Changing what is done when a debit comes back."""

from datetime import date, datetime

from django.utils import timezone

from aupolicy.models import Role, User
from aupolicy.queries import has_role
from billing.facts.reactions import MandateEffect, NextStep, Occurrence
from billing.models import ReturnReaction
from billing.queries.reactions import get_shipped_reactions


class UnableToChangeReaction(ValueError):
    """A rule that cannot be changed so.

    Codes: NOT_ALLOWED (the role is missing), CODE_UNKNOWN, PAST (it would count for days that are
    over), NO_REASON, RETRY_WITHOUT_MANDATE (a mandate that rests carries no second debit),
    NO_RETRY_DAYS (sent again, but when?).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def change_reaction(
    *,
    code: str,
    occurrence: Occurrence,
    valid_from: date,
    mandate_effect: MandateEffect,
    next_step: NextStep,
    retry_after_days: int | None,
    charge_fee: bool,
    reason: str,
    user: User,
    now: datetime,
) -> ReturnReaction:
    """Record the insurer's own rule from a day on; what was decided before stays.

    Raises UnableToChangeReaction.
    """
    today = timezone.localdate(now)
    problems = {
        "NOT_ALLOWED": not has_role(user, {Role.FINANCE}, today),
        "CODE_UNKNOWN": code not in get_shipped_reactions().meanings,
        "PAST": valid_from < today,
        "NO_REASON": not reason.strip(),
        "RETRY_WITHOUT_MANDATE": mandate_effect is MandateEffect.SUSPEND
        and retry_after_days is not None,
        "NO_RETRY_DAYS": next_step is NextStep.RESEND and retry_after_days is None,
    }
    for problem, holds in problems.items():
        if holds:
            raise UnableToChangeReaction(problem)
    return ReturnReaction.objects.create(
        code=code,
        occurrence=occurrence.value,
        valid_from=valid_from,
        mandate_effect=mandate_effect.value,
        next_step=next_step.value,
        retry_after_days=retry_after_days,
        charge_fee=charge_fee,
        reason=reason.strip(),
        changed_by=user,
        changed_at=now,
    )
