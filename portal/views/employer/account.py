"""The account of an employer's contract: what is open, and every booking with its statement."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from billing.queries.account_statement import Movement
from portal.queries.employer.contracts import choose_contract, list_contracts
from portal.views.access import EmployerRequest, employer_room
from portal.views.account_statement import ShownMovement, describe_account_page, send_account


@require_safe
@employer_room()
def show(request: EmployerRequest) -> HttpResponse:
    """What the employer owes, how old it is, and how it came to be."""
    access = request.access
    contracts, contract = _choose(request)

    def link(movement: Movement) -> ShownMovement:
        if movement.statement_id is None:
            return ShownMovement(movement)
        address = reverse("employer:statement", args=[access.employer.pk, movement.statement_id])
        return ShownMovement(movement, document_url=address, why_url=address)

    csv_url = reverse("employer:account_csv", args=[access.employer.pk])
    context = {
        "room": "statements",
        "contracts": contracts,
        "csv_url": f"{csv_url}?contract={contract.pk}",
        **describe_account_page(
            contract, today=access.today, page=request.GET.get("page", "1"), link=link
        ),
    }
    return render(request, "portal/employer/account/show.html", context)


def _choose(request: EmployerRequest) -> tuple[list[GroupContract], GroupContract]:
    contracts = list_contracts(request.access.employer)
    wanted = request.GET.get("contract", "")
    contract = choose_contract(contracts, request.access.today, wanted=wanted)
    if contract is None:
        raise Http404
    return contracts, contract


@require_safe
@employer_room()
def export(request: EmployerRequest) -> HttpResponse:
    """The account as CSV."""
    return send_account(_choose(request)[1])
