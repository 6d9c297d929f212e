"""Benefit paid too much: what is open, another way for it, what was transferred back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.models import User
from billing.facts.recovery import RecoveryMode
from billing.models import Recovery
from billing.operations.recoveries import UnableToRecover, change_recovery, record_repayment
from billing.words import describe_recover_refusal
from portal.forms.payouts import RecoveryForm, RepaymentForm
from portal.queries.insurer.payouts import (
    get_recovery,
    page_of_recoveries,
    sum_open_recoveries,
)
from portal.templatetags.portal import amount
from portal.views.access import InsurerRequest, payouts_room


@require_safe
@payouts_room
def list_all(request: InsurerRequest) -> HttpResponse:
    """What is owed back, by whom and how."""
    settled = "settled" in request.GET
    context = {
        "room": "payouts",
        "sums": sum_open_recoveries(),
        "settled": settled,
        "page": page_of_recoveries(request.GET.get("page", 1), settled=settled),
    }
    return render(request, "portal/insurer/payouts/recoveries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@payouts_room
def show(request: InsurerRequest, recovery_id: int) -> HttpResponse:
    """One recovery with what came back of it; changing its way."""
    recovery = get_recovery(recovery_id)
    form = RecoveryForm(request.POST or None, initial=suggest(recovery))
    if request.method == "POST" and change(form, recovery, request.user):
        messages.success(request, _("Die Rückforderung ist geändert."))
        return redirect("insurer:recovery", recovery.pk)
    return _page(request, recovery, form=form, repayment=RepaymentForm())


@require_POST
@payouts_room
def repay(request: InsurerRequest, recovery_id: int) -> HttpResponse:
    """Record what the person has transferred back."""
    recovery = get_recovery(recovery_id)
    form = RepaymentForm(request.POST)
    if form.is_valid():
        try:
            record_repayment(
                recovery=recovery, user=request.user, now=timezone.now(), **form.cleaned_data
            )
        except UnableToRecover as error:
            form.add_error(None, _describe(error, recovery))
        else:
            messages.success(request, _("Die Rückzahlung ist gebucht."))
            return redirect("insurer:recovery", recovery.pk)
    return _page(request, recovery, form=RecoveryForm(initial=suggest(recovery)), repayment=form)


def _page(
    request: InsurerRequest, recovery: Any, *, form: RecoveryForm, repayment: RepaymentForm
) -> HttpResponse:
    context = {
        "room": "payouts",
        "recovery": recovery,
        "settlements": recovery.settlements.select_related("payout", "recorded_by").order_by("pk"),
        "form": form,
        "repayment": repayment,
    }
    return render(request, "portal/insurer/payouts/recovery.html", context)


def suggest(recovery: Recovery) -> dict[str, Any]:
    """What the form of a recovery shows at first."""
    instalment = recovery.instalment
    return {"mode": recovery.mode, "instalment": amount(instalment) if instalment else ""}


def change(form: RecoveryForm, recovery: Recovery, user: User) -> bool:
    """Change a recovery as a form says; what is wrong with it is told in the form."""
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        change_recovery(
            recovery=recovery,
            mode=RecoveryMode(data["mode"]),
            instalment=data["instalment"],
            reason=data["reason"],
            user=user,
            now=timezone.now(),
        )
    except UnableToRecover as error:
        fields = {"INSTALMENT_MISSING": "instalment", "MEDICAL_TEXT": "reason"}
        form.add_error(fields.get(error.code), _describe(error, recovery))
        return False
    return True


def _describe(error: UnableToRecover, recovery: Any) -> str:
    params = error.params | {"open": amount(recovery.open_amount)}
    return describe_recover_refusal(error.code, params)
