"""Which open items can be collected for a day, and why the others cannot."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.facts.debit import Scheme
from billing.models import Mandate, OpenItem
from billing.queries.open_items import list_open_items, lock_items


class NoDebitReason(StrEnum):
    """Why an open item is not collected."""

    NO_MANDATE = "NO_MANDATE"
    B2B_NOT_CONFIRMED = "B2B_NOT_CONFIRMED"
    CREDIT = "CREDIT"


@dataclass(frozen=True, slots=True)
class Collectable:
    """An open item with the mandate that allows its debit, and what is to be collected, in EUR."""

    item: OpenItem
    mandate: Mandate
    amount: Decimal


@dataclass(frozen=True, slots=True)
class NotCollected:
    """An open item, due by the day, that is not collected; amount in EUR, below zero a credit."""

    number: str
    amount: Decimal
    reason: NoDebitReason


@dataclass(frozen=True, slots=True)
class CollectableReport:
    """What a collection for a day takes and leaves."""

    ready: list[Collectable]
    not_collected: list[NotCollected]


def list_collectable(due: date, *, lock: bool = False) -> CollectableReport:
    """Open items due by a day, in order of their numbers.

    A statement falls due only after its pre-notification period, so that needs no second look.
    With `lock` the items are locked, so that two collections never take the same one.
    """
    found = list_open_items(OpenItem.objects.filter(due_date__lte=due))
    if lock:
        lock_items(found.values_list("pk", flat=True))
    # Read again under the lock: what another collection took meanwhile is gone.
    items = list(found.select_related("statement", "contract").order_by("number"))
    mandates = {
        mandate.contract_id: mandate
        for mandate in Mandate.objects.filter(
            contract_id__in={item.contract_id for item in items}, period__contains=due
        )
    }
    report = CollectableReport([], [])
    for item in items:
        mandate = mandates.get(item.contract_id)
        amount: Decimal = item.open_amount  # type: ignore[attr-defined]
        reason = _reason(amount, mandate)
        if mandate is not None and reason is None:
            report.ready.append(Collectable(item, mandate, amount))
        elif reason is not None:
            report.not_collected.append(NotCollected(item.number, amount, reason))
    return report


def _reason(amount: Decimal, mandate: Mandate | None) -> NoDebitReason | None:
    if amount < 0:
        return NoDebitReason.CREDIT
    if mandate is None:
        return NoDebitReason.NO_MANDATE
    if mandate.scheme == Scheme.B2B and mandate.b2b_confirmed_on is None:
        return NoDebitReason.B2B_NOT_CONFIRMED
    return None
