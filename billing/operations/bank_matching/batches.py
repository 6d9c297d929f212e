"""Batches that one file tells as a sum and another one part by part: booked once."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q

from aupolicy.operations.bulk import update_rows
from billing.models import BankEntry, LedgerTransaction, Outcome

_Key = Callable[[BankEntry], Q | None]


def _by_file(batch: BankEntry) -> Q | None:
    told = batch.payment_information_id
    return Q(payment_information_id=told) if told else None


def _by_reference(batch: BankEntry) -> Q | None:
    return Q(bank_reference=batch.bank_reference) if batch.bank_reference else None


def _by_code(batch: BankEntry) -> Q | None:
    """Whatever else of that kind was booked that day; only where the bank says how many."""
    told = batch.transaction_code
    return Q(transaction_code=told) if told and batch.batch_count else None


_KEYS: Final[tuple[_Key, ...]] = (_by_file, _by_reference, _by_code)


def settle_batches(*, now: datetime) -> int:
    """Unclear batches whose parts have come are known; how many there were.

    A batch is not booked until its parts are told, so nothing has to be taken back.
    """
    waiting = LedgerTransaction.objects.filter(bank_entry__outcome=Outcome.UNCLEAR)
    booked = waiting.values("bank_entry")
    batches = (
        BankEntry.objects.select_for_update(no_key=True)
        .filter(outcome=Outcome.UNCLEAR, end_to_end_id="")
        .exclude(pk__in=booked)
        .filter(Q(batch_count__isnull=False) | ~Q(payment_information_id=""))
        .order_by("pk")
    )
    known = [batch for batch in batches if _has_parts(batch)]
    rows = [(batch.pk, Outcome.KNOWN.value, now) for batch in known]
    update_rows(BankEntry, ["id"], ["outcome", "cleared_at"], rows)
    return len(known)


def _has_parts(batch: BankEntry) -> bool:
    parts = (
        BankEntry.objects.filter(
            account_iban=batch.account_iban,
            direction=batch.direction,
            booked_on=batch.booked_on,
            batch_count=None,
        )
        .exclude(pk=batch.pk)
        .exclude(outcome=Outcome.KNOWN)
    )
    for key in _KEYS:
        condition = key(batch)
        if condition is None:
            continue
        amounts = list(parts.filter(condition).values_list("amount", flat=True))
        fits_count = batch.batch_count in (None, len(amounts))
        if amounts and fits_count and sum(amounts, start=Decimal(0)) == batch.amount:
            return True
    return False
