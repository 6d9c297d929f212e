"""Payouts: what is due now, orders to the bank with their release, what came back."""

from datetime import date
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.exports.sepa_check import UnableToWriteFile
from billing.models import PayoutKind, PayoutOrder
from billing.operations.payout_returns import UnableToReturn, discard_order, record_return
from billing.operations.payouts import (
    PayoutReport,
    UnableToPay,
    create_order,
    read_order_file,
    record_verification,
    release_order,
)
from billing.queries.creditor import get_creditor
from billing.words import (
    describe_pay_refusal,
    describe_return_refusal,
    describe_transfer_finding,
)
from portal.forms.payouts import PayDayForm, ReturnForm, VerificationForm
from portal.queries.insurer.payouts import (
    count_cancelled,
    count_mismatches,
    count_unreleased,
    get_order,
    get_payout,
    list_items,
    page_of_orders,
    page_of_payouts,
    preview_payouts,
    propose_pay_day,
    sum_open_recoveries,
)
from portal.templatetags.portal import day, money, typed_day
from portal.views.access import InsurerRequest, payouts_room
from portal.views.downloads import send_file


@require_safe
@payouts_room
def list_all(request: InsurerRequest) -> HttpResponse:
    """What is due now, what waits and why, and all orders."""
    context = {
        "room": "payouts",
        "now": preview_payouts(propose_pay_day(request.access.today)),
        "page": page_of_orders(request.GET.get("page", 1)),
        "unreleased": count_unreleased(),
        "recoveries": sum_open_recoveries(),
    }
    return render(request, "portal/insurer/payouts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@payouts_room
def create(request: InsurerRequest) -> HttpResponse:
    """Show what a day would pay and what not; with a form, order it."""
    today = request.access.today
    given = request.POST if request.method == "POST" else request.GET
    proposed = {"day": typed_day(propose_pay_day(today))}
    form = PayDayForm(given if "day" in given else proposed)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        return _create(request, form.cleaned_data["day"], form.cleaned_data["ask_verification"])
    preview = preview_payouts(form.cleaned_data["day"]) if is_valid else None
    context = {
        "room": "payouts",
        "form": form,
        "preview": preview,
        "is_past": preview is not None and preview.day < today,
    }
    return render(request, "portal/insurer/payouts/new.html", context)


def _create(request: InsurerRequest, wanted: date, ask_verification: Any) -> HttpResponse:
    try:
        report = create_order(
            execution_date=wanted,
            user=request.user,
            now=timezone.now(),
            debtor=get_creditor(),
            ask_verification=bool(ask_verification),
        )
    except UnableToPay as error:
        messages.error(request, describe_pay_refusal(error.code, error.params))
        return redirect("insurer:new_payout_order")
    except UnableToWriteFile as error:
        for finding in error.findings:
            messages.error(request, describe_transfer_finding(finding))
        return redirect("insurer:new_payout_order")
    _tell(request, report)
    if report.order is None:
        return redirect("insurer:payouts")
    return redirect("insurer:payout_order", report.order.pk)


def _tell(request: InsurerRequest, report: PayoutReport) -> None:
    if report.order is not None:
        text = ngettext(
            "Eine Überweisung über %(sum)s wartet auf die Freigabe durch eine zweite Person.",
            "%(number)s Überweisungen über %(sum)s warten auf die Freigabe durch eine zweite"
            " Person.",
            report.order.transfer_count,
        )
        params = {"number": report.order.transfer_count, "sum": money(report.order.control_sum)}
        messages.success(request, text % params)
    elif report.set_off:
        messages.success(request, _("Alles Fällige ist verrechnet; nichts ist zu überweisen."))
    else:
        messages.info(request, _("Zu diesem Tag war nichts auszuzahlen."))


@require_safe
@payouts_room
def show_order(request: InsurerRequest, order_id: int) -> HttpResponse:
    """One order: its transfers, what the bank says of names, its release and its file."""
    order = get_order(order_id)
    is_open = order.released_at is None and order.discarded_at is None
    context = {
        "room": "payouts",
        "order": order,
        "page": page_of_payouts(order, request.GET.get("page", 1)),
        "is_open": is_open,
        "is_own": order.created_by_id == request.user.pk,
        "is_past": order.execution_date < request.access.today,
        "mismatches": count_mismatches(order),
        "cancelled": count_cancelled(order) if is_open else 0,
    }
    return render(request, "portal/insurer/payouts/order.html", context)


@require_POST
@payouts_room
def release(request: InsurerRequest, order_id: int) -> HttpResponse:
    """Let an order go to the bank; somebody else than who made it."""
    order = get_order(order_id)
    despite = "despite_names" in request.POST
    try:
        release_order(order=order, user=request.user, now=timezone.now(), despite_names=despite)
    except UnableToPay as error:
        return _refuse(request, order, error)
    messages.success(request, _("Der Auftrag ist freigegeben. Die Bankdatei liegt bereit."))
    return redirect("insurer:payout_order", order.pk)


@require_POST
@payouts_room
def discard(request: InsurerRequest, order_id: int) -> HttpResponse:
    """Never send an order; what it would have paid is due again."""
    order = get_order(order_id)
    try:
        discard_order(order=order, user=request.user, now=timezone.now())
    except UnableToPay as error:
        return _refuse(request, order, error)
    messages.success(
        request, _("Der Auftrag ist verworfen. Was er bezahlt hätte, ist wieder fällig.")
    )
    return redirect("insurer:payouts")


def _refuse(request: InsurerRequest, order: PayoutOrder, error: UnableToPay) -> HttpResponse:
    params = dict(error.params)
    if "day" in params:
        params["day"] = day(order.execution_date)
    messages.error(request, describe_pay_refusal(error.code, params))
    return redirect("insurer:payout_order", order.pk)


@require_safe
@payouts_room
def send_order_file(request: InsurerRequest, order_id: int) -> HttpResponseBase:
    """The bank file of a released order, byte for byte as it was made; for finance alone."""
    order = get_order(order_id)
    if not request.access.can_write:
        messages.error(request, describe_pay_refusal("NOT_ALLOWED", {}))
        return redirect("insurer:payout_order", order.pk)
    try:
        content = BytesIO(read_order_file(order))
    except UnableToPay as error:
        return _refuse(request, order, error)
    return send_file(content, f"{order.message_id}.xml", "application/xml")


@require_http_methods(["GET", "HEAD", "POST"])
@payouts_room
def show_payout(request: InsurerRequest, payout_id: int) -> HttpResponse:
    """One payout: the slices it paid, what it kept back; recording that it came back."""
    payout = get_payout(payout_id)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_return(payout=payout, user=request.user, now=timezone.now(), **data)
        except UnableToReturn as error:
            params = {key: day(date.fromisoformat(text)) for key, text in error.params.items()}
            form.add_error(None, describe_return_refusal(error.code, params))
        else:
            text = _("Der Rückläufer ist erfasst. Die Leistungsprüfung hat eine Aufgabe dazu.")
            if payout.kind != PayoutKind.BENEFIT:
                text = _("Der Rückläufer ist erfasst. Für Finanzen gibt es eine Aufgabe dazu.")
            messages.success(request, text)
            return redirect("insurer:payout", payout.pk)
    order = payout.order
    context = {
        "room": "payouts",
        "payout": payout,
        "items": list_items(payout),
        "refund_items": payout.refund_items.select_related("open_item").order_by("pk"),
        "statements": payout.commission_statements.order_by("month"),
        "offsets": payout.offsets.select_related("recovery__slice").order_by("pk"),
        "form": form,
        "verification_form": VerificationForm(
            initial={"result": payout.verification, "name": payout.verified_name}
        ),
        "can_return": order is not None
        and order.released_at is not None
        and payout.returned_on is None,
    }
    return render(request, "portal/insurer/payouts/payout.html", context)


@require_POST
@payouts_room
def verify(request: InsurerRequest, payout_id: int) -> HttpResponse:
    """Record what the bank said about name and account."""
    payout = get_payout(payout_id)
    form = VerificationForm(request.POST)
    if form.is_valid():
        try:
            record_verification(
                payout=payout, user=request.user, now=timezone.now(), **form.cleaned_data
            )
        except UnableToPay as error:
            messages.error(request, describe_pay_refusal(error.code, error.params))
        else:
            messages.success(request, _("Die Antwort der Bank ist erfasst."))
    else:
        messages.error(request, describe_pay_refusal("RESULT_UNKNOWN", {}))
    return redirect("insurer:payout", payout.pk)
