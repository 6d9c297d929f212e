"""What the rules of reminders look at: cases with their demands, as they stand on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from aupolicy.kernel.money import total
from billing.facts.arrears import CaseFacts, StepFact, StepKind
from billing.models import (
    Allocation,
    ArrearsCase,
    ArrearsItem,
    ArrearsStep,
    InstalmentPlan,
    LedgerTransaction,
    OpenItem,
    PlannedItem,
)
from billing.queries.dunning import get_dunning_parameters
from billing.queries.instalments import read_plans
from billing.rules.reminders import assume_receipt, first_premium_due, last_day_to_pay


@dataclass(frozen=True, slots=True)
class Settling:
    """What a booking settles of a demand: EUR, and the day on which the money moved.

    `is_planned`: a debit that is not due yet or not released.
    """

    day: date
    amount: Decimal
    is_planned: bool = False
    is_write_off: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """An open item of a case with everything that settled it, in order."""

    item: OpenItem
    settled: tuple[Settling, ...]

    @property
    def open_amount(self) -> Decimal:
        """EUR, with debits that are under way."""
        return self.item.amount - total(each.amount for each in self.settled)

    @property
    def settled_on(self) -> date | None:
        """The day on which it was settled in full, None while it is not."""
        if self.open_amount:
            return None
        return max((each.day for each in self.settled), default=None)

    @property
    def balances(self) -> list[tuple[date, Decimal]]:
        """What was open of it, each from its day on."""
        amount, found = self.item.amount, {self.item.created_on: self.item.amount}
        for each in sorted(self.settled, key=lambda each: each.day):
            amount -= each.amount
            found[max(each.day, self.item.created_on)] = amount
        return sorted(found.items())


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case with its steps and demands, and what the rules see of it."""

    case: ArrearsCase
    steps: tuple[ArrearsStep, ...]
    demands: tuple[Demand, ...]
    facts: CaseFacts

    def list_open(self, *kinds: str) -> list[Demand]:
        """Demands of some kinds of which something is open."""
        return [each for each in self.demands if each.item.kind in kinds and each.open_amount]

    def sum_open(self, *kinds: str) -> Decimal:
        """What is open of some kinds, in EUR."""
        return total(each.open_amount for each in self.list_open(*kinds))


def with_case_rows(cases: QuerySet[ArrearsCase]) -> QuerySet[ArrearsCase]:
    """Cases with everything that `read_case` needs, in as many queries however many they are."""
    settled = Allocation.objects.select_related(
        "transaction__bank_entry", "debit__collection"
    ).order_by("pk")
    items = ArrearsItem.objects.select_related("open_item__statement").prefetch_related(
        Prefetch("open_item__allocations", queryset=settled),
    )
    return cases.select_related("contract__employer").prefetch_related(
        Prefetch("items", queryset=items.order_by("open_item__due_date", "open_item_id")),
        Prefetch("steps", queryset=ArrearsStep.objects.order_by("position")),
    )


def load_case(case_id: int, *, today: date) -> CaseState:
    """One case as it stands on a day. Raises ArrearsCase.DoesNotExist."""
    return load_cases(ArrearsCase.objects.filter(pk=case_id), today=today)[0]


def load_cases(cases: QuerySet[ArrearsCase], *, today: date) -> list[CaseState]:
    """Cases as they stand on a day, in their order."""
    rows = list(with_case_rows(cases))
    planned = list_planned(
        {link.open_item_id for row in rows for link in row.items.all()}, today=today
    )
    return [_read_case(row, planned, today) for row in rows]


def list_planned(item_ids: set[int], *, today: date) -> frozenset[int]:
    """Those of some open items that are paid in instalments, as long as these are kept."""
    planned = PlannedItem.objects.filter(open_item__in=item_ids, released_on=None)
    plans = InstalmentPlan.objects.filter(pk__in=planned.values("plan"), ended_on=None)
    kept = [state for state in read_plans(plans) if state.is_kept(today)]
    return frozenset(item.pk for state in kept for item in state.items)


def _read_case(case: ArrearsCase, planned: frozenset[int], today: date) -> CaseState:
    demands = tuple(_read_demand(link.open_item, today) for link in case.items.all())
    steps = tuple(case.steps.all())
    open_ids = {each.item.pk for each in demands if each.open_amount}
    under_way = [s.day for each in demands for s in each.settled if s.is_planned]
    days = [each.settled_on for each in demands]
    is_paid = bool(demands) and None not in days and not under_way
    facts = CaseFacts(
        is_first_premium=case.is_first_premium,
        needs_request=case.needs_request,
        due_through=max(
            find_due_through(each.item, is_first=case.is_first_premium) for each in demands
        ),
        open_amount=total(each.open_amount for each in demands),
        paid_on=max(day for day in days if day) if is_paid else None,
        is_given_up=any(s.is_write_off for each in demands for s in each.settled),
        in_plan=bool(open_ids) and open_ids <= planned,
        debit_on=max(under_way, default=None),
        is_closed=case.closed_on is not None,
        has_ended=_has_ended(case, today),
        steps=tuple(
            StepFact(StepKind(step.kind), step.day, step.deadline, step.combined) for step in steps
        ),
    )
    return CaseState(case, steps, demands, facts)


def _has_ended(case: ArrearsCase, today: date) -> bool:
    last_day = case.contract.period.last_day
    return last_day is not None and last_day < today


def _read_demand(item: OpenItem, today: date) -> Demand:
    return Demand(item, tuple(_read_settling(each, today) for each in item.allocations.all()))


def _read_settling(allocation: Allocation, today: date) -> Settling:
    """A debit pays on its due date, a transfer when the bank booked it, all else as booked."""
    booked, debit = allocation.transaction, allocation.debit
    if booked.kind == LedgerTransaction.COLLECTION and debit is not None:
        collection = debit.collection
        is_planned = not debit.ended_how and (
            collection.due_date > today or collection.released_at is None
        )
        return Settling(collection.due_date, allocation.amount, is_planned)
    if booked.kind in _UNDONE and debit is not None:
        # It never brought anything: taken back on the same day.
        return Settling(debit.collection.due_date, allocation.amount)
    day = booked.bank_entry.booked_on if booked.bank_entry else booked.booked_on
    is_write_off = booked.kind == LedgerTransaction.WRITE_OFF
    return Settling(day, allocation.amount, is_write_off=is_write_off)


_UNDONE = (
    LedgerTransaction.RETURNED_DEBIT,
    LedgerTransaction.REJECTED_DEBIT,
    LedgerTransaction.DISCARDED_DEBIT,
)


def find_due_through(item: OpenItem, *, is_first: bool) -> date:
    """The last day on which a demand could be paid in time (§ 193 BGB, § 33 (1) VVG)."""
    due = last_day_to_pay(item.due_date)
    if not is_first:
        return due
    rules = get_dunning_parameters(item.created_on)
    received = assume_receipt(item.created_on, days=rules.receipt_days)
    return max(due, first_premium_due(received, days=rules.first_premium_days))


def list_kinds(state: CaseState) -> tuple[Decimal, Decimal, Decimal]:
    """What is open of a case: premium, interest, costs, in EUR."""
    kinds = OpenItem.Kind
    return (
        state.sum_open(kinds.PREMIUM),
        state.sum_open(kinds.INTEREST),
        state.sum_open(kinds.LUMP_SUM, kinds.COSTS, kinds.BANK_FEE),
    )


def find_letter(steps: Sequence[ArrearsStep], *kinds: StepKind) -> ArrearsStep | None:
    """The last step of some kinds."""
    return next((step for step in reversed(steps) if step.kind in kinds), None)
