"""What an entry of the bank is about, decided from what it says and what we know.

See docs/decisions/018-bank-answers.md for the rules and why they are so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final

from aupolicy.kernel.money import ZERO
from billing.facts.bank import BankEntry, CreditDebit
from billing.facts.bank_match import (
    BatchState,
    DebitState,
    Decision,
    Match,
    PayoutState,
)

# Bank transaction codes: credit of a direct debit collection, CORE and B2B.
_COLLECTED: Final = frozenset({"PMNT/IDDT/ESDD", "PMNT/IDDT/BBDD"})
_NEAR = timedelta(days=5)
_UNCLEAR = Decision(Match.UNCLEAR)
_KNOWN = Decision(Match.KNOWN)


@dataclass(slots=True)
class Known:
    """What entries may be about: by end-to-end id, by message id, by fingerprint.

    `open_collections` are those that the bank has not credited in full.
    """

    debits: dict[str, DebitState] = field(default_factory=dict)
    payouts: dict[str, PayoutState] = field(default_factory=dict)
    collections: dict[str, BatchState] = field(default_factory=dict)
    collections_by_id: dict[int, BatchState] = field(default_factory=dict)
    orders: dict[str, BatchState] = field(default_factory=dict)
    orders_by_id: dict[int, BatchState] = field(default_factory=dict)
    open_collections: list[BatchState] = field(default_factory=list)
    fingerprints: set[str] = field(default_factory=set)


def decide(entry: BankEntry, fingerprint: str, known: Known) -> Decision:
    """What an entry is; changes what is known by what the entry takes.

    Receipts are not decided here: what is left over comes back as UNCLEAR.
    """
    if not entry.amount or fingerprint in known.fingerprints:
        return _KNOWN
    known.fingerprints.add(fingerprint)
    steps: tuple[Callable[[BankEntry, Known], Decision | None], ...] = (
        _about_debit,
        _about_payout,
        _about_collection,
        _about_order,
        _about_charges,
        _about_sum,
    )
    for step in steps:
        decision = step(entry, known)
        if decision is not None:
            return decision
    return _UNCLEAR


def _about_debit(entry: BankEntry, known: Known) -> Decision | None:
    debit = known.debits.get(entry.end_to_end_id) if entry.end_to_end_id else None
    if debit is None:
        return None
    if not _same_mandate(entry, debit):
        return _UNCLEAR
    if entry.direction is CreditDebit.DEBIT:
        return _came_back(entry, debit, known)
    # The bank takes its return back, or the money comes after all: the receipts see to it.
    if entry.reversal:
        return None
    decision = _settle(entry, known.collections_by_id[debit.collection_id], whole=False)
    return None if decision is _UNCLEAR and debit.ended_how == "returned" else decision


def _same_mandate(entry: BankEntry, debit: DebitState) -> bool:
    told = entry.mandate_reference.strip().upper()
    return not told or told == debit.mandate_reference.upper()


def _came_back(entry: BankEntry, debit: DebitState, known: Known) -> Decision:
    fee = entry.amount - debit.amount
    if fee < 0 or (fee and fee != entry.charges and entry.original_amount != debit.amount):
        return _UNCLEAR
    if debit.ended_how == "":
        debit.ended_how = "returned"
        return Decision(Match.RETURNED_DEBIT, debit=debit, fee=fee)
    if debit.ended_how == "rejected":
        # It was credited with the others although it had been rejected; now it goes back.
        batch = known.collections_by_id[debit.collection_id]
        batch.rest += debit.amount
        batch.booked.append((entry.booked_on, -debit.amount, False))
        return Decision(Match.SETTLEMENT, debit=debit, collection_id=batch.key, fee=fee)
    # A clerk was told before the file came.
    return _KNOWN if debit.fee_by_hand == fee else _UNCLEAR


def _settle(entry: BankEntry, batch: BatchState, *, whole: bool) -> Decision:
    """A credit of a collection, or of one debit of it, less what the bank took."""
    gross = entry.amount + entry.charges
    if _is_covered(batch, entry, gross, whole=whole):
        return _KNOWN
    if _take(batch, entry, gross, whole=whole):
        return Decision(Match.SETTLEMENT, collection_id=batch.key, fee=entry.charges)
    return _UNCLEAR


def _take(batch: BatchState, entry: BankEntry, gross: Decimal, *, whole: bool) -> bool:
    if gross > batch.rest:
        return False
    batch.rest -= gross
    batch.booked.append((entry.booked_on, gross, whole))
    return True


def _is_covered(batch: BatchState, entry: BankEntry, gross: Decimal, *, whole: bool) -> bool:
    """Whether a batch and its parts tell of the same: the other of both was booked that day."""
    told = [
        amount
        for day, amount, is_whole in batch.booked
        if day == entry.booked_on and is_whole is not whole and amount > 0
    ]
    # A part stands in one batch; a batch is the sum of its parts.
    return sum(told, start=ZERO) == gross if whole else any(gross <= amount for amount in told)


def _about_payout(entry: BankEntry, known: Known) -> Decision | None:
    payout = known.payouts.get(entry.end_to_end_id) if entry.end_to_end_id else None
    if payout is None:
        return None
    batch = known.orders_by_id[payout.order_id]
    if entry.direction is CreditDebit.DEBIT:
        return _sent(entry, payout, batch)
    fee = payout.amount - entry.amount
    if payout.came_back or fee < 0 or (fee and fee != entry.charges):
        return _UNCLEAR
    payout.came_back = True
    return Decision(
        Match.PAYOUT_RETURNED, payout=payout, order_id=batch.key, fee=payout.amount - entry.amount
    )


def _sent(entry: BankEntry, payout: PayoutState, batch: BatchState) -> Decision:
    fee = entry.amount - payout.amount
    if fee < 0 or (fee and fee != entry.charges):
        return _UNCLEAR
    if _is_covered(batch, entry, payout.amount, whole=False):
        return _KNOWN
    if payout.is_sent or not _take(batch, entry, payout.amount, whole=False):
        return _UNCLEAR
    payout.is_sent = True
    return Decision(Match.PAYOUT_SENT, payout=payout, order_id=batch.key, fee=fee)


def _find_batch(entry: BankEntry, batches: dict[str, BatchState]) -> BatchState | None:
    return batches.get(entry.payment_information_id) or batches.get(entry.message_id)


def _about_collection(entry: BankEntry, known: Known) -> Decision | None:
    """A whole file credited at once, or that credit taken back."""
    batch = _find_batch(entry, known.collections)
    if batch is None or entry.end_to_end_id:
        return None
    if entry.direction is CreditDebit.CREDIT:
        return _settle(entry, batch, whole=True)
    credited = sum((amount for _, amount, _ in batch.booked), start=ZERO)
    if entry.reversal and entry.amount <= credited:
        batch.rest += entry.amount
        batch.booked.append((entry.booked_on, -entry.amount, True))
        return Decision(Match.SETTLEMENT, collection_id=batch.key)
    return _UNCLEAR


def _about_order(entry: BankEntry, known: Known) -> Decision | None:
    """A whole order of transfers, debited at once."""
    batch = _find_batch(entry, known.orders)
    if batch is None or entry.end_to_end_id or entry.direction is CreditDebit.CREDIT:
        return None
    gross = entry.amount - entry.charges
    if _is_covered(batch, entry, gross, whole=True):
        return _KNOWN
    if _take(batch, entry, gross, whole=True):
        return Decision(Match.PAYOUT_SENT, order_id=batch.key, fee=entry.charges)
    return _UNCLEAR


def _about_charges(entry: BankEntry, known: Known) -> Decision | None:
    """Charges of a batch that belong to no single payment; the bank says that they are charges."""
    del known
    if entry.amount and abs(entry.charges) == entry.amount and not entry.end_to_end_id:
        return Decision(Match.FEE, fee=entry.charges)
    return None


def _about_sum(entry: BankEntry, known: Known) -> Decision | None:
    """A credit of a collection without any reference: told by its sum, if only one has it."""
    if entry.direction is CreditDebit.DEBIT or entry.transaction_code not in _COLLECTED:
        return None
    if entry.end_to_end_id or entry.reversal:
        return None
    gross = entry.amount + entry.charges
    fitting = [
        batch
        for batch in known.open_collections
        if batch.rest == gross and abs(batch.execution_day - entry.booked_on) <= _NEAR
    ]
    return _settle(entry, fitting[0], whole=True) if len(fitting) == 1 else _UNCLEAR
