"""What entries of the bank may be about, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.facts.bank import BankEntry as Entry
from billing.facts.bank import CreditDebit
from billing.facts.bank_match import BatchState, DebitState, ItemState, PayoutState
from billing.models import (
    BankEntry,
    Collection,
    CollectionItem,
    OpenItem,
    Outcome,
    Payout,
    PayoutOrder,
    ReturnedDebit,
)
from billing.queries.open_items import lock_items
from billing.rules.bank_identity import weak_key
from billing.rules.bank_matching import Known

Booked = dict[int, list[tuple[date, Decimal, bool]]]
_DEBIT = (
    "pk", "end_to_end_id", "amount", "ended_how", "collection_id", "open_item_id",
    "open_item__contract_id", "mandate_id", "mandate__reference",
)  # fmt: skip


def load_known(entries: Sequence[Entry], fingerprints: Sequence[str]) -> Known:
    """What the entries may be about; debits among it are locked, and so are their open items."""
    end_to_end_ids = {entry.end_to_end_id for entry in entries} - {""}
    messages = {entry.payment_information_id for entry in entries}
    messages |= {entry.message_id for entry in entries}
    known = Known(
        debits=lock_debits(Q(end_to_end_id__among=end_to_end_ids)),
        payouts=_list_payouts(end_to_end_ids),
        fingerprints=_list_fingerprints(fingerprints),
    )
    _add_collections(known, messages - {""}, and_open=_has_bare_credit(entries))
    _add_orders(known, messages - {""})
    return known


def lock_debits(condition: Q) -> dict[str, DebitState]:
    """Debits by their end-to-end id, locked in order of their ids, with their open items."""
    found = CollectionItem.objects.select_for_update(of=("self",), no_key=True).filter(condition)
    rows = found.order_by("pk").values_list(*_DEBIT)
    debits = {row[1]: DebitState(*row) for row in rows}
    _add_fees_by_hand(debits.values())
    items = sorted({debit.open_item_id for debit in debits.values()})
    locked = (
        OpenItem.objects.select_for_update(no_key=True).filter(Q(pk__among=items)).order_by("pk")
    )
    list(locked.values_list("pk"))
    return debits


def _add_fees_by_hand(debits: Iterable[DebitState]) -> None:
    returned = {debit.debit_id: debit for debit in debits if debit.ended_how == "returned"}
    if returned:
        found = ReturnedDebit.objects.filter(debit__in=returned, bank_entry=None)
        for debit_id, fee in found.values_list("debit_id", "fee"):
            returned[debit_id].fee_by_hand = fee


def _list_payouts(end_to_end_ids: set[str]) -> dict[str, PayoutState]:
    if not end_to_end_ids:
        return {}
    booked = BankEntry.objects.filter(payout=OuterRef("pk"))
    found = Payout.objects.filter(
        Q(end_to_end_id__among=end_to_end_ids), order__released_at__isnull=False
    ).annotate(
        is_sent=Exists(booked.filter(outcome=Outcome.PAYOUT_SENT)),
        came_back=Exists(booked.filter(outcome=Outcome.PAYOUT_RETURNED)),
    )
    rows = found.values_list("pk", "end_to_end_id", "amount", "order_id", "is_sent", "came_back")
    return {row[1]: PayoutState(*row) for row in rows}


def _list_fingerprints(fingerprints: Sequence[str]) -> set[str]:
    found = BankEntry.objects.filter(Q(fingerprint__among=fingerprints)).exclude(
        outcome=Outcome.KNOWN
    )
    return set(found.values_list("fingerprint", flat=True))


def _has_bare_credit(entries: Iterable[Entry]) -> bool:
    """Whether a credit gives no reference, so that only its sum may tell what it is."""
    return any(
        entry.direction is CreditDebit.CREDIT
        and not (entry.end_to_end_id or entry.payment_information_id or entry.message_id)
        for entry in entries
    )


def _add_collections(known: Known, messages: set[str], *, and_open: bool) -> None:
    of_debits = {debit.collection_id for debit in known.debits.values()}
    wanted = Q(message_id__in=messages) | Q(pk__in=of_debits)
    if and_open:
        wanted |= ~Q(bank_entries__outcome=Outcome.SETTLEMENT)
    found = Collection.objects.filter(wanted, discarded_at=None).distinct()
    rows = list(found.values_list("pk", "message_id", "control_sum", "due_date"))
    booked = _list_booked(
        BankEntry.objects.filter(outcome=Outcome.SETTLEMENT), "collection_id", [r[0] for r in rows]
    )
    for batch in _make_batches(rows, booked):
        known.collections[batch.message_id] = batch
        known.collections_by_id[batch.key] = batch
        known.open_collections.append(batch)


def _add_orders(known: Known, messages: set[str]) -> None:
    of_payouts = {payout.order_id for payout in known.payouts.values()}
    found = PayoutOrder.objects.filter(
        Q(message_id__in=messages) | Q(pk__in=of_payouts), released_at__isnull=False
    )
    rows = list(found.values_list("pk", "message_id", "control_sum", "execution_date"))
    booked = _list_booked(
        BankEntry.objects.filter(outcome=Outcome.PAYOUT_SENT),
        "payout_order_id",
        [r[0] for r in rows],
    )
    for batch in _make_batches(rows, {key: _turned(each) for key, each in booked.items()}):
        known.orders[batch.message_id] = batch
        known.orders_by_id[batch.key] = batch


def _list_booked(entries: QuerySet[BankEntry], column: str, keys: Sequence[int]) -> Booked:
    """Gross bookings of files: positive what came, negative what went."""
    booked: Booked = defaultdict(list)
    if not keys:
        return booked
    rows = entries.filter(**{f"{column}__in": keys}).order_by("pk")
    told = (column, "booked_on", "direction", "amount", "charges", "end_to_end_id")
    for key, day, direction, amount, charges, end_to_end_id in rows.values_list(*told):
        gross = amount + charges if direction == CreditDebit.CREDIT else charges - amount
        booked[key].append((day, gross, end_to_end_id == ""))
    return booked


def _turned(booked: list[tuple[date, Decimal, bool]]) -> list[tuple[date, Decimal, bool]]:
    return [(day, -gross, whole) for day, gross, whole in booked]


def _make_batches(
    rows: Iterable[tuple[int, str, Decimal, date]], booked: Booked
) -> Iterable[BatchState]:
    for key, message_id, control_sum, day in rows:
        told = booked.get(key, [])
        rest = control_sum - sum((gross for _, gross, _ in told), start=Decimal(0))
        yield BatchState(key, message_id, rest, day, list(told))


def lock_named_items(numbers: Iterable[str], tokens: Iterable[str]) -> list[ItemState]:
    """Items with these numbers, and all items of contracts with such a number, locked.

    Only those that are still open, with what is open of them.
    """
    wanted = Q(number__in=set(numbers)) | Q(contract__number__in=set(tokens))
    found = OpenItem.objects.filter(wanted).exclude(amount__lte=0)
    return _states(found.values_list("pk", flat=True))


def lock_item_states(ids: Iterable[int]) -> dict[int, ItemState]:
    """Items by their ids, locked, with what is open of them."""
    return {item.item_id: item for item in _states(ids, only_open=False)}


def _states(ids: Iterable[int], *, only_open: bool = True) -> list[ItemState]:
    items = {item.pk: item for item in lock_items(ids)}
    rows = OpenItem.objects.filter(pk__in=items).values_list("pk", "contract__number")
    numbers = dict(rows)
    return [
        ItemState(
            item.pk,
            item.number,
            item.contract_id,
            numbers[item.pk],
            item.open_amount,
            item.due_date,
        )
        for item in items.values()
        if not only_open or item.open_amount > 0
    ]


def find_twins(entries: Sequence[Entry], *, not_of_file: int) -> dict[str, list[tuple[int, str]]]:
    """Earlier entries of other files by weak key: id and the bank's reference."""
    if not entries:
        return {}
    found = BankEntry.objects.filter(
        booked_on__in={entry.booked_on for entry in entries},
        amount__in={entry.amount for entry in entries},
    ).exclude(Q(outcome=Outcome.KNOWN) | Q(file=not_of_file))
    twins: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in found.order_by("pk"):
        twins[weak_key(row)].append((row.pk, row.bank_reference))
    return twins
