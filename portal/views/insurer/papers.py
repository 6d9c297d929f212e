"""The papers of a contract: confirmations for everybody, made in the background."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from billing.models import Mandate
from documents.tasks import issue_contract_confirmations
from portal.queries.insurer.papers import count_confirmations
from portal.views.access import InsurerRequest, insurer_only
from portal.views.insurer.contract import find_contract, open_contract


@require_safe
@insurer_only
def show(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """What can be downloaded, and how many confirmations there are."""
    head, context = open_contract(request, contract_id, "papers")
    context |= {
        "counts": count_confirmations(head.contract, request.access.today),
        "mandates": Mandate.objects.filter(contract=head.contract).order_by("-period"),
        "is_working": "working" in request.GET,
    }
    return render(request, "portal/insurer/contract/papers.html", context)


@require_safe
@insurer_only
def progress(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """How many confirmations there are by now; once all, the whole page is asked for."""
    contract = find_contract(contract_id)
    counts = count_confirmations(contract, request.access.today)
    context = {"contract": contract, "counts": counts}
    response = render(request, "portal/parts/papers_progress.html", context)
    if counts.complete:
        response["HX-Redirect"] = reverse("insurer:papers", args=[contract.pk])
    return response


@require_POST
@insurer_only
def issue(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """Have the confirmations made that are missing or say something new."""
    contract = find_contract(contract_id)
    counts = count_confirmations(contract, request.access.today)
    try:
        issue_contract_confirmations.delay(contract.pk)
    except OperationalError:
        messages.error(
            request, _("Zurzeit ist kein Arbeitsprozess erreichbar. Versuchen Sie es später.")
        )
        return redirect("insurer:papers", contract.pk)
    if counts.complete:
        messages.success(
            request, _("Bestätigungen, die sich geändert haben, werden jetzt neu erstellt.")
        )
        return redirect("insurer:papers", contract.pk)
    response = redirect("insurer:papers", contract.pk)
    response["Location"] += "?working=1"
    return response
