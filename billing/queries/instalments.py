"""Plans of instalments: what they cover, what of them is paid, what is due on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from aupolicy.kernel.money import ZERO, total
from billing.models import Instalment, InstalmentPlan, OpenItem, PlannedItem
from billing.queries.open_items import with_open_amount
from billing.rules.instalments import Part, PartState, is_kept, share_out, spread, sum_due
from billing.rules.set_off import OpenSum, sort_demands


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan as it stands: its items with `open_amount`, its parts, and what was settled (EUR).

    `settled` counts from the day it was agreed; what came back since is not settled any more.
    """

    plan: InstalmentPlan
    items: tuple[OpenItem, ...]
    parts: tuple[Part, ...]
    amount: Decimal
    settled: Decimal

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid, in EUR."""
        return self.amount - self.settled

    def list_parts(self) -> list[PartState]:
        """The parts with what is open of each, the earliest first."""
        return spread(self.parts, settled=self.settled)

    def is_kept(self, today: date) -> bool:
        """Whether the plan runs and everything due before today is settled."""
        if self.plan.ended_on is not None:
            return False
        return is_kept(self.parts, settled=self.settled, today=today)

    def sum_due(self, day: date) -> Decimal:
        """What may be asked for on a day, in EUR; nothing of a plan that was ended."""
        if self.plan.ended_on is not None:
            return ZERO
        return sum_due(self.parts, settled=self.settled, day=day)


@dataclass(frozen=True, slots=True)
class DueInstalment:
    """An instalment of a running plan that is due and not settled in full, in EUR."""

    plan_id: int
    contract_id: int
    due_date: date
    amount: Decimal
    open_amount: Decimal


def read_plans(plans: QuerySet[InstalmentPlan]) -> list[PlanState]:
    """Plans as they stand; five queries however many there are."""
    items = with_open_amount(OpenItem.objects.all())
    planned = PlannedItem.objects.prefetch_related(Prefetch("open_item", queryset=items))
    found = plans.select_related("contract", "agreed_by").prefetch_related(
        Prefetch("items", queryset=planned.order_by("pk")),
        Prefetch("instalments", queryset=Instalment.objects.order_by("due_date")),
    )
    return [_read(plan) for plan in found]


def _read(plan: InstalmentPlan) -> PlanState:
    planned = list(plan.items.all())
    items = tuple(each.open_item for each in planned)
    amount = total(each.amount for each in planned)
    is_open = total(item.open_amount for item in items)
    parts = tuple(Part(each.due_date, each.amount) for each in plan.instalments.all())
    return PlanState(plan, items, parts, amount, amount - is_open)


def get_instalment_plan(item: OpenItem) -> InstalmentPlan | None:
    """The running plan that an open item is in, None for none."""
    plans = InstalmentPlan.objects.filter(items__open_item=item, items__released_on=None)
    return plans.filter(ended_on=None).first()


def list_running_plans() -> list[PlanState]:
    """Plans that were not ended and of which something is open, the oldest first."""
    plans = read_plans(InstalmentPlan.objects.filter(ended_on=None).order_by("pk"))
    return [state for state in plans if state.open_amount > 0]


def is_in_kept_plan(item: OpenItem, today: date) -> bool:
    """Whether an item is in a plan of which nothing is overdue: nobody is reminded of it then."""
    plans = InstalmentPlan.objects.filter(items__open_item=item, items__released_on=None)
    return any(state.is_kept(today) for state in read_plans(plans.filter(ended_on=None)))


def list_kept_items(item_ids: Iterable[int], today: date) -> set[int]:
    """Of some open items those in plans of which nothing is overdue; for many at once."""
    keys = set(item_ids)
    plans = InstalmentPlan.objects.filter(
        ended_on=None, items__open_item__in=keys, items__released_on=None
    ).distinct()
    kept = [state for state in read_plans(plans) if state.is_kept(today)]
    return {item.pk for state in kept for item in state.items} & keys


def list_due_instalments(day: date) -> list[DueInstalment]:
    """Instalments of running plans that are due by a day and not settled, plan by plan."""
    return [
        DueInstalment(
            state.plan.pk, state.plan.contract_id, part.due_date, part.amount, part.open_amount
        )
        for state in list_running_plans()
        for part in state.list_parts()
        if part.due_date <= day and part.open_amount
    ]


def due_amounts(items: Iterable[OpenItem], day: date) -> dict[int, Decimal]:
    """What of each open item may be asked for on a day, in EUR; 0 for nothing.

    Nothing before its due date, and nothing of a credit. Of items in a plan no more than the
    plan's instalments that are due by then, less what was settled since: costs first, then
    interest, then premiums, the oldest first. The items must have `open_amount`.
    """
    known = list(items)
    due = {item.pk: item.open_amount if item.due_date <= day else ZERO for item in known}
    due = {key: max(amount, ZERO) for key, amount in due.items()}
    plans = InstalmentPlan.objects.filter(
        ended_on=None, items__open_item__in=known, items__released_on=None
    ).distinct()
    for state in read_plans(plans):
        sums = [OpenSum(i.pk, i.kind, i.due_date, i.open_amount) for i in state.items]
        order = [(each.key, each.amount) for each in sort_demands(sums, today=day)]
        shares = share_out(state.sum_due(day), order)
        due.update({key: amount for key, amount in shares.items() if key in due})
    return due
