"""Decisions about claims: made by one examiner, some of them approved by another.

A decision counts once it is EFFECTIVE, and then for good: another one follows it. It keeps the
terms it applied, so that its amounts can be computed again, see `claims.rules.replay`.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.operations.work import close_work, open_work
from aupolicy.queries import has_role
from claims.exports.slice_text import write_pieces, write_terms
from claims.facts import CheckResult, DecisionKind, DecisionStatus, Finding, ReasonCode
from claims.models import CheckClearance, Claim, Decision, Review
from claims.operations.changing import changing
from claims.operations.settle import last_month_over, settle_people
from claims.queries.checks import check_claim
from claims.queries.drafts import (
    GRANTS,
    DecisionDraft,
    DecisionEffect,
    UnableToDecide,
    list_exclusions_of,
    plan_decision,
)
from claims.queries.parameters import get_claims_parameters
from claims.rules.wording import find_medical_text

__all__ = [
    "DecisionDraft",
    "DecisionEffect",
    "UnableToDecide",
    "approve_decision",
    "decide",
    "preview_approval",
    "preview_decision",
    "return_decision",
]

_APPROVE_WITHIN = timedelta(days=3)


def preview_decision(
    *,
    claim: Claim,
    draft: DecisionDraft,
    today: date,
    checks: Iterable[CheckResult] = (),
    confirmed: bool = True,
) -> DecisionEffect:
    """What a decision would do if it took effect today; nothing is written.

    `checks` are further ones than those of `check_claim`; `confirmed` as in `decide`. Raises
    UnableToDecide.
    """
    if not confirmed and find_medical_text(draft.reason):
        raise UnableToDecide("MEDICAL_TEXT")
    with acting_within(ALL):
        effect = plan_decision(claim=claim, draft=draft, today=today)
        if Decision.objects.filter(claim=claim, status=DecisionStatus.PROPOSED.value).exists():
            raise UnableToDecide("ALREADY_PROPOSED")
        if draft.kind in GRANTS:
            _check_open(claim, [*check_claim(claim, today=today), *checks])
    return effect


def _check_open(claim: Claim, checks: Iterable[CheckResult]) -> None:
    """Refuse while a check has failed that nobody has cleared."""
    cleared = set(CheckClearance.objects.filter(claim=claim).values_list("code", flat=True))
    failed = {check.code.value for check in checks if check.finding is Finding.FAILED}
    if failed - cleared:
        raise UnableToDecide("CHECK_OPEN", checks=", ".join(sorted(failed - cleared)))


def decide(
    *,
    claim: Claim,
    draft: DecisionDraft,
    user: User,
    now: datetime,
    confirmed: bool = False,
    checks: Iterable[CheckResult] = (),
) -> Decision:
    """Make a decision: it takes effect at once, or is proposed to a second person.

    `confirmed`: the reason was written although it looks like health data. Raises UnableToDecide.
    """
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        check_examiner(user, today)
        effect = preview_decision(
            claim=claim, draft=draft, today=today, checks=checks, confirmed=confirmed
        )
        status = DecisionStatus.PROPOSED if effect.needs_second else DecisionStatus.EFFECTIVE
        decision = Decision.objects.create(
            claim=claim,
            kind=draft.kind.value,
            period=effect.period,
            sick_leave_id=draft.sick_leave_id,
            exclusion=draft.exclusion,
            reason_code=draft.reason_code.value if draft.reason_code else "",
            reason=draft.reason.strip(),
            terms=freeze_terms(claim, draft, effect, today),
            amount_at_once=effect.amount_at_once,
            needs_second=effect.needs_second,
            status=status.value,
            decided_by=user,
            decided_at=now,
        )
        if effect.needs_second:
            _ask_second(decision, today, now)
        else:
            _take_effect(decision, user, today, now)
    return decision


def check_examiner(user: User, today: date) -> None:
    """Refuse who is no examiner on a day. Raises UnableToDecide."""
    if not has_role(user, {Role.EXAMINER}, today):
        raise UnableToDecide("NOT_EXAMINER")


def freeze_terms(
    claim: Claim, draft: DecisionDraft, effect: DecisionEffect, today: date
) -> dict[str, Any]:
    """Everything that a decision applied, as plain values; EUR as text."""
    terms: dict[str, Any] = {
        "decided_on": today.isoformat(),
        "settled_through": last_month_over(today).isoformat(),
        "four_eyes_above": str(get_claims_parameters(today).four_eyes_above),
        "amount_at_once": str(effect.amount_at_once),
        "new": [
            {
                "month": f"{each.month:%Y-%m}",
                "days": each.days,
                "amount": str(each.amount),
                "parts": json.loads(each.parts),
                "terms": json.loads(each.terms),
            }
            for each in effect.slices_new
        ],
        "cancelled": [
            {"slice": each.id, "month": f"{each.month:%Y-%m}", "amount": str(each.amount)}
            for each in effect.slices_cancelled
        ],
    }
    if effect.entitlement is not None:
        leave, first = effect.entitlement.leave, effect.entitlement.first_benefit_day
        days = effect.facts.terms_on(leave.period.first_day)
        terms |= json.loads(write_terms(leave, days))
        terms["first_benefit_day"] = first.isoformat() if first else None
        terms["pieces"] = json.loads(write_pieces(leave.pieces))
    if draft.exclusion:
        onset = effect.period.first_day
        known = {each.code: each.text for each in list_exclusions_of(claim, onset)}
        terms["exclusion_text"] = dict(known[draft.exclusion])
    return terms


def _ask_second(decision: Decision, today: date, now: datetime) -> None:
    """The title names the claim only: a refusal is nobody's business but the examiners'."""
    claim = decision.claim
    open_work(
        kind=WorkItem.Kind.APPROVAL,
        titles={decision.pk: f"{claim.number}: zweite Freigabe"},
        employer=claim.contract.employer,
        due=today + _APPROVE_WITHIN,
        now=now,
        priority=WorkItem.Priority.HIGH,
    )


def _take_effect(decision: Decision, user: User, today: date, now: datetime) -> None:
    """What was decided is owed from now on; a grant is looked at again after some weeks."""
    claim = decision.claim
    settle_people(
        person_ids=[claim.person_id],
        as_of=last_month_over(today),
        user=user,
        reason=f"Leistungsentscheidung vom {today:%d.%m.%Y}",
        now=now,
    )
    reviews = Review.objects.filter(claim=claim, done_at=None)
    if DecisionKind(decision.kind) in GRANTS and not reviews.exists():
        weeks = get_claims_parameters(today).review_weeks
        Review.objects.create(
            claim=claim,
            due_on=today + timedelta(weeks=weeks),
            question="Dauert die Arbeitsunfähigkeit an?",
            created_at=now,
        )


def preview_approval(*, decision: Decision, today: date) -> DecisionEffect:
    """What a proposed decision would do if it were approved today. Raises UnableToDecide."""
    with acting_within(ALL):
        return plan_decision(claim=decision.claim, draft=read_draft(decision), today=today)


def read_draft(decision: Decision) -> DecisionDraft:
    """The draft that a decision was made from."""
    kind, period = DecisionKind(decision.kind), decision.period
    first: date | None = period.first_day
    last: date | None = period.last_day
    if kind is DecisionKind.END:
        first, last = None, period.first_day - timedelta(days=1)
    return DecisionDraft(
        kind=kind,
        first_day=first,
        last_day=last,
        sick_leave_id=decision.sick_leave_id,
        exclusion=decision.exclusion,
        reason_code=ReasonCode(decision.reason_code) if decision.reason_code else None,
        reason=decision.reason,
    )


def approve_decision(
    *,
    decision: Decision,
    user: User,
    note: str = "",
    now: datetime,
    amount_seen: Decimal | None = None,
) -> Decision:
    """Let a proposed decision take effect, as somebody else than who proposed it.

    `amount_seen`: the EUR due at once that were shown; refused where it is another sum by now.
    Raises UnableToDecide.
    """
    with changing(person_id=decision.claim.person_id, user=user, now=now) as today:
        held = _hold_proposed(decision)
        check_examiner(user, today)
        if held.decided_by_id == user.pk:
            raise UnableToDecide("SAME_PERSON")
        effect = preview_approval(decision=held, today=today)
        if amount_seen is not None and amount_seen != effect.amount_at_once:
            raise UnableToDecide("EFFECT_CHANGED", amount=str(effect.amount_at_once))
        _close(held, DecisionStatus.EFFECTIVE, user, note, now)
        _take_effect(held, user, today, now)
    return held


def return_decision(*, decision: Decision, user: User, note: str, now: datetime) -> Decision:
    """Give a proposed decision back, or take one's own back; `note` says why.

    Raises UnableToDecide.
    """
    with changing(person_id=decision.claim.person_id, user=user, now=now) as today:
        held = _hold_proposed(decision)
        check_examiner(user, today)
        if not note.strip():
            raise UnableToDecide("NOTE_MISSING")
        _close(held, DecisionStatus.RETURNED, user, note, now)
    return held


def _hold_proposed(decision: Decision) -> Decision:
    held = Decision.objects.get(pk=decision.pk)
    if held.status != DecisionStatus.PROPOSED:
        raise UnableToDecide("NOT_PROPOSED")
    return held


def _close(
    decision: Decision, status: DecisionStatus, user: User, note: str, now: datetime
) -> None:
    decision.status = status.value
    # Whoever takes the own proposal back is no second person.
    decision.second_by = None if user.pk == decision.decided_by_id else user
    decision.second_at, decision.second_note = now, note.strip()
    decision.save(update_fields=["status", "second_by", "second_at", "second_note"])
    close_work(kind=WorkItem.Kind.APPROVAL, subjects=[decision.pk], now=now, by=user)
