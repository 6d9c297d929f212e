"""Taking a step of a case: its deadline, what is charged, what becomes of the contract."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from aupolicy.models import PremiumDefault, User, WorkItem
from aupolicy.operations.default import (
    end_contract,
    end_default,
    record_default,
    revive_contract,
)
from aupolicy.operations.work import close_work, open_work
from billing.facts.arrears import DunningParameters, Step, StepKind
from billing.models import ArrearsCase, ArrearsStep
from billing.operations.arrears.charging import charge_default
from billing.queries.arrears_cases import CaseState, find_letter, list_kinds, load_case
from billing.rules.reminders import (
    assume_receipt,
    deadline_after_days,
    deadline_after_months,
    deadline_after_weeks,
    find_deadline,
)

_RELEASE_WITHIN = timedelta(days=7)
_TITLES = {
    StepKind.TERMINATION: "Kündigung wegen Verzugs freigeben",
    StepKind.WITHDRAWAL: "Rücktritt wegen des Erstbeitrags freigeben",
}


@dataclass(frozen=True, slots=True)
class _Taking:
    """A step being taken, with what it does by the rules of its day."""

    state: CaseState
    step: Step
    parameters: DunningParameters
    today: date
    now: datetime
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> ArrearsCase:
        """The case."""
        return self.state.case

    @property
    def received(self) -> date:
        """The day on which a letter of today counts as received."""
        return assume_receipt(self.today, days=self.parameters.receipt_days)


def take_step(
    *, state: CaseState, step: Step, parameters: DunningParameters, today: date, now: datetime
) -> ArrearsStep:
    """Do what a step means and write it down. The caller has locked the case."""
    taking = _Taking(state, step, parameters, today, now)
    _EFFECTS[step.kind](taking)
    values = taking.values
    state = load_case(state.case.pk, today=today)
    return add_step(state=state, kind=step.kind, day=today, now=now, **values)


def add_step(
    *, state: CaseState, kind: StepKind, day: date, now: datetime, **values: Any
) -> ArrearsStep:
    """Write a step with what is open at the moment."""
    premium, interest, costs = list_kinds(state)
    return ArrearsStep.objects.create(
        case=state.case,
        position=len(state.steps) + 1,
        kind=kind.value,
        day=day,
        premium=premium,
        interest=interest,
        costs=costs,
        items=values.pop("items", None) or describe_items(state),
        recorded_at=now,
        **values,
    )


def describe_items(state: CaseState) -> list[dict[str, Any]]:
    """Every demand of a case as it stands, as plain values; EUR as text."""
    found = []
    for each in state.demands:
        item = each.item
        row: dict[str, Any] = {
            "id": item.pk,
            "number": item.number,
            "kind": item.kind,
            "text": item.text,
            "due": item.due_date.isoformat(),
            "amount": f"{item.amount:.2f}",
            "open": f"{each.open_amount:.2f}",
        }
        if item.statement is not None:
            row["month"] = item.statement.month.isoformat()
        found.append(row)
    return found


def _request(taking: _Taking) -> None:
    """§ 33 (2) VVG names no period: what is asked for is due when ours is over."""
    days = taking.parameters.payment_days
    taking.values["deadline"] = deadline_after_days(taking.received, days=days)


def _notify_first(taking: _Taking) -> None:
    """§ 37 VVG: never shorter than the time in which the first premium falls due (§ 33 (1))."""
    days = max(taking.parameters.payment_days, taking.parameters.first_premium_days)
    taking.values["deadline"] = deadline_after_days(taking.received, days=days)


def _remind(taking: _Taking) -> None:
    """§ 38 (1) VVG: at least two weeks; what default has cost by now is charged with it."""
    pieces = charge_default(taking.state, taking.parameters, today=taking.today)
    weeks = taking.parameters.reminder_weeks
    taking.values["deadline"] = deadline_after_weeks(taking.received, weeks=weeks)
    taking.values["combined"] = taking.parameters.combines_termination
    if pieces:
        state = load_case(taking.case.pk, today=taking.today)
        items = describe_items(state)
        for row in items:
            row.update(pieces.get(row["id"], {}))
        taking.values["items"] = items


def _free(taking: _Taking) -> None:
    """§ 37 (2), § 38 (2) VVG: nothing is owed to who falls ill while premium is in default."""
    first_day = taking.step.first_day or taking.today
    is_first = taking.case.is_first_premium
    record_default(
        contract=taking.case.contract,
        basis=PremiumDefault.FIRST_PREMIUM if is_first else PremiumDefault.LATER_PREMIUM,
        first_day=first_day,
        now=taking.now,
    )
    taking.values["first_day"] = first_day


def _terminate(taking: _Taking) -> None:
    """§ 38 (3) VVG: without notice when it is received, or with the end of a combined period."""
    end = taking.step.first_day or taking.received
    previous = end_contract(contract=taking.case.contract, end=end)
    months = taking.parameters.revival_months
    taking.values.update(
        deadline=deadline_after_months(end, months=months), contract_end=end, previous_end=previous
    )
    _close_release(taking)


def _withdraw(taking: _Taking) -> None:
    """§ 37 (1) VVG. What was demanded is given up by two people: no premium is owed (§ 39 (1))."""
    end = taking.received
    previous = end_contract(contract=taking.case.contract, end=end)
    taking.values.update(contract_end=end, previous_end=previous)
    _close_release(taking)


def _revive(taking: _Taking) -> None:
    """§ 38 (3) sentence 3 VVG: paid in time, the termination has no effect."""
    ended = find_letter(taking.state.steps, StepKind.TERMINATION, StepKind.RECEIPT)
    last_end = [step.contract_end for step in taking.state.steps if step.contract_end]
    first = find_letter(taking.state.steps, StepKind.TERMINATION)
    if ended is not None and first is not None and last_end:
        revive_contract(
            contract=taking.case.contract, end=last_end[-1], previous_end=first.previous_end
        )
    _close(taking)


def _close(taking: _Taking) -> None:
    """Default ends on the day before payment; the case is over."""
    paid_on = taking.step.first_day or taking.today
    end_default(contract=taking.case.contract, paid_on=paid_on, now=taking.now)
    ArrearsCase.objects.filter(pk=taking.case.pk).update(closed_on=taking.today)
    taking.values["first_day"] = paid_on
    _close_release(taking)


def _close_release(taking: _Taking) -> None:
    close_work(kind=WorkItem.Kind.ARREARS, subjects=[taking.case.pk], now=taking.now)


def _resume(taking: _Taking) -> None:
    """The last day of a stop is over."""
    taking.values["reason"] = "Die Zeit, für die angehalten war, ist vorbei."


_EFFECTS: dict[StepKind, Callable[[_Taking], None]] = {
    StepKind.PAYMENT_REQUEST: _request,
    StepKind.FIRST_NOTICE: _notify_first,
    StepKind.REMINDER: _remind,
    StepKind.BENEFIT_FREEDOM: _free,
    StepKind.TERMINATION: _terminate,
    StepKind.WITHDRAWAL: _withdraw,
    StepKind.REVIVAL: _revive,
    StepKind.PAID: _close,
    StepKind.RESUME: _resume,
}


def ask_for_release(
    state: CaseState, ending: StepKind | None, *, today: date, now: datetime
) -> None:
    """Have a clerk of finance decide about the end of a contract; asked once."""
    employer = state.case.contract.employer
    open_work(
        kind=WorkItem.Kind.ARREARS,
        titles={state.case.pk: f"{employer.legal_name}: {_TITLES[ending or StepKind.TERMINATION]}"},
        employer=employer,
        due=today + _RELEASE_WITHIN,
        now=now,
    )


def move_deadline(state: CaseState, received: date, parameters: DunningParameters) -> date | None:
    """The deadline of the last letter, had it been received on a day; never before the told one."""
    letter = find_letter(
        state.steps,
        StepKind.PAYMENT_REQUEST,
        StepKind.FIRST_NOTICE,
        StepKind.REMINDER,
        StepKind.TERMINATION,
    )
    if letter is None:
        return None
    kind = StepKind(letter.kind)
    counted = {
        StepKind.PAYMENT_REQUEST: deadline_after_days(received, days=parameters.payment_days),
        StepKind.FIRST_NOTICE: deadline_after_days(
            received, days=max(parameters.payment_days, parameters.first_premium_days)
        ),
        StepKind.REMINDER: deadline_after_weeks(received, weeks=parameters.reminder_weeks),
        StepKind.TERMINATION: deadline_after_months(received, months=parameters.revival_months),
    }[kind]
    return max(counted, find_deadline(state.facts.steps, kind) or counted)


def name_user(user: User | None) -> dict[str, User]:
    """The person of a step by hand."""
    return {"user": user} if user is not None else {}
