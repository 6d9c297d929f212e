"""Demands that somebody wants to give up: what waits for a second person, and the decision."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.operations.write_offs import UnableToWriteOff, decide_write_off
from billing.queries.open_items import get_open_amount
from billing.words.ledger import describe_write_off_refusal
from portal.forms.ledger import DecisionForm
from portal.queries.insurer.open_items import PAGE_SIZE, get_write_off, list_write_offs
from portal.views.access import InsurerRequest, finance_only


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All write-offs, those that wait first."""
    found = list_write_offs()
    context = {
        "room": "open_items",
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "undecided": found.filter(outcome="").count(),
    }
    return render(request, "portal/insurer/write_offs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def show(request: InsurerRequest, write_off_id: int) -> HttpResponse:
    """One write-off with what it would do; with a form, decide it."""
    write_off = get_write_off(write_off_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = request.POST.get("decision") == "approve"
        try:
            decide_write_off(
                write_off=write_off,
                approve=approve,
                note=form.cleaned_data["note"],
                user=request.user,
                now=timezone.now(),
            )
        except UnableToWriteOff as error:
            field = "note" if error.code == "NO_REASON" else None
            form.add_error(field, describe_write_off_refusal(error.code, error.params))
        else:
            told = _("Die Forderung ist ausgebucht.") if approve else _("Abgelehnt.")
            messages.success(request, told)
            return redirect("insurer:write_off", write_off.pk)
    context = {
        "room": "open_items",
        "write_off": write_off,
        "item": write_off.open_item,
        "open_amount": get_open_amount(write_off.open_item),
        "form": form,
        "is_own": write_off.requested_by_id == request.user.pk,
    }
    return render(request, "portal/insurer/write_offs/show.html", context)
