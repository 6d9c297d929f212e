"""What a clerk of finance does in a case: stop, resume, give more time, release the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.acting import name_actor
from aupolicy.operations.default import end_contract, revive_contract
from aupolicy.operations.work import close_work
from aupolicy.queries import has_role
from billing.facts.arrears import StepKind, Wait, WaitReason
from billing.models import ArrearsCase, ArrearsStep
from billing.operations.arrears.look_after import lock_case, work_case
from billing.operations.arrears.steps import add_step, move_deadline
from billing.queries.arrears_cases import CaseState, find_letter
from billing.queries.dunning import get_dunning_parameters
from billing.rules.reminders import decide_next_step, find_deadline, last_day_to_pay

_LONGEST_REASON = 300


class UnableToRemind(ValueError):
    """Something cannot be done in a case; `code` says why, `params` with what.

    Codes: NOT_ALLOWED (the role is missing), CLOSED, NO_REASON, STOPPED, NOT_STOPPED, PAST (day;
    a day that is over), NO_LETTER (there is no deadline to move), NOT_LONGER (day; the deadline
    there is), TOO_LATE (its consequences have begun), BEFORE_LETTER (day of the letter), FUTURE,
    NOT_WAITING (nothing waits to be released).
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@contextmanager
def _acting(case: ArrearsCase, user: User, today: date) -> Iterator[CaseState]:
    """The case, open and locked, with the person named beside every change."""
    with transaction.atomic():
        if not has_role(user, {Role.FINANCE}, today):
            raise UnableToRemind("NOT_ALLOWED")
        state = lock_case(case.pk, today=today)
        if state.case.closed_on is not None:
            raise UnableToRemind("CLOSED")
        name_actor(user)
        yield state


def _check_reason(reason: str) -> str:
    if not reason.strip():
        raise UnableToRemind("NO_REASON")
    return reason.strip()[:_LONGEST_REASON]


def stop_case(
    *,
    case: ArrearsCase,
    reason: str,
    until: date | None,
    user: User,
    today: date,
    now: datetime,
) -> ArrearsStep:
    """Let nothing more happen in a case, through `until` or until somebody resumes it.

    Days free of benefit that have begun stay. Raises UnableToRemind (NOT_ALLOWED, CLOSED,
    NO_REASON, STOPPED, PAST).
    """
    text = _check_reason(reason)
    if until is not None and until < today:
        raise UnableToRemind("PAST", day=until.isoformat())
    with _acting(case, user, today) as state:
        if is_stopped(state):
            raise UnableToRemind("STOPPED")
        return add_step(
            state=state,
            kind=StepKind.STOP,
            day=today,
            now=now,
            deadline=until,
            reason=text,
            user=user,
        )


def is_stopped(state: CaseState) -> bool:
    """Whether somebody has stopped a case and nobody resumed it."""
    last = find_letter(state.steps, StepKind.STOP, StepKind.RESUME)
    return last is not None and last.kind == StepKind.STOP


def resume_case(
    *, case: ArrearsCase, reason: str, user: User, today: date, now: datetime
) -> ArrearsStep:
    """Let a stopped case go on; what is due today happens at once.

    Raises UnableToRemind (NOT_ALLOWED, CLOSED, NOT_STOPPED).
    """
    with _acting(case, user, today) as state:
        if not is_stopped(state):
            raise UnableToRemind("NOT_STOPPED")
        step = add_step(
            state=state,
            kind=StepKind.RESUME,
            day=today,
            now=now,
            reason=reason.strip()[:_LONGEST_REASON],
            user=user,
        )
        work_case(case_id=case.pk, today=today, now=now)
    return step


def extend_deadline(
    *,
    case: ArrearsCase,
    deadline: date,
    reason: str,
    user: User,
    today: date,
    now: datetime,
) -> ArrearsStep:
    """Give more time than the last letter did; a day that is none to pay on moves on (§ 193 BGB).

    Raises UnableToRemind (NOT_ALLOWED, CLOSED, NO_REASON, NO_LETTER, NOT_LONGER, TOO_LATE, PAST).
    """
    text = _check_reason(reason)
    wanted = last_day_to_pay(deadline)
    with _acting(case, user, today) as state:
        current = _find_current_deadline(state)
        if wanted < today:
            raise UnableToRemind("PAST", day=wanted.isoformat())
        if wanted <= current:
            raise UnableToRemind("NOT_LONGER", day=current.isoformat())
        return add_step(
            state=state,
            kind=StepKind.EXTENSION,
            day=today,
            now=now,
            deadline=wanted,
            reason=text,
            user=user,
        )


def _find_current_deadline(state: CaseState) -> date:
    """The deadline of the last letter. Raises UnableToRemind (NO_LETTER, TOO_LATE)."""
    letter = _find_last_letter(state)
    if letter is None:
        raise UnableToRemind("NO_LETTER")
    freed = find_letter(state.steps, StepKind.BENEFIT_FREEDOM, StepKind.WITHDRAWAL)
    if freed is not None and freed.position > letter.position:
        raise UnableToRemind("TOO_LATE")
    found = find_deadline(state.facts.steps, StepKind(letter.kind))
    assert found is not None  # noqa: S101 -- such a letter names a day
    return found


def _find_last_letter(state: CaseState) -> ArrearsStep | None:
    return find_letter(
        state.steps,
        StepKind.PAYMENT_REQUEST,
        StepKind.FIRST_NOTICE,
        StepKind.REMINDER,
        StepKind.TERMINATION,
    )


def record_receipt(
    *, case: ArrearsCase, received: date, user: User, today: date, now: datetime
) -> ArrearsStep:
    """Record on which day the last letter was received; the deadline follows, never shortened.

    A termination takes effect on that day, if it is later than was assumed. Raises UnableToRemind
    (NOT_ALLOWED, CLOSED, NO_LETTER, BEFORE_LETTER, FUTURE, TOO_LATE).
    """
    if received > today:
        raise UnableToRemind("FUTURE", day=received.isoformat())
    with _acting(case, user, today) as state:
        _find_current_deadline(state)
        letter = _find_last_letter(state)
        assert letter is not None  # noqa: S101 -- asked for above
        if received < letter.day:
            raise UnableToRemind("BEFORE_LETTER", day=letter.day.isoformat())
        values: dict[str, Any] = {
            "deadline": move_deadline(state, received, get_dunning_parameters(letter.day))
        }
        if letter.contract_end is not None and received > letter.contract_end:
            values["contract_end"] = received
            _move_end(state, letter, received)
        return add_step(
            state=state,
            kind=StepKind.RECEIPT,
            day=today,
            now=now,
            first_day=received,
            user=user,
            **values,
        )


def _move_end(state: CaseState, letter: ArrearsStep, end: date) -> None:
    ends = [step.contract_end for step in state.steps if step.contract_end]
    revive_contract(contract=state.case.contract, end=ends[-1], previous_end=letter.previous_end)
    end_contract(contract=state.case.contract, end=end)


def release_ending(
    *, case: ArrearsCase, reason: str, user: User, today: date, now: datetime
) -> list[StepKind]:
    """Let the contract be terminated, or withdrawn from, as the case waits for; returns the steps.

    Raises UnableToRemind (NOT_ALLOWED, CLOSED, NOT_WAITING).
    """
    with _acting(case, user, today) as state:
        parameters = get_dunning_parameters(today)
        found = decide_next_step(state.facts, today=today, parameters=parameters)
        if not isinstance(found, Wait) or found.reason is not WaitReason.RELEASE:
            raise UnableToRemind("NOT_WAITING")
        add_step(
            state=state,
            kind=StepKind.RELEASE,
            day=today,
            now=now,
            reason=reason.strip()[:_LONGEST_REASON],
            user=user,
        )
        close_work(kind=WorkItem.Kind.ARREARS, subjects=[case.pk], now=now, by=user)
        return work_case(case_id=case.pk, today=today, now=now)
