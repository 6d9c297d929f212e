"""Reads of the ledger's pages: one booking with everything it is about."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from billing.models import Allocation, LedgerEntry, LedgerTransaction


def get_booking(booking_id: int) -> LedgerTransaction:
    """A booking with its sides, what it settled and what it may be about, else 404."""
    entries = LedgerEntry.objects.select_related("contract").order_by("pk")
    settled = Allocation.objects.select_related("open_item").order_by("pk")
    bookings = LedgerTransaction.objects.select_related(
        "contract__employer",
        "statement",
        "debit__collection",
        "debit__open_item",
        "bank_entry__file",
        "charge__cause",
        "payout",
        "write_off",
    ).prefetch_related(
        Prefetch("entries", queryset=entries), Prefetch("allocations", queryset=settled)
    )
    return get_object_or_404(bookings, pk=booking_id)
