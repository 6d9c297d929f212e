"""The law of reminders: dates of the BGB, default interest, and the order of steps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.parsing.checked import UnableToReadTariff
from billing.facts.arrears import (
    BaseRates,
    CaseFacts,
    DunningParameters,
    Step,
    StepFact,
    StepKind,
    Wait,
    WaitReason,
)
from billing.parsing.dunning import DUNNING_FILE, parse_dunning
from billing.rules.reminders import (
    assume_receipt,
    compute_interest,
    deadline_after_days,
    deadline_after_months,
    deadline_after_weeks,
    decide_next_step,
    find_deadline,
    first_premium_due,
    last_day_to_pay,
)

D = date.fromisoformat
PARAMETERS = parse_dunning().versions[-1]


@pytest.mark.parametrize(
    ("day", "paid_by"),
    [
        ("2026-11-23", "2026-11-23"),  # Monday
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-12-25", "2026-12-28"),  # Christmas, then a weekend
        ("2026-04-03", "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-05-01", "2026-05-04"),  # Labour Day on a Friday
        ("2026-10-03", "2026-10-05"),  # Unity Day on a Saturday
        ("2026-06-04", "2026-06-05"),  # Corpus Christi, in some states
        ("2026-01-06", "2026-01-07"),  # Epiphany, in some states
        ("2026-11-18", "2026-11-19"),  # Day of Prayer and Repentance, in Saxony
        ("2027-11-17", "2027-11-18"),
        ("2022-11-16", "2022-11-17"),  # 23 November is itself a Wednesday
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-04"),
    ],
)
def test_a_payment_is_due_on_a_working_day(day: str, paid_by: str) -> None:
    assert last_day_to_pay(D(day)) == D(paid_by)


@pytest.mark.parametrize(
    ("posted", "received"),
    [
        ("2026-11-23", "2026-11-27"),
        ("2026-11-24", "2026-11-30"),  # the fourth day is a Saturday
        ("2026-12-21", "2026-12-28"),
    ],
)
def test_receipt_is_assumed_days_after_posting(posted: str, received: str) -> None:
    assert assume_receipt(D(posted), days=4) == D(received)


@pytest.mark.parametrize(
    ("received", "weeks", "deadline"),
    [
        ("2026-11-23", 2, "2026-12-07"),  # Monday to Monday
        ("2026-12-11", 2, "2026-12-28"),  # to 25 December
        ("2024-02-15", 2, "2024-02-29"),  # a leap day
        ("2025-02-15", 2, "2025-03-03"),  # 1 March is a Saturday
        ("2026-11-25", 3, "2026-12-16"),
    ],
)
def test_weeks_end_on_the_weekday_of_receipt(received: str, weeks: int, deadline: str) -> None:
    assert deadline_after_weeks(D(received), weeks=weeks) == D(deadline)


@pytest.mark.parametrize(
    ("received", "days", "deadline"),
    [("2026-11-23", 14, "2026-12-07"), ("2026-11-26", 30, "2026-12-28")],
)
def test_days_are_counted_from_the_day_after_receipt(
    received: str, days: int, deadline: str
) -> None:
    assert deadline_after_days(D(received), days=days) == D(deadline)


@pytest.mark.parametrize(
    ("received", "deadline"),
    [
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2024-01-31", "2024-02-29"),  # no 31st
        ("2026-12-15", "2027-01-15"),
        ("2026-10-21", "2026-11-23"),  # a Saturday
        ("2026-11-25", "2026-12-28"),  # Christmas
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number(received: str, deadline: str) -> None:
    assert deadline_after_months(D(received), months=1) == D(deadline)


def test_the_first_premium_is_due_when_fourteen_days_are_over() -> None:
    assert first_premium_due(D("2026-11-02"), days=14) == D("2026-11-17")
    assert first_premium_due(D("2026-11-07"), days=14) == D("2026-11-24")


RATES = BaseRates(
    (
        (D("2023-07-01"), Decimal("3.12")),
        (D("2024-01-01"), Decimal("3.62")),
        (D("2024-07-01"), Decimal("3.37")),
    ),
    D("2024-12-31"),
)


def interest(balances: list[tuple[str, str]], first: str, last: str, points: str = "5") -> object:
    return compute_interest(
        [(D(day), Decimal(amount)) for day, amount in balances],
        first_day=D(first),
        last_day=D(last),
        rates=RATES,
        points=Decimal(points),
    )


@pytest.mark.parametrize(
    ("balances", "first", "last", "points", "amounts"),
    [
        # 1000 x 8.12 % x 10 / 365 = 2.2246...
        ([("2023-01-01", "1000.00")], "2023-12-01", "2023-12-10", "5", ["2.22"]),
        # 9 points: 1000 x 12.12 % x 10 / 365 = 3.3205...
        ([("2023-01-01", "1000.00")], "2023-12-01", "2023-12-10", "9", ["3.32"]),
        # The year turns: 365 days, then a leap year with another rate; 8.62 % x 10 / 366 = 2.3552
        ([("2023-01-01", "1000.00")], "2023-12-22", "2024-01-10", "5", ["2.22", "2.36"]),
        # A leap day counts: 29 days of February 2024 are 1000 x 8.62 % x 29 / 366 = 6.8300...
        ([("2023-01-01", "1000.00")], "2024-02-01", "2024-02-29", "5", ["6.83"]),
        # Half is paid: 8.62 % x 5 / 366 of 1000 = 1.1776, of 500 = 0.5888
        (
            [("2023-01-01", "1000.00"), ("2024-03-06", "500.00")],
            "2024-03-01",
            "2024-03-10",
            "5",
            ["1.18", "0.59"],
        ),
        # Paid in full: nothing more.
        (
            [("2023-01-01", "1000.00"), ("2024-03-06", "0.00")],
            "2024-03-01",
            "2024-12-31",
            "5",
            ["1.18"],
        ),
    ],
)
def test_interest_is_counted_to_the_day(
    balances: list[tuple[str, str]], first: str, last: str, points: str, amounts: list[str]
) -> None:
    found = interest(balances, first, last, points)
    assert [str(piece.amount) for piece in found.pieces] == amounts  # type: ignore[attr-defined]
    assert found.unknown_from is None  # type: ignore[attr-defined]


def test_half_a_cent_is_rounded_up() -> None:
    nothing = BaseRates(((D("2023-01-01"), Decimal("0.00")),), D("2024-12-31"))
    found = compute_interest(
        [(D("2024-01-01"), Decimal("36.60"))],
        first_day=D("2024-03-01"),
        last_day=D("2024-03-01"),
        rates=nothing,
        points=Decimal("5.00"),
    )
    assert found.amount == Decimal("0.01")


def test_no_rate_is_guessed() -> None:
    found = interest([("2023-01-01", "1000.00")], "2024-12-30", "2025-01-31")
    assert [(p.first_day, p.last_day) for p in found.pieces] == [  # type: ignore[attr-defined]
        (D("2024-12-30"), D("2024-12-31"))
    ]
    assert found.unknown_from == D("2025-01-01")  # type: ignore[attr-defined]
    later = interest([("2023-01-01", "1000.00")], "2025-02-01", "2025-02-28")
    assert later.amount == 0  # type: ignore[attr-defined]
    assert later.unknown_from == D("2025-02-01")  # type: ignore[attr-defined]


def test_the_file_is_checked(tmp_path: Path) -> None:
    """Less than two weeks is no reminder by § 38 (1), and 41 EUR no lump sum by § 288 (5)."""
    text = DUNNING_FILE.read_text(encoding="utf-8")
    for old, new, key in (
        ("value: 2\n        unit: weeks", "value: 1\n        unit: weeks", "reminder_weeks"),
        ("value: 0.00", "value: 41.00", "lump_sum"),
        ("known_through: 2026-06-30", "known_through: 2025-12-31", "known_through"),
        ("source: bundesbank", "source: nobody", "base_rate"),
    ):
        assert old in text
        path = tmp_path / "dunning.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(UnableToReadTariff, match=key):
            parse_dunning(path)


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
