"""Debits that came back: the list, one with the rule that was applied, recording one by hand."""

from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.models import CollectionItem, ReturnedDebit
from billing.operations.returned_debits import UnableToRecordReturn, record_return_by_hand
from billing.words.bank_work import describe_hand_refusal
from portal.forms.bank import HandReturnForm
from portal.queries.insurer.bank import (
    PAGE_SIZE,
    RETURN_SORTS,
    ReturnFilter,
    get_return,
    list_codes,
    list_returns,
)
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, finance_only

_MOST_TEXT = 80


@require_safe
@finance_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """All debits that came back, narrowed and sorted."""
    wanted = read_return_filter(request)
    found = list_returns(wanted)
    context = {
        "room": "bank",
        "wanted": wanted,
        "sort": wanted.sort,
        "codes": list_codes(),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1)),
        "is_filtered": bool(wanted.text or wanted.code),
    }
    return render(request, "portal/insurer/bank/returns.html", context)


def read_return_filter(request: InsurerRequest) -> ReturnFilter:
    """What the address narrows the list to."""
    sort = request.GET.get("sort", "")
    return ReturnFilter(
        text=request.GET.get("q", "").strip()[:_MOST_TEXT],
        code=request.GET.get("code", "").strip()[:35],
        sort=sort if sort.lstrip("-") in RETURN_SORTS else "-day",
    )


@require_safe
@finance_only
def show(request: InsurerRequest, returned_id: int) -> HttpResponse:
    """One debit that came back: what the bank said, which rule counted, what follows."""
    returned = get_return(returned_id)
    context = {
        "room": "bank",
        "returned": returned,
        "rule": returned.reaction,
        "item": returned.debit.open_item,
        "stops": returned.debit.stops.order_by("pk"),
        "bookings": returned.debit.bookings.order_by("pk"),
    }
    return render(request, "portal/insurer/bank/returned.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_only
def create(request: InsurerRequest) -> HttpResponse:
    """Record a debit that came back and that no file told of."""
    form = HandReturnForm(request.POST or None, initial={"end_to_end_id": request.GET.get("e", "")})
    if request.method == "POST" and form.is_valid():
        returned = _record(request, form)
        if returned is not None:
            messages.success(request, _("Die Rücklastschrift ist erfasst, die Forderung offen."))
            return redirect("insurer:returned_debit", returned.pk)
    return render(request, "portal/insurer/bank/new_return.html", {"room": "bank", "form": form})


def _record(request: InsurerRequest, form: HandReturnForm) -> ReturnedDebit | None:
    data = form.cleaned_data
    debit = CollectionItem.objects.filter(end_to_end_id=data["end_to_end_id"].strip()).first()
    if debit is None:
        form.add_error("end_to_end_id", _("Diese Lastschrift gibt es nicht."))
        return None
    try:
        return record_return_by_hand(
            debit=debit,
            reason_code=data["reason_code"],
            returned_on=data["returned_on"],
            fee=data["fee"] or Decimal(0),
            user=request.user,
            now=timezone.now(),
        )
    except UnableToRecordReturn as error:
        params = {key: str(day(date.fromisoformat(text))) for key, text in error.params.items()}
        form.add_error(None, describe_hand_refusal(error.code, params))
    return None
