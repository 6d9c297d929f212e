"""Recording a received cancellation: first the end it has, then the document."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.facts import Party
from aupolicy.models import GroupContract
from aupolicy.operations import UnableToAgree, receive_cancellation
from aupolicy.queries import ContractState, get_contract_state, preview_cancellation
from portal.forms.insurer import CancellationForm, ReceiptForm
from portal.templatetags.portal import day, typed_day
from portal.views.access import InsurerRequest, insurer_only
from portal.views.insurer.contract import find_contract


@require_http_methods(["GET", "HEAD", "POST"])
@insurer_only
def cancel(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """Ask for the moment of receipt, tell the end that follows, then take the document."""
    contract = find_contract(contract_id)
    if get_contract_state(contract, request.access.today) is ContractState.ENDED:
        return redirect("insurer:agreement", contract.pk)
    now = timezone.localtime()
    receipt = ReceiptForm(
        request.GET if "received" in request.GET else None,
        initial={"received": f"{typed_day(now.date())} {now:%H:%M}"},
    )
    form = None
    if request.method == "POST":
        receipt = ReceiptForm(request.POST)
        form = CancellationForm(request.POST, request.FILES)
        if form.is_valid():
            return _record(request, contract, form)
    elif receipt.is_valid():
        form = CancellationForm(initial={"received": request.GET["received"]})
    context: dict[str, Any] = {
        "room": "contracts",
        "contract": contract,
        "receipt": receipt,
        "form": form,
    }
    if receipt.is_bound and receipt.is_valid():
        received = timezone.localtime(receipt.cleaned_data["received"]).date()
        context["received"] = receipt.cleaned_data["received"]
        context["is_future"] = received > request.access.today
        context["effect"] = preview_cancellation(contract=contract, received=received)
    return render(request, "portal/insurer/contract/cancel.html", context)


def _record(
    request: InsurerRequest, contract: GroupContract, form: CancellationForm
) -> HttpResponse:
    received_at = form.cleaned_data["received"]
    if received_at > timezone.now():
        messages.error(request, _("Der Eingang liegt in der Zukunft. Prüfen Sie Tag und Uhrzeit."))
        return redirect("insurer:cancel", contract.pk)
    document = form.cleaned_data["document"]
    try:
        cancellation = receive_cancellation(
            contract=contract,
            party=Party(form.cleaned_data["party"]),
            received_at=received_at,
            document_name=document.name,
            document=document.read(),
            recorded_by=request.user,
        )
    except UnableToAgree:
        messages.error(request, _("Der Vertrag ist an diesem Tag schon beendet."))
        return redirect("insurer:agreement", contract.pk)
    words = {"end": day(cancellation.end)}
    messages.success(request, _("Die Kündigung ist erfasst. Der Vertrag endet am %(end)s.") % words)
    return redirect("insurer:agreement", contract.pk)
