"""Closing a month of the books: what must be right first, and the months that are closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.kernel.month import Month
from billing.operations.month_close import UnableToCloseMonth, close_month
from billing.queries.month_close import Checklist, get_checklist, list_closed_months
from billing.queries.trial_balance import get_next_to_close
from billing.words.ledger import describe_close_refusal
from portal.views.access import InsurerRequest, finance_only


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest) -> HttpResponse:
    """The month to close next with its checklist; with a form, close it."""
    month = get_next_to_close()
    if request.method == "POST" and month is not None:
        return _close(request, month)
    context = {
        "room": "ledger",
        "part": "close",
        "month": month,
        "list": _look(request, month) if month else None,
        "closed": list_closed_months(),
    }
    return render(request, "portal/insurer/ledger/close.html", context)


def _look(request: InsurerRequest, month: Month) -> Checklist:
    return get_checklist(
        month, following=month, today=request.access.today, with_audit="check" in request.GET
    )


def _close(request: InsurerRequest, following: Month) -> HttpResponse:
    # What was shown may be closed by somebody else by now: then nothing else is.
    if request.POST.get("month") != str(following):
        messages.error(request, describe_close_refusal("NOT_NEXT", {"next": str(following)}))
        return redirect("insurer:month_close")
    try:
        closed = close_month(month=following, user=request.user, now=timezone.now())
    except UnableToCloseMonth as error:
        messages.error(request, describe_close_refusal(error.code, error.params))
    else:
        text = _("%(month)s ist abgeschlossen. Auf seine Tage wird nichts mehr gebucht.")
        messages.success(request, text % {"month": date_format(closed.month, "F Y")})
    return redirect("insurer:month_close")
