"""The order of steps in a case of arrears, and that nothing comes too early."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.facts.arrears import (
    CaseFacts,
    DunningParameters,
    Step,
    StepFact,
    StepKind,
    Wait,
    WaitReason,
)
from billing.parsing.dunning import parse_dunning
from billing.rules.reminders import (
    assume_receipt,
    deadline_after_days,
    deadline_after_months,
    deadline_after_weeks,
    decide_next_step,
    find_deadline,
)

D = date.fromisoformat
PARAMETERS = parse_dunning().versions[-1]
FACTS = CaseFacts(
    is_first_premium=False,
    needs_request=True,
    due_through=D("2026-11-02"),
    open_amount=Decimal("500.00"),
)


def decide(facts: CaseFacts, today: str, **changed: object) -> Step | Wait:
    parameters = replace(PARAMETERS, **changed)  # type: ignore[arg-type]
    return decide_next_step(facts, today=D(today), parameters=parameters)


def with_steps(*steps: StepFact, facts: CaseFacts = FACTS) -> CaseFacts:
    return replace(facts, steps=steps)


REQUEST = StepFact(StepKind.PAYMENT_REQUEST, D("2026-11-09"), D("2026-11-27"))
REMINDER = StepFact(StepKind.REMINDER, D("2026-12-03"), D("2026-12-21"))
FREEDOM = StepFact(StepKind.BENEFIT_FREEDOM, D("2026-12-25"))
RELEASE = StepFact(StepKind.RELEASE, D("2027-01-05"))
ENDED = StepFact(StepKind.TERMINATION, D("2027-01-06"), D("2027-02-11"))


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        (FACTS, "2026-11-09", Step(StepKind.PAYMENT_REQUEST)),
        (
            with_steps(REQUEST),
            "2026-12-02",
            Wait(WaitReason.DEADLINE, D("2026-12-03"), StepKind.REMINDER),
        ),
        (with_steps(REQUEST), "2026-12-03", Step(StepKind.REMINDER)),
        (
            with_steps(REQUEST, REMINDER),
            "2026-12-24",
            Wait(WaitReason.DEADLINE, D("2026-12-25"), StepKind.BENEFIT_FREEDOM),
        ),
        # Looked at three days later, free of benefit from the first day after the period.
        (
            with_steps(REQUEST, REMINDER),
            "2026-12-25",
            Step(StepKind.BENEFIT_FREEDOM, D("2026-12-22")),
        ),
        (
            with_steps(REQUEST, REMINDER, FREEDOM),
            "2026-12-25",
            Wait(WaitReason.BEFORE_TERMINATION, D("2027-01-05"), StepKind.TERMINATION),
        ),
        (
            with_steps(REQUEST, REMINDER, FREEDOM),
            "2027-01-05",
            Wait(WaitReason.RELEASE, then=StepKind.TERMINATION),
        ),
        (
            with_steps(REQUEST, REMINDER, FREEDOM, RELEASE),
            "2027-01-06",
            Step(StepKind.TERMINATION),
        ),
        (
            with_steps(REQUEST, REMINDER, FREEDOM, RELEASE, ENDED),
            "2027-01-07",
            Wait(WaitReason.REVIVAL, D("2027-02-12")),
        ),
        (with_steps(REMINDER, FREEDOM, RELEASE, ENDED), "2027-02-12", Wait(WaitReason.ENDED)),
        # Asked for a transfer from the start: the statement was the request.
        (
            replace(FACTS, needs_request=False),
            "2026-11-07",
            Wait(WaitReason.DUE, D("2026-11-08"), StepKind.REMINDER),
        ),
        (replace(FACTS, needs_request=False), "2026-11-08", Step(StepKind.REMINDER)),
        (replace(FACTS, is_first_premium=True), "2026-11-09", Step(StepKind.FIRST_NOTICE)),
        (replace(FACTS, in_plan=True), "2026-11-09", Wait(WaitReason.PLAN)),
        (
            replace(FACTS, debit_on=D("2026-11-12")),
            "2026-11-09",
            Wait(WaitReason.DEBIT, D("2026-11-13")),
        ),
        (replace(FACTS, open_amount=Decimal("24.99")), "2026-11-09", Wait(WaitReason.SMALL_SUM)),
        (replace(FACTS, is_closed=True), "2026-11-09", Wait(WaitReason.CLOSED)),
        (replace(FACTS, has_ended=True), "2026-11-09", Step(StepKind.PAYMENT_REQUEST)),
        (replace(with_steps(REQUEST), has_ended=True), "2026-12-03", Wait(WaitReason.ENDED)),
    ],
)
def test_the_steps_follow_the_law(facts: CaseFacts, today: str, expected: Step | Wait) -> None:
    assert decide(facts, today) == expected


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [("2027-02-11", StepKind.REVIVAL), ("2027-02-12", StepKind.PAID)],
)
def test_paid_within_a_month_a_termination_has_no_effect(paid_on: str, expected: StepKind) -> None:
    facts = replace(with_steps(REMINDER, FREEDOM, RELEASE, ENDED), paid_on=D(paid_on))
    assert decide(facts, "2027-02-20") == Step(expected, D(paid_on))


def test_a_reminder_may_terminate_by_itself() -> None:
    facts = with_steps(REQUEST, replace(REMINDER, combined=True), FREEDOM)
    assert decide(facts, "2026-12-25") == Step(StepKind.TERMINATION, D("2026-12-21"))


def test_a_first_premium_ends_in_withdrawal_when_it_is_released() -> None:
    notice = StepFact(StepKind.FIRST_NOTICE, D("2026-11-09"), D("2026-11-27"))
    facts = with_steps(notice, facts=replace(FACTS, is_first_premium=True))
    assert decide(facts, "2026-12-01") == Step(StepKind.BENEFIT_FREEDOM, D("2026-11-28"))
    freed = replace(facts, steps=(notice, replace(FREEDOM, day=D("2026-12-01"))))
    assert decide(freed, "2026-12-20") == Wait(WaitReason.RELEASE, then=StepKind.WITHDRAWAL)
    assert decide(freed, "2026-12-20", withdraws_automatically=True) == Step(StepKind.WITHDRAWAL)
    paid = replace(
        freed,
        steps=(*freed.steps, replace(ENDED, kind=StepKind.WITHDRAWAL)),
        paid_on=D("2027-01-08"),
    )
    assert decide(paid, "2027-01-09") == Step(StepKind.PAID, D("2027-01-08"))


def test_a_stop_holds_until_its_day_and_freedom_begins_after_it() -> None:
    stop = StepFact(StepKind.STOP, D("2026-12-10"), D("2026-12-31"))
    facts = with_steps(REQUEST, REMINDER, stop)
    waits = Wait(WaitReason.STOPPED, D("2027-01-01"), StepKind.RESUME)
    assert decide(facts, "2026-12-31") == waits
    assert decide(facts, "2027-01-01") == Step(StepKind.RESUME)
    resumed = with_steps(REQUEST, REMINDER, stop, StepFact(StepKind.RESUME, D("2027-01-01")))
    assert decide(resumed, "2027-01-01") == Step(StepKind.BENEFIT_FREEDOM, D("2027-01-01"))
    forever = with_steps(REQUEST, replace(stop, deadline=None))
    assert decide(forever, "2030-01-01") == Wait(WaitReason.STOPPED)


def test_a_deadline_that_was_told_is_never_shortened() -> None:
    longer = StepFact(StepKind.EXTENSION, D("2026-12-15"), D("2027-01-04"))
    shorter = StepFact(StepKind.RECEIPT, D("2026-12-16"), D("2026-12-18"))
    steps = (REQUEST, REMINDER, longer, shorter)
    assert find_deadline(steps, StepKind.REMINDER) == D("2027-01-04")
    assert find_deadline(steps, StepKind.PAYMENT_REQUEST) == REQUEST.deadline
    assert find_deadline(steps, StepKind.TERMINATION) is None


@given(
    start=st.dates(D("2023-01-01"), D("2029-12-31")),
    is_first=st.booleans(),
    needs_request=st.booleans(),
    released=st.integers(0, 120),
    paid=st.none() | st.integers(0, 150),
    stopped=st.none() | st.tuples(st.integers(0, 100), st.integers(1, 40)),
    combined=st.booleans(),
    weeks=st.integers(2, 5),
)
def test_day_by_day_nothing_comes_too_early(
    *,
    start: date,
    is_first: bool,
    needs_request: bool,
    released: int,
    paid: int | None,
    stopped: tuple[int, int] | None,
    combined: bool,
    weeks: int,
) -> None:
    """Played for 200 days, whatever a clerk and a payer do meanwhile."""
    parameters = replace(PARAMETERS, reminder_weeks=weeks, combines_termination=combined)
    facts = replace(
        FACTS, is_first_premium=is_first, needs_request=needs_request, due_through=start
    )
    for number in range(1, 200):
        today = start + timedelta(days=number)
        facts = _act_by_hand(
            facts,
            today=today,
            number=number,
            released=released,
            paid=paid,
            stopped=stopped,
            start=start,
        )
        while isinstance(
            found := decide_next_step(facts, today=today, parameters=parameters), Step
        ):
            _check_law(facts, found, today, parameters)
            facts = _do(facts, found, today, parameters)
    kinds = [step.kind for step in facts.steps]
    assert len(set(kinds)) == len(kinds), "each step is taken once"
    if paid is not None:
        assert facts.is_closed


def _act_by_hand(
    facts: CaseFacts,
    *,
    today: date,
    number: int,
    released: int,
    paid: int | None,
    stopped: tuple[int, int] | None,
    start: date,
) -> CaseFacts:
    if facts.is_closed:
        return facts
    steps = facts.steps
    kinds = {step.kind for step in steps}
    if stopped is not None and number == stopped[0]:
        until = today + timedelta(days=stopped[1])
        steps = (*steps, StepFact(StepKind.STOP, today, until))
    if number >= released and StepKind.BENEFIT_FREEDOM in kinds and StepKind.RELEASE not in kinds:
        steps = (*steps, StepFact(StepKind.RELEASE, today))
    paid_on = start + timedelta(days=paid) if paid is not None and number >= paid else None
    return replace(facts, steps=steps, paid_on=paid_on)


def _check_law(facts: CaseFacts, step: Step, today: date, parameters: DunningParameters) -> None:
    kinds = {each.kind: each for each in facts.steps}
    stop = kinds.get(StepKind.STOP)
    if stop and StepKind.RESUME not in kinds and step.kind not in (
        StepKind.RESUME, StepKind.PAID, StepKind.REVIVAL
    ):  # fmt: skip
        raise AssertionError("something happened although the case is stopped")
    if step.kind is StepKind.REMINDER and facts.needs_request:
        assert today > (kinds[StepKind.PAYMENT_REQUEST].deadline or today)
    if step.kind in (StepKind.TERMINATION, StepKind.BENEFIT_FREEDOM, StepKind.WITHDRAWAL):
        letter = kinds[StepKind.FIRST_NOTICE if facts.is_first_premium else StepKind.REMINDER]
        assert letter.deadline is not None
        assert today > letter.deadline
        assert letter.deadline >= letter.day + timedelta(weeks=2)
        assert facts.paid_on is None
    if step.kind is StepKind.TERMINATION and not parameters.combines_termination:
        assert StepKind.RELEASE in kinds


def _do(facts: CaseFacts, step: Step, today: date, parameters: DunningParameters) -> CaseFacts:
    received = assume_receipt(today, days=parameters.receipt_days)
    deadline: date | None = None
    if step.kind in (StepKind.PAYMENT_REQUEST, StepKind.FIRST_NOTICE):
        deadline = deadline_after_days(received, days=parameters.payment_days)
    elif step.kind is StepKind.REMINDER:
        deadline = deadline_after_weeks(received, weeks=parameters.reminder_weeks)
    elif step.kind is StepKind.TERMINATION:
        deadline = deadline_after_months(received, months=parameters.revival_months)
    combined = step.kind is StepKind.REMINDER and parameters.combines_termination
    done = StepFact(step.kind, today, deadline, combined)
    return replace(
        facts,
        steps=(*facts.steps, done),
        is_closed=step.kind in (StepKind.PAID, StepKind.REVIVAL),
    )
