"""Reads of the insurer's cases of arrears: the list with its filters, and one as a timeline."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.http import Http404

from aupolicy.models import WorkItem
from billing.facts.arrears import WaitReason
from billing.models import Allocation, ArrearsCase, ArrearsStep, LedgerTransaction, ReturnedDebit
from documents.models import Document, LetterCause
from portal.queries.arrears import ShownCase, is_waiting_for, show_cases

PAGE_SIZE = 50
SHOWN: Final = ("open", "release", "stopped", "ended", "closed")


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is narrowed to: one of SHOWN, a text; and how it is sorted."""

    show: str = "open"
    text: str = ""
    sort: str = "next"


_KEYS: dict[str, Callable[[ShownCase], Any]] = {
    "next": lambda shown: (shown.next_day or date.max, shown.case.pk),
    "employer": lambda shown: (
        shown.case.contract.employer.legal_name.casefold(),
        shown.case.pk,
    ),
    "opened": lambda shown: (shown.case.opened_on, shown.case.pk),
    "open": lambda shown: (shown.open_amount, shown.case.pk),
}
SORTS: Final = frozenset({*_KEYS, *(f"-{key}" for key in _KEYS)})
_WAITS: Final = {
    "release": (WaitReason.RELEASE,),
    "stopped": (WaitReason.STOPPED,),
    "ended": (WaitReason.ENDED, WaitReason.REVIVAL),
}


def list_cases(wanted: CaseFilter, *, today: date) -> list[ShownCase]:
    """The cases that a filter lets through, sorted."""
    cases = ArrearsCase.objects.filter(closed_on__isnull=wanted.show != "closed")
    if wanted.text:
        cases = cases.filter(
            Q(contract__number__icontains=wanted.text)
            | Q(contract__employer__legal_name__icontains=wanted.text)
        )
    found = show_cases(cases.order_by("-opened_on", "-pk"), today=today)
    if wanted.show in _WAITS:
        found = [each for each in found if is_waiting_for(each, *_WAITS[wanted.show])]
    return sorted(found, key=_KEYS[wanted.sort.lstrip("-")], reverse=wanted.sort.startswith("-"))


def count_releases() -> int:
    """How many contracts wait for their end to be released."""
    return WorkItem.objects.filter(kind=WorkItem.Kind.ARREARS, done_at=None).count()


def get_case(case_id: int, *, today: date) -> ShownCase:
    """The case of an address, else 404."""
    found = show_cases(ArrearsCase.objects.filter(pk=case_id), today=today)
    if not found:
        raise Http404
    return found[0]


@dataclass(frozen=True, slots=True)
class Event:
    """Something in the life of a case: a step, a debit that came back, money that came."""

    day: date
    kind: str
    step: ArrearsStep | None = None
    document: Document | None = None
    returned: ReturnedDebit | None = None
    settled: Allocation | None = None
    amount: Decimal | None = None


def list_events(shown: ShownCase) -> list[Event]:
    """The life of a case from the first debit that came back, the earliest first."""
    events = [*_list_returns(shown), *_list_payments(shown), *_list_steps(shown)]
    return sorted(events, key=lambda event: event.day)


def _list_steps(shown: ShownCase) -> Iterator[Event]:
    steps = list(shown.case.steps.select_related("user").order_by("position"))
    causes = LetterCause.objects.filter(arrears_step__in=steps).select_related("document")
    letters = {cause.arrears_step_id: cause.document for cause in causes}
    for step in steps:
        amount = step.premium + step.interest + step.costs
        yield Event(step.day, "step", step=step, document=letters.get(step.pk), amount=amount)


def _list_returns(shown: ShownCase) -> Iterator[Event]:
    returned = ReturnedDebit.objects.filter(debit__open_item__arrears_items__case=shown.case)
    for each in returned.select_related("debit__open_item").order_by("returned_on", "pk"):
        yield Event(each.returned_on, "returned", returned=each, amount=each.debit.amount)


_DEBITS: Final = (
    LedgerTransaction.COLLECTION,
    LedgerTransaction.RETURNED_DEBIT,
    LedgerTransaction.REJECTED_DEBIT,
    LedgerTransaction.DISCARDED_DEBIT,
)


def _list_payments(shown: ShownCase) -> Iterator[Event]:
    """What settled the demands by another way than a debit, and debits that did not come back."""
    items = [demand.item.pk for demand in shown.state.demands]
    paid = Allocation.objects.filter(open_item__in=items).exclude(
        Q(transaction__kind__in=_DEBITS) & ~Q(debit__ended_how="")
    )
    rows = paid.select_related("transaction", "open_item").order_by("transaction__booked_on", "pk")
    for each in rows:
        yield Event(each.transaction.booked_on, "settled", settled=each, amount=each.amount)
