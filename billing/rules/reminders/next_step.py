"""Which step of a case comes next, and when (§§ 33, 37 and 38 VVG)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from aupolicy.kernel.period import ONE_DAY
from billing.facts.arrears import (
    LETTERS_WITH_DEADLINE,
    CaseFacts,
    DunningParameters,
    Step,
    StepFact,
    StepKind,
    Wait,
    WaitReason,
)

_Found = Step | Wait | None
_ENDINGS = (StepKind.TERMINATION, StepKind.WITHDRAWAL)
_LONGER = (StepKind.EXTENSION, StepKind.RECEIPT)


@dataclass(frozen=True, slots=True)
class _Look:
    facts: CaseFacts
    today: date
    parameters: DunningParameters

    def last(self, *kinds: StepKind) -> StepFact | None:
        """The last step of these kinds."""
        return next((step for step in reversed(self.facts.steps) if step.kind in kinds), None)

    def deadline(self, kind: StepKind) -> date:
        """The last day of the period that a letter of this kind gave."""
        return find_deadline(self.facts.steps, kind) or self.today


def decide_next_step(
    facts: CaseFacts, *, today: date, parameters: DunningParameters
) -> Step | Wait:
    """What is to happen in a case today, or how long nothing will.

    In this order: what is paid is closed, whoever stopped it; a stop, a plan, a debit under way
    and a small sum hold everything else up; of a contract that is over, money is asked for once;
    else the first premium goes by § 37, later ones by § 38 VVG.
    """
    look = _Look(facts, today, parameters)
    for rule in _RULES:
        found = rule(look)
        if found is not None:
            return found
    return _decide_first(look) if facts.is_first_premium else _decide_later(look)


def find_deadline(steps: tuple[StepFact, ...], kind: StepKind) -> date | None:
    """The last day of the period of the last letter of a kind, longer ones by hand included.

    A date that was told is never shortened.
    """
    found: date | None = None
    current: StepKind | None = None
    for step in steps:
        if step.kind == kind:
            found = step.deadline
        elif current is kind and step.kind in _LONGER and found and step.deadline:
            found = max(found, step.deadline)
        if step.kind in LETTERS_WITH_DEADLINE:
            current = step.kind
    return found


def _find_closed(look: _Look) -> _Found:
    return Wait(WaitReason.CLOSED) if look.facts.is_closed else None


def _find_paid(look: _Look) -> _Found:
    """§ 38 (3) sentence 3 VVG: paid within a month of the termination, it has no effect."""
    paid_on = look.facts.paid_on
    if paid_on is None or paid_on > look.today:
        return None
    is_revived = (
        look.last(*_ENDINGS) is not None
        and look.last(StepKind.WITHDRAWAL) is None
        and not look.facts.is_given_up
        and paid_on <= look.deadline(StepKind.TERMINATION)
    )
    return Step(StepKind.REVIVAL if is_revived else StepKind.PAID, paid_on)


def _find_stop(look: _Look) -> _Found:
    last = look.last(StepKind.STOP, StepKind.RESUME)
    if last is None or last.kind is StepKind.RESUME:
        return None
    if last.deadline is not None and look.today > last.deadline:
        return Step(StepKind.RESUME)
    until = last.deadline + ONE_DAY if last.deadline else None
    return Wait(WaitReason.STOPPED, until, StepKind.RESUME if until else None)


def _find_ending(look: _Look) -> _Found:
    """After the contract ended nothing follows but payment, which may revive it."""
    if look.last(StepKind.WITHDRAWAL):
        return Wait(WaitReason.ENDED)
    if look.last(StepKind.TERMINATION) is None:
        return None
    deadline = look.deadline(StepKind.TERMINATION)
    if look.today > deadline:
        return Wait(WaitReason.ENDED)
    return Wait(WaitReason.REVIVAL, deadline + ONE_DAY)


def _find_hindrance(look: _Look) -> _Found:
    facts = look.facts
    if facts.in_plan:
        return Wait(WaitReason.PLAN)
    if facts.debit_on is not None:
        return Wait(WaitReason.DEBIT, max(facts.debit_on, look.today) + ONE_DAY)
    if facts.open_amount < look.parameters.small_sum:
        return Wait(WaitReason.SMALL_SUM)
    return None


def _find_over(look: _Look) -> _Found:
    """After a contract is over money is asked for once; §§ 37 and 38 have nothing left to say."""
    if not look.facts.has_ended or look.last(*_ENDINGS):
        return None
    if look.last(StepKind.PAYMENT_REQUEST, StepKind.REMINDER):
        return Wait(WaitReason.ENDED)
    return Step(StepKind.PAYMENT_REQUEST)


_RULES: tuple[Callable[[_Look], _Found], ...] = (
    _find_closed,
    _find_paid,
    _find_ending,
    _find_stop,
    _find_hindrance,
    _find_over,
)


def _decide_later(look: _Look) -> Step | Wait:
    """Later premiums: request (§ 33 (2)), qualified reminder (§ 38 (1)), and what follows it."""
    request = look.last(StepKind.PAYMENT_REQUEST)
    if look.last(StepKind.REMINDER):
        return _decide_after_expiry(look, StepKind.REMINDER, StepKind.TERMINATION)
    if request is None and look.facts.needs_request:
        return Step(StepKind.PAYMENT_REQUEST)
    since = look.deadline(StepKind.PAYMENT_REQUEST) if request else look.facts.due_through
    until = since + timedelta(days=look.parameters.request_grace_days)
    if look.today > until:
        return Step(StepKind.REMINDER)
    reason = WaitReason.DEADLINE if request else WaitReason.DUE
    return Wait(reason, until + ONE_DAY, StepKind.REMINDER)


def _decide_first(look: _Look) -> Step | Wait:
    """The first premium: freedom from benefit and withdrawal only after a notice of both (§ 37)."""
    if look.last(StepKind.FIRST_NOTICE) is None:
        return Step(StepKind.FIRST_NOTICE)
    return _decide_after_expiry(look, StepKind.FIRST_NOTICE, StepKind.WITHDRAWAL)


def _decide_after_expiry(look: _Look, letter: StepKind, ending: StepKind) -> Step | Wait:
    """Freedom from benefit for what happens later (§ 37 (2), § 38 (2)), then the contract's end.

    A bank tells of a payment after some days, so we look only then; the days free of benefit
    begin with the first after the period all the same, or when a stop was over.
    """
    parameters, deadline = look.parameters, look.deadline(letter)
    seen_on = deadline + timedelta(days=parameters.expiry_grace_days) + ONE_DAY
    if look.last(StepKind.BENEFIT_FREEDOM) is None:
        if look.today < seen_on:
            return Wait(WaitReason.DEADLINE, seen_on, StepKind.BENEFIT_FREEDOM)
        resumed = look.last(StepKind.RESUME)
        first_day = deadline + ONE_DAY
        return Step(StepKind.BENEFIT_FREEDOM, max(first_day, resumed.day) if resumed else first_day)
    reminder = look.last(letter)
    if reminder is not None and reminder.combined:
        return Step(ending, deadline)
    day = deadline + timedelta(days=parameters.termination_after_days) + ONE_DAY
    if look.today < max(day, seen_on):
        return Wait(WaitReason.BEFORE_TERMINATION, max(day, seen_on), ending)
    is_automatic = (
        parameters.terminates_automatically
        if ending is StepKind.TERMINATION
        else parameters.withdraws_automatically
    )
    if not is_automatic and look.last(StepKind.RELEASE) is None:
        return Wait(WaitReason.RELEASE, then=ending)
    return Step(ending)
