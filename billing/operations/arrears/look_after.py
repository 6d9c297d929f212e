"""What happens to arrears by itself, once a day: cases are opened, steps taken, cases closed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from aupolicy.models import GroupContract
from billing.facts.arrears import DunningParameters, Step, StepKind, Wait, WaitReason
from billing.models import ArrearsCase, ArrearsItem
from billing.operations.arrears.steps import ask_for_release, take_step
from billing.queries.arrears_cases import CaseState, load_case
from billing.queries.dunning import get_dunning_parameters
from billing.queries.open_items import lock_items
from billing.queries.overdue import Overdue, list_overdue
from billing.rules.reminders import decide_next_step


@dataclass(frozen=True, slots=True)
class ArrearsReport:
    """How many cases were opened, and how many steps of each kind were taken."""

    opened: int
    steps: Counter[StepKind]


def look_after_arrears(*, today: date, now: datetime) -> ArrearsReport:
    """Do in every case what its day brings, and open cases for what is overdue.

    Closed cases first, so that what else is overdue of a contract has its own. Called again on a
    day it does nothing. A case that fails does not keep the others waiting: the failures are
    raised together at the end.
    """
    steps: Counter[StepKind] = Counter()
    failures: list[Exception] = []
    for case_id in _list_open_cases():
        _work(case_id, today, now, steps, failures)
    small_sum = get_dunning_parameters(today).small_sum
    opened = [
        _open_case(overdue, today)
        for overdue in list_overdue(today=today)
        if overdue.amount >= small_sum
    ]
    for case_id in opened:
        _work(case_id, today, now, steps, failures)
    if failures:
        raise ExceptionGroup("cases of arrears that could not be worked", failures)
    return ArrearsReport(len(opened), steps)


def _list_open_cases() -> list[int]:
    cases = ArrearsCase.objects.filter(closed_on=None).order_by("pk")
    return list(cases.values_list("pk", flat=True))


def _open_case(overdue: Overdue, today: date) -> int:
    """A case with its demands; one that somebody has opened meanwhile is found."""
    with transaction.atomic():
        GroupContract.objects.select_for_update(no_key=True).get(pk=overdue.contract_id)
        standing = ArrearsCase.objects.filter(contract=overdue.contract_id, closed_on=None).first()
        if standing is not None:
            return standing.pk
        case = ArrearsCase.objects.create(
            contract_id=overdue.contract_id,
            opened_on=today,
            is_first_premium=overdue.is_first_premium,
            needs_request=overdue.needs_request,
        )
        ArrearsItem.objects.bulk_create(
            ArrearsItem(case=case, open_item=item) for item in overdue.items
        )
    return case.pk


def _work(
    case_id: int,
    today: date,
    now: datetime,
    steps: Counter[StepKind],
    failures: list[Exception],
) -> None:
    try:
        steps.update(work_case(case_id=case_id, today=today, now=now))
    except Exception as error:  # noqa: BLE001 -- raised by the caller, with all others
        failures.append(error)


def work_case(*, case_id: int, today: date, now: datetime) -> list[StepKind]:
    """Take every step of a case that its day brings; all of them or none."""
    parameters = get_dunning_parameters(today)
    taken: list[StepKind] = []
    with transaction.atomic():
        state = lock_case(case_id, today=today)
        while isinstance(found := _decide(state, today, parameters), Step):
            take_step(state=state, step=found, parameters=parameters, today=today, now=now)
            taken.append(found.kind)
            state = load_case(case_id, today=today)
        if found.reason is WaitReason.RELEASE:
            ask_for_release(state, found.then, today=today, now=now)
    return taken


def lock_case(case_id: int, *, today: date) -> CaseState:
    """A case, locked with its demands: nobody pays or acts until the transaction is over."""
    ArrearsCase.objects.select_for_update(no_key=True).get(pk=case_id)
    links = ArrearsItem.objects.filter(case=case_id)
    lock_items(links.values_list("open_item_id", flat=True))
    return load_case(case_id, today=today)


def _decide(state: CaseState, today: date, parameters: DunningParameters) -> Step | Wait:
    return decide_next_step(state.facts, today=today, parameters=parameters)
