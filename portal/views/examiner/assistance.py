"""Assistance for examiners: what a person asked for, orders, providers, costs, feedback."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.kernel.month import Month
from claims.facts import AssistanceKind, Channel
from claims.models import AssistanceCase, AssistanceOrder, Claim, Provider
from claims.operations.assistance import (
    UnableToAssist,
    cancel_order,
    close_case,
    finish_order,
    open_case,
    order_service,
    save_provider,
)
from claims.queries.assistance import (
    average_feedback,
    list_cases,
    list_open_cases,
    list_providers,
    sum_charged,
    sum_costs,
)
from claims.words import describe_error
from portal.forms.assistance import CaseForm, CloseForm, FinishForm, OrderForm, ProviderForm
from portal.queries.examiner.case import get_claim
from portal.templatetags.portal import typed_day
from portal.views.access import InsurerRequest, claims_room
from portal.views.examiner.frame import claim_page

_MONTHS_SHOWN = 12
_FIELDS = {"MEDICAL_TEXT": ("wish", "what"), "DONE_IN_FUTURE": ("done_on",)}
_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM_METHODS)
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """What was asked for in a claim; a POST opens another case."""
    claim = get_claim(claim_id)
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            open_case(
                claim=claim,
                kind=AssistanceKind(data["kind"]),
                wish=data["wish"],
                channel=Channel.EXAMINER,
                user=request.user,
                now=timezone.now(),
                confirmed=data["confirmed"],
            )
        except UnableToAssist as error:
            _blame(form, error)
        else:
            messages.success(request, _("Die Anfrage ist aufgenommen."))
            return redirect("examiner:assistance", claim.pk)
    return _show(request, claim, form=form)


def _show(
    request: InsurerRequest,
    claim: Claim,
    *,
    form: CaseForm | None = None,
    bound: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    """The tab; `bound` are forms that came back with errors, by their place."""
    bound = bound or {}
    cases = list_cases(claim)
    rows = [_describe(case, bound, request) for case in cases]
    context = {
        "rows": rows,
        "form": form or CaseForm(),
        "cost": sum_charged(cases),
        "open_count": sum(case.closed_at is None for case in cases),
    }
    return claim_page(request, claim, "assistance", context)


def _describe(
    case: AssistanceCase, bound: dict[str, forms.Form], request: InsurerRequest
) -> dict[str, Any]:
    if case.closed_at is not None or not request.access.can_write:
        return {"case": case, "orders": [(order, None) for order in case.orders.all()]}
    today = typed_day(request.access.today)
    orders = [(order, _finish_form(order, bound, today)) for order in case.orders.all()]
    order_form = bound.get(f"case{case.pk}") or OrderForm(
        case.kind, auto_id=f"case{case.pk}_%s", initial={"service_on": today}
    )
    close_form = CloseForm(auto_id=f"close{case.pk}_%s")
    return {"case": case, "orders": orders, "order_form": order_form, "close_form": close_form}


def _finish_form(
    order: AssistanceOrder, bound: dict[str, forms.Form], today: str
) -> forms.Form | None:
    if order.done_on is not None or order.cancelled_at is not None:
        return None
    key = f"order{order.pk}"
    initial = {"done_on": today, "cost": order.agreed_cost}
    return bound.get(key) or FinishForm(auto_id=f"{key}_%s", initial=initial)


def _blame(form: forms.Form, error: UnableToAssist) -> None:
    """Say what is wrong at the field it is about, where the form has one."""
    fields = [name for name in _FIELDS.get(error.code, ()) if name in form.fields]
    form.add_error(fields[0] if fields else None, describe_error(error))


@require_POST
@claims_room
def order(request: InsurerRequest, claim_id: int, case_id: int) -> HttpResponse:
    """Order something from a provider."""
    claim = get_claim(claim_id)
    case = get_object_or_404(AssistanceCase, pk=case_id, claim=claim)
    form = OrderForm(case.kind, request.POST, auto_id=f"case{case.pk}_%s")
    if form.is_valid():
        try:
            order_service(
                case=case,
                provider=form.cleaned_data["provider"],
                service_on=form.cleaned_data["service_on"],
                what=form.cleaned_data["what"],
                agreed_cost=form.cleaned_data["agreed_cost"],
                user=request.user,
                now=timezone.now(),
                confirmed=form.cleaned_data["confirmed"],
            )
        except UnableToAssist as error:
            _blame(form, error)
        else:
            messages.success(request, _("Der Auftrag ist notiert."))
            return redirect("examiner:assistance", claim.pk)
    return _show(request, claim, bound={f"case{case.pk}": form})


@require_POST
@claims_room
def finish(request: InsurerRequest, claim_id: int, order_id: int) -> HttpResponse:
    """Note that an order was carried out, and what it cost."""
    claim = get_claim(claim_id)
    found = get_object_or_404(AssistanceOrder, pk=order_id, case__claim=claim)
    form = FinishForm(request.POST, auto_id=f"order{found.pk}_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            finish_order(
                order=found, done_on=data["done_on"], cost=data["cost"], now=timezone.now()
            )
        except UnableToAssist as error:
            _blame(form, error)
        else:
            messages.success(request, _("Der Auftrag ist erbracht."))
            return redirect("examiner:assistance", claim.pk)
    return _show(request, claim, bound={f"order{found.pk}": form})


@require_POST
@claims_room
def cancel(request: InsurerRequest, claim_id: int, order_id: int) -> HttpResponse:
    """Call an order off."""
    found = get_object_or_404(AssistanceOrder, pk=order_id, case__claim=claim_id)
    try:
        cancel_order(order=found, now=timezone.now())
    except UnableToAssist as error:
        messages.error(request, describe_error(error))
    else:
        messages.success(request, _("Der Auftrag ist abgesagt."))
    return redirect("examiner:assistance", claim_id)


@require_POST
@claims_room
def close(request: InsurerRequest, claim_id: int, case_id: int) -> HttpResponse:
    """Finish a case."""
    case = get_object_or_404(AssistanceCase, pk=case_id, claim=claim_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            close_case(
                case=case,
                outcome=form.cleaned_data["outcome"],
                user=request.user,
                now=timezone.now(),
            )
        except UnableToAssist as error:
            messages.error(request, describe_error(error))
        else:
            messages.success(request, _("Die Anfrage ist abgeschlossen."))
    return redirect("examiner:assistance", claim_id)


@require_safe
@claims_room
def list_all(request: InsurerRequest) -> HttpResponse:
    """Everything open, costs by month and kind, feedback, providers."""
    month = Month.of(request.access.today)
    costs = sum_costs(since=month.plus(1 - _MONTHS_SHOWN), until=month.plus(1))
    context = {
        "room": "claims",
        "cases": list(list_open_cases()),
        "costs": costs,
        "total": sum(line.cost for line in costs),
        "feedback": average_feedback(),
        "providers": list_providers(),
    }
    return render(request, "portal/examiner/assistance_list.html", context)


@require_http_methods(_FORM_METHODS)
@claims_room
def edit_provider(request: InsurerRequest, provider_id: int | None = None) -> HttpResponse:
    """Add a provider or change one."""
    provider = None if provider_id is None else get_object_or_404(Provider, pk=provider_id)
    form = ProviderForm(request.POST or None, initial=model_to_dict(provider) if provider else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        kinds = [AssistanceKind(kind) for kind in data.pop("kinds")]
        try:
            save_provider(provider=provider, kinds=kinds, **data)
        except UnableToAssist as error:
            form.add_error("name", describe_error(error))
        else:
            messages.success(request, _("Der Dienstleister ist gespeichert."))
            return redirect("examiner:assistance_list")
    context = {"room": "claims", "form": form, "provider": provider}
    return render(request, "portal/examiner/assistance_provider.html", context)
