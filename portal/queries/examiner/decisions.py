"""Reads of the pages on decisions: what was decided, and what one does month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.kernel.money import ZERO
from claims.models import BenefitRun, BenefitSlice, Claim, Decision, Hold
from claims.queries.drafts import DecisionEffect


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month before and after a decision; EUR and paid days."""

    month: date
    days: int
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """EUR more, negative where it is less."""
        return self.after - self.before


def list_changes(effect: DecisionEffect) -> list[MonthChange]:
    """What an effect changes, month by month."""
    new = [(each.month, each.days, each.amount) for each in effect.slices_new]
    cancelled = [(each.month, each.amount) for each in effect.slices_cancelled]
    return _list_months(new, cancelled)


def list_frozen_changes(decision: Decision) -> list[MonthChange]:
    """The same of a decision as it was made, from the terms it keeps."""
    new = [
        (_month(each), int(each["days"]), Decimal(each["amount"]))
        for each in decision.terms.get("new", ())
    ]
    cancelled = [
        (_month(each), Decimal(each["amount"])) for each in decision.terms.get("cancelled", ())
    ]
    return _list_months(new, cancelled)


def _month(each: dict[str, Any]) -> date:
    return date.fromisoformat(f"{each['month']}-01")


def _list_months(
    new: Iterable[tuple[date, int, Decimal]], cancelled: Iterable[tuple[date, Decimal]]
) -> list[MonthChange]:
    after = {month: (days, amount) for month, days, amount in new}
    before = dict(cancelled)
    return [
        MonthChange(
            month,
            after.get(month, (0, ZERO))[0],
            before.get(month, ZERO),
            after.get(month, (0, ZERO))[1],
        )
        for month in sorted(after.keys() | before.keys())
    ]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with what it changed when it was made."""

    decision: Decision
    changes: list[MonthChange]


def list_decisions(claim: Claim) -> list[DecisionRow]:
    """The decisions of a claim, newest first."""
    found = claim.decisions.select_related("decided_by", "second_by", "sick_leave")
    return [DecisionRow(each, list_frozen_changes(each)) for each in found.order_by("-pk")]


def list_holds(claim: Claim) -> list[Hold]:
    """The provisional decisions of a claim, newest first."""
    return list(claim.holds.select_related("decided_by", "lifted_by").order_by("-pk"))


def sum_owed(claim: Claim) -> tuple[int, Decimal]:
    """How many months count for a claim now, and their EUR."""
    amounts = BenefitSlice.objects.filter(claim=claim, cancelled_at=None)
    found = list(amounts.values_list("amount", flat=True))
    return len(found), sum(found, start=ZERO)


def list_runs() -> list[BenefitRun]:
    """The latest benefit runs, newest first."""
    return list(BenefitRun.objects.select_related("started_by").order_by("-pk")[:24])
