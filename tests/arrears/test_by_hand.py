"""What a clerk does in a case, and that nothing happens behind a stop."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aupolicy.models import PremiumDefault, Role, WorkItem
from billing.facts.arrears import StepKind
from billing.models import ArrearsCase, ArrearsStep, OpenItem
from billing.operations.arrears import (
    UnableToRemind,
    extend_deadline,
    look_after_arrears,
    record_receipt,
    release_ending,
    resume_case,
    stop_case,
)
from tests.arrears import world
from tests.arrears.test_look_after import returned, terminated
from tests.arrears.world import create_clerk, find_step, live
from tests.laws.world import at, rolled_back

pytestmark = pytest.mark.django_db


def case() -> ArrearsCase:
    return ArrearsCase.objects.latest("pk")


def test_a_stopped_case_waits_and_goes_on() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 11, 20))
    clerk, today = create_clerk(), date(2025, 11, 20)
    stop_case(case=case(), reason="Gespräch", until=None, user=clerk, today=today, now=at(today))
    assert live(today, date(2026, 6, 30)) == []
    later = date(2026, 7, 1)
    resume_case(case=case(), reason="", user=clerk, today=later, now=at(later))
    # What is due happens at once.
    assert find_step(StepKind.REMINDER).day == later


def test_a_stop_ends_by_itself_and_freedom_begins_after_it() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 12, 20))
    today = date(2025, 12, 20)
    until = date(2026, 1, 31)
    stop_case(
        case=case(), reason="Gespräch", until=until, user=create_clerk(), today=today, now=at(today)
    )
    assert live(today, date(2026, 2, 1)) == [
        ("RESUME", date(2026, 2, 1)),
        ("BENEFIT_FREEDOM", date(2026, 2, 1)),
    ]
    assert PremiumDefault.objects.get().period.first_day == date(2026, 2, 1)


def test_a_longer_deadline_counts() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 12, 20))
    clerk, today = create_clerk(), date(2025, 12, 20)

    def extend(day: date, reason: str = "Bitte") -> str:
        try:
            extend_deadline(
                case=case(), deadline=day, reason=reason, user=clerk, today=today, now=at(today)
            )
        except UnableToRemind as error:
            return error.code
        return ""

    assert extend(date(2026, 1, 2)) == "NOT_LONGER"
    assert extend(date(2026, 2, 2), "") == "NO_REASON"
    # Saturday: the Monday after (§ 193 BGB).
    assert extend(date(2026, 1, 31)) == ""
    assert ArrearsStep.objects.latest("pk").deadline == date(2026, 2, 2)
    assert live(today, date(2026, 2, 6)) == [("BENEFIT_FREEDOM", date(2026, 2, 6))]
    assert PremiumDefault.objects.get().period.first_day == date(2026, 2, 3)
    assert extend(date(2026, 3, 2)) == "TOO_LATE"


def test_a_letter_that_came_later_gives_its_time_from_then() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 12, 30))
    clerk, today = create_clerk(), date(2025, 12, 30)

    def receive(day: date) -> str:
        try:
            record_receipt(case=case(), received=day, user=clerk, today=today, now=at(today))
        except UnableToRemind as error:
            return error.code
        return ""

    assert receive(date(2025, 12, 31)) == "FUTURE"
    assert receive(date(2025, 12, 13)) == "BEFORE_LETTER"
    assert receive(date(2025, 12, 29)) == ""
    assert ArrearsStep.objects.latest("pk").deadline == date(2026, 1, 12)
    # Earlier than was assumed: the date that was told stays.
    assert receive(date(2025, 12, 16)) == ""
    assert ArrearsStep.objects.latest("pk").deadline == date(2026, 1, 12)


def test_a_termination_that_came_later_ends_the_contract_later() -> None:
    contract = terminated()
    today = date(2026, 1, 30)
    record_receipt(
        case=case(),
        received=date(2026, 1, 29),
        user=create_clerk("two"),
        today=today,
        now=at(today),
    )
    contract.refresh_from_db()
    assert contract.period.last_day == date(2026, 1, 29)
    world.pay(contract, day=date(2026, 3, 2))
    assert live(date(2026, 3, 2), date(2026, 3, 2))[0][0] == "REVIVAL"
    contract.refresh_from_db()
    assert contract.period.last_day is None


def test_only_finance_acts_and_only_where_it_fits() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 11, 18))
    today = date(2025, 11, 19)
    clerk, other = create_clerk(), create_clerk("other", Role.CLERK)
    acting = {"case": case(), "today": today, "now": at(today)}
    with pytest.raises(UnableToRemind, match="NOT_ALLOWED"):
        stop_case(reason="Grund", until=None, user=other, **acting)  # type: ignore[arg-type]
    with pytest.raises(UnableToRemind, match="NOT_STOPPED"):
        resume_case(reason="", user=clerk, **acting)  # type: ignore[arg-type]
    with pytest.raises(UnableToRemind, match="NOT_WAITING"):
        release_ending(reason="", user=clerk, **acting)  # type: ignore[arg-type]
    with pytest.raises(UnableToRemind, match="PAST"):
        stop_case(reason="Grund", until=date(2025, 11, 1), user=clerk, **acting)  # type: ignore[arg-type]


def test_the_database_keeps_what_happened() -> None:
    returned()
    live(date(2025, 11, 18), date(2025, 12, 14))
    step = find_step(StepKind.REMINDER)
    for change in (
        lambda: ArrearsStep.objects.filter(pk=step.pk).update(deadline=date(2025, 12, 15)),
        lambda: ArrearsCase.objects.filter(pk=step.case_id).update(opened_on=date(2020, 1, 1)),
        lambda: ArrearsStep.objects.create(
            case=step.case, position=9, kind="REMINDER", day=step.day, recorded_at=at(step.day),
            deadline=step.day + timedelta(days=20),
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    paid=st.none() | st.integers(1, 90),
    stopped=st.none() | st.tuples(st.integers(2, 60), st.integers(1, 30)),
)
def test_whatever_happens_the_law_is_kept(
    paid: int | None, stopped: tuple[int, int] | None
) -> None:
    """Played with the tables: a payer pays on some day, a clerk stops and releases."""
    first = date(2025, 11, 18)
    with rolled_back():
        contract, clerk = returned(), create_clerk()
        for number in range(0, 120, 6):
            today = first + timedelta(days=number)
            if paid is not None and paid <= number < paid + 6:
                world.pay(contract, day=today)
            _act(clerk, stopped, number, today)
            look_after_arrears(today=today, now=at(today))
        _check(paid)


def _act(clerk: object, stopped: tuple[int, int] | None, number: int, today: date) -> None:
    acting = {"case": case(), "user": clerk, "today": today, "now": at(today)} if number else {}
    if stopped and stopped[0] <= number < stopped[0] + 6 and case().closed_on is None:
        until = today + timedelta(days=stopped[1])
        stop_case(reason="Gespräch", until=until, **acting)  # type: ignore[arg-type]
    if number and find_release():
        # Paid or stopped meanwhile, there is nothing to release.
        with suppress(UnableToRemind):
            release_ending(reason="", **acting)  # type: ignore[arg-type]


def find_release() -> bool:
    """Whether the case waits to be released."""
    open_cases = ArrearsCase.objects.filter(closed_on=None)
    waiting = WorkItem.objects.filter(
        kind="arrears", done_at=None, subject__in=open_cases.values("pk")
    )
    return waiting.exists() and not ArrearsStep.objects.filter(kind="RELEASE").exists()


def _check(paid: int | None) -> None:
    steps = {step.kind: step for step in ArrearsStep.objects.filter(case=case())}
    ending, reminder = steps.get("TERMINATION"), steps.get("REMINDER")
    if ending is not None:
        assert reminder is not None
        assert reminder.deadline is not None
        assert reminder.deadline >= reminder.day + timedelta(weeks=2)
        assert ending.day > reminder.deadline
    if reminder is None:
        assert not OpenItem.objects.filter(kind="interest").exists()
        assert not PremiumDefault.objects.exists()
    if paid is not None and paid <= 110:
        assert case().closed_on is not None
        assert not PremiumDefault.objects.filter(period__upper_inf=True, withdrawn_at=None).exists()
