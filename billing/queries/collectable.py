"""Which open items can be collected for a day, and why the others cannot."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.money import ZERO
from billing.facts.debit import Amendment, Creditor
from billing.facts.mandate import NoDebitReason
from billing.models import CollectionItem, Mandate, OpenItem, PlannedItem
from billing.queries.creditor import find_creditors, get_creditor
from billing.queries.instalments import due_amounts
from billing.queries.last_debits import find_amendments, find_returned_debits
from billing.queries.mandate_state import StandingMandate, get_mandate_states
from billing.queries.open_items import list_open_items, lock_items
from billing.rules.mandate_amendment import names_creditor
from billing.rules.set_off import OpenSum, decide_set_offs


@dataclass(frozen=True, slots=True)
class Collectable:
    """An open item with the mandate that allows its debit, and what is to be collected, in EUR.

    `creditor` names our account that it is collected on, `amendment` what the bank is to be told.
    """

    item: OpenItem
    mandate: Mandate
    amount: Decimal
    creditor: Creditor
    amendment: Amendment | None = None


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


def list_collectable(
    due: date,
    *,
    lock: bool = False,
    creditor: Creditor | None = None,
    set_off_on: date | None = None,
) -> CollectableReport:
    """Open items due by a day, in order of their numbers.

    A statement falls due only after its pre-notification period, so that needs no second look.
    With `lock` the items are locked, so that two collections never take the same one. With
    `set_off_on` the amounts are those after credits were set off on that day, for a preview.
    """
    items = _read_items(due, lock=lock)
    if set_off_on is not None:
        items = _set_off(items, set_off_on)
    creditor = creditor or get_creditor()
    contract_ids = {item.contract_id for item in items}
    mandates = get_mandate_states(contract_ids, due, with_last_use=False)
    look = _Look(due, creditor, mandates, _sums_of_plans(items, due), find_returned_debits(items))
    report = CollectableReport([], [])
    ready: list[tuple[OpenItem, Mandate, Decimal]] = []
    for item in items:
        amount, reason = look.decide(item)
        if reason is None:
            ready.append((item, mandates[item.contract_id].mandate, amount))
        else:
            report.not_collected.append(NotCollected(item.number, amount, reason))
    amendments = find_amendments(mandate for _, mandate, _ in ready)
    creditors = find_creditors(contract_ids, due, creditor=creditor)
    for item, mandate, amount in ready:
        ours, amendment = creditors[item.contract_id], amendments.get(mandate.pk)
        report.ready.append(Collectable(item, mandate, amount, ours, amendment))
    return report


def _read_items(due: date, *, lock: bool) -> list[OpenItem]:
    found = list_open_items(OpenItem.objects.filter(due_date__lte=due))
    if lock:
        lock_items(found.values_list("pk", flat=True))
    # Read again under the lock: what another collection took meanwhile is gone.
    return list(found.select_related("statement", "contract").order_by("number"))


def _set_off(items: list[OpenItem], day: date) -> list[OpenItem]:
    """The items as they will be once credits are set off; those that are settled then are gone."""
    credits_ = OpenItem.objects.filter(amount__lt=0)
    whose = set(list_open_items(credits_).values_list("contract_id", flat=True))
    if not whose:
        return items
    by_contract: dict[int, list[OpenSum]] = defaultdict(list)
    for item in list_open_items(OpenItem.objects.filter(contract_id__in=whose)):
        known = OpenSum(item.pk, item.kind, item.due_date, item.open_amount)
        by_contract[item.contract_id].append(known)
    moved: dict[int, Decimal] = defaultdict(Decimal)
    for sums in by_contract.values():
        for each in decide_set_offs(sums, today=day):
            moved[each.demand] -= each.amount
            moved[each.credit] += each.amount
    for item in items:
        item.open_amount = item.open_amount + moved[item.pk]
    return [item for item in items if item.open_amount]


def _sums_of_plans(items: Sequence[OpenItem], due: date) -> dict[int, Decimal]:
    """Of items in running plans, what is due by the day, in EUR."""
    running = PlannedItem.objects.filter(released_on=None, plan__ended_on=None)
    planned = set(running.values_list("open_item_id", flat=True))
    inside = [item for item in items if item.pk in planned]
    return due_amounts(inside, due) if inside else {}


@dataclass(frozen=True, slots=True)
class _Look:
    """What decides about a day's items, read once for all of them."""

    due: date
    creditor: Creditor
    mandates: dict[int, StandingMandate]
    planned: dict[int, Decimal]
    returned: dict[int, CollectionItem]

    def decide(self, item: OpenItem) -> tuple[Decimal, NoDebitReason | None]:
        """What is to be collected of an item (EUR), or is open of it and why it is left."""
        amount = item.open_amount
        if amount < 0:
            return amount, NoDebitReason.CREDIT
        reason = self._find_reason(item)
        if reason is not None:
            return amount, reason
        part = self.planned.get(item.pk, amount)
        return (part, None) if part > ZERO else (amount, NoDebitReason.IN_PLAN)

    def _find_reason(self, item: OpenItem) -> NoDebitReason | None:
        standing = self.mandates.get(item.contract_id)
        if standing is None:
            return NoDebitReason.NO_MANDATE
        if standing.reason is not None:
            return standing.reason
        if not names_creditor(
            named=standing.mandate.creditor_identifier, creditor=self.creditor.identifier
        ):
            return NoDebitReason.OTHER_CREDITOR
        debit = self.returned.get(item.pk)
        if debit is not None and not self._may_retry(debit, standing.mandate):
            return NoDebitReason.CAME_BACK
        return None

    def _may_retry(self, debit: CollectionItem, mandate: Mandate) -> bool:
        """Whether a debit that came back is tried again: its day has come, or the account is new.

        Another account, or another mandate, settles why the bank did not pay.
        """
        former = debit.mandate
        if (former.iban, former.reference) != (mandate.iban, mandate.reference):
            return True
        returned = getattr(debit, "returned_debit", None)
        retry_on: date | None = returned.retry_on if returned else None
        return retry_on is not None and retry_on <= self.due
