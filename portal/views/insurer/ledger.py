"""The general ledger: trial balance of a month, its journal, one booking with its cause."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.kernel.month import Month, UnableToReadMonth
from billing.models import LedgerEntry, LedgerTransaction
from billing.queries.journal import JournalFilter, list_journal, sum_journal
from billing.queries.trial_balance import get_trial_balance, is_closed, list_booked_months
from billing.words.ledger import describe_account, describe_booking
from portal.queries.insurer.ledger import get_booking
from portal.views.access import InsurerRequest, finance_only
from portal.views.statement import read_page_number

PAGE_SIZE = 100
_MOST_TEXT = 20


def read_month(request: InsurerRequest, months: list[Month]) -> Month:
    """The month of the address, else the latest one with bookings, else today's; or 404."""
    text = request.GET.get("month", "")
    if not text:
        return months[0] if months else Month.of(request.access.today)
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise Http404 from error


@require_safe
@finance_only
def show_balance(request: InsurerRequest) -> HttpResponse:
    """Every account with what stood on it before a month, what moved, and what stands now."""
    months = list_booked_months()
    month = read_month(request, months)
    balance = get_trial_balance(month)
    context = {
        "room": "ledger",
        "part": "balance",
        "months": months,
        "month": month,
        "balance": balance,
        "sums": balance.sums,
        "is_closed": is_closed(month.first_day),
    }
    return render(request, "portal/insurer/ledger/balance.html", context)


def read_journal_filter(request: InsurerRequest, month: Month) -> JournalFilter:
    """What the address narrows the journal to."""
    account, kind = request.GET.get("account", ""), request.GET.get("kind", "")
    return JournalFilter(
        month=month,
        account=account if account in dict(_ACCOUNTS) else "",
        contract=request.GET.get("contract", "").strip()[:_MOST_TEXT],
        kind=kind if kind in dict(_KINDS) else "",
    )


_ACCOUNTS = list(LedgerEntry._meta.get_field("account").flatchoices)  # noqa: SLF001
_KINDS = list(LedgerTransaction._meta.get_field("kind").flatchoices)  # noqa: SLF001


@require_safe
@finance_only
def show_journal(request: InsurerRequest) -> HttpResponse:
    """The bookings of a month, narrowed by account, contract and kind."""
    months = list_booked_months()
    month = read_month(request, months)
    wanted = read_journal_filter(request, month)
    sums = sum_journal(wanted)
    pages = max(1, -(-sums.rows // PAGE_SIZE))
    number = min(max(read_page_number(request.GET.get("page", "1")), 1), pages)
    before = (number - 1) * PAGE_SIZE
    context = {
        "room": "ledger",
        "part": "journal",
        "months": months,
        "month": month,
        "wanted": wanted,
        "is_filtered": wanted != JournalFilter(month),
        "accounts": [(code, describe_account(code)) for code, _ in sorted(_ACCOUNTS)],
        "kinds": [(code, describe_booking(code)) for code, _ in _KINDS],
        "rows": list_journal(wanted, limit=PAGE_SIZE, offset=before),
        "sums": sums,
        "number": number,
        "pages": pages,
        "first": before + 1,
        "last": min(number * PAGE_SIZE, sums.rows),
        "all": sums.rows,
    }
    return render(request, "portal/insurer/ledger/journal.html", context)


@require_safe
@finance_only
def show_booking(request: InsurerRequest, booking_id: int) -> HttpResponse:
    """One booking: why it was made, its sides, and what it settled."""
    booking = get_booking(booking_id)
    context = {
        "room": "ledger",
        "part": "journal",
        "booking": booking,
        "month": Month.of(booking.booked_on),
        "entries": booking.entries.all(),
        "settled": booking.allocations.all(),
        "write_off": getattr(booking, "write_off", None),
    }
    return render(request, "portal/insurer/ledger/booking.html", context)
