"""What a decision would do before it is made: the days it rules, what is due at once, who must.

The same plan is written when the decision takes effect, see `claims.operations.decisions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from aupolicy.facts import BenefitExclusion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.queries import NoTermsInForce, get_tariff_version
from claims.facts import DayState, DecisionKind, DecisionStatus, Entitlement, ReasonCode
from claims.models import Claim, Decision, SickLeave
from claims.queries.facts import (
    PersonFacts,
    combine_decisions,
    get_entitlements,
    load_people,
)
from claims.queries.parameters import get_claims_parameters
from claims.queries.settlement import (
    OwedSlice,
    RecordedSlice,
    SettlementPlan,
    plan_settlement,
)

GRANTS = frozenset({DecisionKind.GRANT, DecisionKind.PARTLY_GRANT})
ABOUT_LEAVES = frozenset({DecisionKind.EXCLUDE, DecisionKind.LIFT_EXCLUSION})
# Never by one person alone, whatever the amount.
_ALWAYS_TWO = frozenset({DecisionKind.REFUSE, DecisionKind.EXCLUDE})
_WITH_CODE = frozenset({DecisionKind.PARTLY_GRANT, DecisionKind.REFUSE, DecisionKind.END})
_WITHOUT_TEXT = frozenset({DecisionKind.GRANT, DecisionKind.END})
_UNDECIDED = frozenset({DayState.NOT_DECIDED, DayState.REFUSED})


class UnableToDecide(ValueError):
    """A decision that cannot be made, approved or returned like this; `code` says why.

    NOTHING_TO_GRANT (no day of benefit, or all are granted), NOTHING_TO_END (nothing is granted),
    NOTHING_TO_REOPEN, REOPEN_FIRST (refused or ended), NO_LIMIT (a part without a limit is the
    whole), ALREADY_PROPOSED, REASON_MISSING, DAY_OUTSIDE (params: first, last), LEAVE_UNKNOWN,
    EXCLUSION_UNKNOWN, ALREADY_EXCLUDED, NOT_EXCLUDED, CHECK_OPEN (params: checks), MEDICAL_TEXT,
    CLAIM_EMPTY (its leaves went to another claim), NOT_PROPOSED, SAME_PERSON, NOTE_MISSING,
    EFFECT_CHANGED (params: amount), NOT_EXAMINER.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as it is about to be made.

    `last_day` is the last paid day of END and PARTLY_GRANT; `first_day` counts for PARTLY_GRANT
    and REFUSE. `reason` is what the insured person reads.
    """

    kind: DecisionKind
    first_day: date | None = None
    last_day: date | None = None
    sick_leave_id: int | None = None
    exclusion: str = ""
    reason_code: ReasonCode | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionEffect:
    """What follows from a draft: its days, the leave after it, slices, EUR due at once."""

    period: Period
    entitlement: Entitlement | None
    slices_new: tuple[OwedSlice, ...]
    slices_cancelled: tuple[RecordedSlice, ...]
    amount_at_once: Decimal
    needs_second: bool
    facts: PersonFacts


@dataclass(frozen=True, slots=True)
class _Case:
    """The claim as it stands: all days as if granted, as decided, and what was decided."""

    claim: Claim
    facts: PersonFacts
    whole: Entitlement | None
    ruled: Entitlement | None
    decided: Sequence[tuple[DecisionKind, Period]]

    @property
    def closing(self) -> tuple[DecisionKind, Period] | None:
        """The refusal or end that closes the claim, None while it is open."""
        last: tuple[DecisionKind, Period] | None = None
        for kind, period in self.decided:
            if kind in {DecisionKind.REFUSE, DecisionKind.END}:
                last = kind, period
            elif kind is DecisionKind.REOPEN:
                last = None
        return last


def plan_decision(*, claim: Claim, draft: DecisionDraft, today: date) -> DecisionEffect:
    """What a draft would do if it took effect today. Raises UnableToDecide."""
    case = _load_case(claim)
    _check_reason(draft)
    period = _find_period(case, draft)
    facts = _apply(case, draft, period)
    plan = _plan(claim, facts, today)
    new = tuple(each for each in plan.new if each.claim_id == claim.pk)
    cancelled = tuple(each for each in plan.cancelled if each.claim_id == claim.pk)
    amount = SettlementPlan(list(new), list(cancelled)).amount
    return DecisionEffect(
        period=period,
        entitlement=_find(facts, claim, granted=False),
        slices_new=new,
        slices_cancelled=cancelled,
        amount_at_once=amount,
        needs_second=_needs_second(case, draft, amount, today),
        facts=facts,
    )


def _load_case(claim: Claim) -> _Case:
    facts = load_people([claim.person_id]).get(claim.person_id)
    if facts is None or claim.pk not in facts.claim_of.values():
        raise UnableToDecide("CLAIM_EMPTY")
    rows = Decision.objects.filter(claim=claim).order_by("pk")
    decisions = rows.values_list("status", "kind", "period")
    decided = [
        (DecisionKind(kind), period)
        for status, kind, period in decisions
        if status == DecisionStatus.EFFECTIVE
    ]
    whole, ruled = _find(facts, claim, granted=True), _find(facts, claim, granted=False)
    return _Case(claim, facts, whole, ruled, decided)


def _find(facts: PersonFacts, claim: Claim, *, granted: bool) -> Entitlement | None:
    found = get_entitlements(facts, as_of=None, granted=granted)
    return next((each.entitlement for each in found if each.claim_id == claim.pk), None)


def _check_reason(draft: DecisionDraft) -> None:
    lacks_code = draft.kind in _WITH_CODE and draft.reason_code is None
    needs_text = draft.kind not in _WITHOUT_TEXT or draft.reason_code is ReasonCode.OTHER
    if lacks_code or (needs_text and not draft.reason.strip()):
        raise UnableToDecide("REASON_MISSING")


def _find_period(case: _Case, draft: DecisionDraft) -> Period:
    """The days that a draft rules."""
    match draft.kind:
        case DecisionKind.GRANT | DecisionKind.PARTLY_GRANT:
            return _find_granted(case, draft)
        case DecisionKind.REFUSE:
            return _find_refused(case, draft)
        case DecisionKind.END:
            return _find_ended(case, draft)
        case DecisionKind.REOPEN:
            if case.closing is None:
                raise UnableToDecide("NOTHING_TO_REOPEN")
            return case.closing[1]
        case DecisionKind.EXCLUDE | DecisionKind.LIFT_EXCLUSION:
            return _find_leave(case, draft)


def _find_granted(case: _Case, draft: DecisionDraft) -> Period:
    if case.closing is not None:
        raise UnableToDecide("REOPEN_FIRST")
    if case.whole is None or case.ruled is None or case.whole.first_benefit_day is None:
        raise UnableToDecide("NOTHING_TO_GRANT")
    first, last = case.whole.first_benefit_day, case.whole.leave.period.last_day or date.max
    period = Period(first)
    if draft.kind is DecisionKind.PARTLY_GRANT:
        begins = draft.first_day or first
        _check_inside(begins, first, last)
        if draft.last_day is not None:
            _check_inside(draft.last_day, begins, last)
        if begins == first and draft.last_day is None:
            raise UnableToDecide("NO_LIMIT")
        period = Period(begins, draft.last_day)
    pieces = case.ruled.leave.pieces
    if not any(p.state in _UNDECIDED and p.period.intersection(period) for p in pieces):
        raise UnableToDecide("NOTHING_TO_GRANT")
    return period


def _check_inside(day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise UnableToDecide("DAY_OUTSIDE", first=first.isoformat(), last=last.isoformat())


def _find_refused(case: _Case, draft: DecisionDraft) -> Period:
    if case.closing is not None and case.closing[0] is DecisionKind.REFUSE:
        raise UnableToDecide("REOPEN_FIRST")
    begins = case.claim.first_day or case.claim.registered_on
    if case.whole is not None:
        begins = case.whole.leave.period.first_day
    if draft.first_day is not None:
        last = case.whole.leave.period.last_day if case.whole else None
        _check_inside(draft.first_day, begins, last or draft.first_day)
    return Period(draft.first_day or begins)


def _find_ended(case: _Case, draft: DecisionDraft) -> Period:
    """From the day after the last paid one on."""
    if case.closing is not None:
        raise UnableToDecide("REOPEN_FIRST")
    granted = [period for kind, period in case.decided if kind in GRANTS]
    if case.whole is None or case.whole.first_benefit_day is None or not granted:
        raise UnableToDecide("NOTHING_TO_END")
    first, last = case.whole.first_benefit_day, case.whole.leave.period.last_day or date.max
    if draft.last_day is None:
        raise UnableToDecide("DAY_OUTSIDE", first=first.isoformat(), last=last.isoformat())
    _check_inside(draft.last_day, first, last)
    return Period(draft.last_day + ONE_DAY)


def _find_leave(case: _Case, draft: DecisionDraft) -> Period:
    leave = SickLeave.objects.filter(pk=draft.sick_leave_id or 0, claim=case.claim).first()
    if leave is None or leave.withdrawn_at is not None:
        raise UnableToDecide("LEAVE_UNKNOWN")
    held = next((each.exclusion for each in case.facts.episodes if each.key == leave.pk), "")
    if draft.kind is DecisionKind.LIFT_EXCLUSION:
        if not held:
            raise UnableToDecide("NOT_EXCLUDED")
        return Period(leave.first_day)
    known = {each.code for each in list_exclusions_of(case.claim, leave.first_day)}
    if draft.exclusion not in known:
        raise UnableToDecide("EXCLUSION_UNKNOWN")
    if held == draft.exclusion:
        raise UnableToDecide("ALREADY_EXCLUDED")
    return Period(leave.first_day)


def list_exclusions_of(claim: Claim, onset: date) -> tuple[BenefitExclusion, ...]:
    """The exclusions of the tariff in force when a leave began; none where none was agreed."""
    try:
        return get_tariff_version(claim.contract, onset).exclusions
    except NoTermsInForce:
        return ()


def _apply(case: _Case, draft: DecisionDraft, period: Period) -> PersonFacts:
    """The facts as they would be with the draft in effect."""
    facts = case.facts
    if draft.kind in ABOUT_LEAVES:
        code = draft.exclusion if draft.kind is DecisionKind.EXCLUDE else ""
        episodes = tuple(
            replace(each, exclusion=code) if each.key == draft.sick_leave_id else each
            for each in facts.episodes
        )
        return replace(facts, episodes=episodes)
    rulings = combine_decisions([*case.decided, (draft.kind, period)])
    return replace(facts, rulings={**facts.rulings, case.claim.pk: rulings})


def _plan(claim: Claim, facts: PersonFacts, today: date) -> SettlementPlan:
    return plan_settlement(
        person_ids=[claim.person_id],
        people={claim.person_id: facts},
        as_of=Month.of(today).plus(-1).last_day,
        today=today,
    )


def _needs_second(case: _Case, draft: DecisionDraft, amount: Decimal, today: date) -> bool:
    reopens_refused = (
        draft.kind is DecisionKind.REOPEN
        and case.closing is not None
        and case.closing[0] is DecisionKind.REFUSE
    )
    if draft.kind in _ALWAYS_TWO or reopens_refused:
        return True
    return amount > max(get_claims_parameters(today).four_eyes_above, ZERO)


def list_choices(*, claim: Claim) -> tuple[DecisionKind, ...]:
    """The kinds of decision that a claim is open for now, the likeliest first."""
    if claim.decisions.filter(status=DecisionStatus.PROPOSED.value).exists():
        return ()
    try:
        case = _load_case(claim)
    except UnableToDecide:
        return ()
    excluded = any(
        each.exclusion for each in case.facts.episodes
        if case.facts.claim_of[each.key] == claim.pk
    )  # fmt: skip
    lifting = (DecisionKind.LIFT_EXCLUSION,) if excluded else ()
    if case.closing is not None:
        return (DecisionKind.REOPEN, DecisionKind.EXCLUDE, *lifting)
    choices = [DecisionKind.REFUSE, DecisionKind.EXCLUDE, *lifting]
    granted = any(kind in GRANTS for kind, _ in case.decided)
    if granted:
        choices.insert(0, DecisionKind.END)
    if case.ruled is not None and _has_undecided(case.ruled):
        choices[:0] = [DecisionKind.GRANT, DecisionKind.PARTLY_GRANT]
    return tuple(choices)


def _has_undecided(ruled: Entitlement) -> bool:
    return any(piece.state in _UNDECIDED for piece in ruled.leave.pieces)
