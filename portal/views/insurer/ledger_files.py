"""The ledger to take along: trial balance and journal as CSV, the month as a DATEV batch."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.exports.extf import UnableToWriteBatch
from billing.queries.journal import list_journal
from billing.queries.ledger_batch import OwnBooks, build_ledger_batch
from billing.queries.trial_balance import get_trial_balance, list_booked_months
from billing.words import describe_bookkeeping_refusal
from billing.words.ledger import describe_account, describe_booking
from portal.exports.ledger_tables import JOURNAL, TRIAL_BALANCE
from portal.exports.sheet import Cell
from portal.views.access import InsurerRequest, finance_only
from portal.views.downloads import send_file, send_table
from portal.views.insurer.ledger import read_journal_filter, read_month


@require_safe
@finance_only
def send_balance(request: InsurerRequest) -> HttpResponse:
    """The trial balance of a month as CSV."""
    month = read_month(request, list_booked_months())
    rows: Iterable[Sequence[Cell]] = (
        (
            row.account,
            describe_account(row.account),
            row.opening,
            row.debit,
            row.credit,
            row.closing,
        )
        for row in get_trial_balance(month).rows
    )
    return send_table(TRIAL_BALANCE, rows, name=f"Saldenliste_{month}")


@require_safe
@finance_only
def send_journal(request: InsurerRequest) -> HttpResponse:
    """The bookings that the filters let through as CSV, one line a side."""
    month = read_month(request, list_booked_months())
    rows: Iterable[Sequence[Cell]] = (
        (
            row.booking_id,
            row.booked_on,
            describe_booking(row.kind),
            row.document,
            row.text,
            row.account,
            describe_account(row.account),
            row.contract_number,
            row.debit,
            row.credit,
        )
        for row in list_journal(read_journal_filter(request, month))
    )
    return send_table(JOURNAL, rows, name=f"Journal_{month}")


@require_safe
@finance_only
def send_batch(request: InsurerRequest) -> HttpResponseBase:
    """The month as a DATEV batch; with `sums` one booking a day, kind and pair of accounts."""
    month = read_month(request, list_booked_months())
    back = f"{reverse('insurer:ledger')}?month={month}"
    books = OwnBooks(**settings.INSURER_BOOKS)
    if not books.consultant or not books.client:
        messages.error(
            request,
            _(
                "Berater- und Mandantennummer der eigenen Buchhaltung fehlen in den Einstellungen"
                " (BOOKS_CONSULTANT_NUMBER, BOOKS_CLIENT_NUMBER)."
            ),
        )
        return redirect(back)
    try:
        batch = build_ledger_batch(
            month=month,
            books=books,
            created_at=timezone.localtime(),
            in_sums="sums" in request.GET,
        )
    except UnableToWriteBatch as error:
        messages.error(request, describe_bookkeeping_refusal(error.code, error.params))
        return redirect(back)
    return send_file(BytesIO(batch.content), batch.file_name, "text/csv")
