"""Benefit that was paid and is not owed any more: what of it still has to come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from aupolicy.kernel.money import ZERO
from billing.facts.recovery import RecoveryMode
from billing.models import PayoutItem, Recovery
from billing.rules.offset import OpenRecovery

_EUR = DecimalField(max_digits=12, decimal_places=2)


@dataclass(frozen=True, slots=True)
class Overpaid:
    """A slice that was paid, then cancelled, and has no recovery yet; amount in EUR."""

    slice_id: int
    claim_id: int
    person_id: int
    contract_id: int
    amount: Decimal
    reason: str


def list_overpaid(*, person_ids: Iterable[int] | None = None) -> list[Overpaid]:
    """What has to be recovered and is not yet; of everybody unless people are named."""
    items = PayoutItem.objects.filter(
        returned=False, slice__cancelled_at__isnull=False, slice__recovery=None
    )
    if person_ids is not None:
        items = items.filter(slice__person__in=list(person_ids))
    values = items.order_by("slice_id").values_list(
        "slice_id",
        "slice__claim_id",
        "slice__person_id",
        "slice__contract_id",
        "amount",
        "slice__cancel_reason",
    )
    return [Overpaid(*row) for row in values]


def with_open_amount(recoveries: QuerySet[Recovery]) -> Any:
    """The same query with `open_amount`: EUR that have not come back yet."""
    settled = Coalesce(Sum("settlements__amount"), Value(ZERO), output_field=_EUR)
    return recoveries.annotate(open_amount=F("amount") - settled)


def get_open_amount(recovery: Recovery) -> Decimal:
    """EUR of a recovery that have not come back yet."""
    settled = recovery.settlements.aggregate(sum=Sum("amount", default=ZERO))["sum"]
    return recovery.amount - Decimal(settled)


def list_open_recoveries(*, person_ids: Iterable[int]) -> dict[int, tuple[OpenRecovery, ...]]:
    """What people still owe back, the oldest first, by their ids; keys are those of slices.

    Overpaid slices without a recovery count as if they had one already: it would be set off.
    """
    people = sorted(set(person_ids))
    recoveries = with_open_amount(Recovery.objects.filter(person__in=people))
    found: dict[int, tuple[OpenRecovery, ...]] = {}
    for recovery in recoveries.filter(open_amount__gt=0).order_by("pk"):
        owed = OpenRecovery(
            recovery.slice_id,
            recovery.open_amount,
            RecoveryMode(recovery.mode),
            recovery.instalment,
        )
        found[recovery.person_id] = (*found.get(recovery.person_id, ()), owed)
    for overpaid in list_overpaid(person_ids=people):
        owed = OpenRecovery(overpaid.slice_id, overpaid.amount, RecoveryMode.OFFSET)
        found[overpaid.person_id] = (*found.get(overpaid.person_id, ()), owed)
    return found
