"""Incoming transfers: what they pay when that is plain, also once a demand is open again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from aupolicy.operations.bulk import update_rows
from billing.facts.bank import BankEntry as Entry
from billing.facts.bank import CreditDebit
from billing.facts.bank_match import Decision, ItemState, Match
from billing.models import BankEntry, LedgerEntry, LedgerTransaction, OpenItem, Outcome
from billing.operations.bank_matching.bookings import BookingDays
from billing.operations.books import Booking, Cause, Settled, post
from billing.queries.bank_matching import lock_named_items
from billing.rules.receipt_matching import find_numbers, find_tokens, match_receipt

_UNCLEAR = Decision(Match.UNCLEAR)
# Entries that waited longer are looked at by people only.
_MOST_WAITING = 2_000
Paid = tuple[tuple[ItemState, Decimal], ...]


class _Demands:
    """Open demands that some purposes name; what a transfer pays is gone for the next."""

    def __init__(self, texts: Iterable[str]) -> None:
        told = list(texts)
        items = lock_named_items(
            {number for text in told for number in find_numbers(text)},
            {token for text in told for token in find_tokens(text)},
        )
        self._by_number = {item.number: item for item in items}
        self._by_contract: dict[str, list[ItemState]] = {}
        for item in items:
            self._by_contract.setdefault(item.contract_number.upper(), []).append(item)

    def take(self, text: str, amount: Decimal) -> Paid:
        """What a transfer of so much pays, if that is plain."""
        named = [self._by_number[n] for n in find_numbers(text) if n in self._by_number]
        of_contracts = [
            item for token in find_tokens(text) for item in self._by_contract.get(token, ())
        ]
        paid = match_receipt(amount=amount, named=named, of_contracts=of_contracts)
        for item, part in paid:
            item.open_amount -= part
        return paid


def purpose_of(entry: Entry | BankEntry) -> str:
    """What may name a demand: the purpose, and the reference of who paid."""
    return f"{entry.remittance} {entry.end_to_end_id}".strip()


def decide_receipts(entries: Sequence[Entry]) -> list[Decision]:
    """For each entry that is about nothing of ours: the items it pays, else that it is unclear."""
    asked = [entry for entry in entries if _may_pay(entry)]
    if not asked:
        return [_UNCLEAR] * len(entries)
    demands = _Demands(purpose_of(entry) for entry in asked)
    decisions = []
    for entry in entries:
        paid = demands.take(purpose_of(entry), entry.amount) if _may_pay(entry) else ()
        decisions.append(Decision(Match.RECEIPT, items=paid) if paid else _UNCLEAR)
    return decisions


def _may_pay(entry: Entry) -> bool:
    return entry.direction is CreditDebit.CREDIT and entry.batch_count is None


def match_waiting(*, reopened: Sequence[int], now: datetime, days: BookingDays) -> int:
    """Give money that waited to demands that are open again; how many transfers found theirs.

    So it makes no difference whether the transfer or the returned debit was read first.
    """
    if not reopened:
        return 0
    waiting = list(
        BankEntry.objects.select_for_update(no_key=True)
        .filter(outcome=Outcome.UNCLEAR, direction=CreditDebit.CREDIT, batch_count=None)
        .order_by("-pk")[:_MOST_WAITING]
    )
    if not waiting:
        return 0
    names = _names_of(reopened)
    asked = [entry for entry in reversed(waiting) if _names_any(purpose_of(entry), names)]
    demands = _Demands(purpose_of(entry) for entry in asked)
    found = [(entry, demands.take(purpose_of(entry), entry.amount)) for entry in asked]
    matched = [(entry, paid) for entry, paid in found if paid]
    post([book_cleared(entry.pk, paid, entry, days) for entry, paid in matched])
    rows = [(entry.pk, Outcome.RECEIPT.value, now) for entry, _ in matched]
    update_rows(BankEntry, ["id"], ["outcome", "cleared_at"], rows)
    return len(matched)


def _names_of(item_ids: Sequence[int]) -> set[str]:
    rows = OpenItem.objects.filter(Q(pk__among=item_ids)).values_list("number", "contract__number")
    return {name.upper() for row in rows for name in row}


def _names_any(text: str, names: set[str]) -> bool:
    return not names.isdisjoint([*find_numbers(text), *find_tokens(text)])


def book_cleared(entry_id: int, paid: Paid, entry: BankEntry, days: BookingDays) -> Booking:
    """Money that was kept aside pays open items."""
    contracts = {item.contract_id for item, _ in paid}
    owner = contracts.pop() if len(contracts) == 1 else None
    given = sum((amount for _, amount in paid), start=Decimal(0))
    return Booking(
        LedgerTransaction.RECEIPT_CLEARED,
        days.of(entry.booked_on),
        owner,
        (
            (LedgerEntry.UNCLEAR, None, given),
            *((LedgerEntry.RECEIVABLE, item.contract_id, -amount) for item, amount in paid),
        ),
        Cause(bank_entry_id=entry_id),
        tuple(Settled(item.item_id, amount) for item, amount in paid),
    )
