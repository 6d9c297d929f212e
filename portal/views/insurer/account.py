"""The account of a contract in the insurer's room: every booking leads to why it was made."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.queries.account_statement import Movement
from portal.views.access import InsurerRequest, finance_only
from portal.views.account_statement import ShownMovement, describe_account_page, send_account
from portal.views.insurer.contract import find_contract, open_contract


@require_safe
@finance_only
def show(request: InsurerRequest, contract_id: int) -> HttpResponse:
    """What is open, how old it is, and every booking with what the account stood at after it."""
    head, context = open_contract(request, contract_id, "account")
    context |= describe_account_page(
        head.contract,
        today=request.access.today,
        page=request.GET.get("page", "1"),
        link=_link,
    )
    return render(request, "portal/insurer/account/show.html", context)


def _link(movement: Movement) -> ShownMovement:
    document = ""
    if movement.statement_id is not None:
        document = reverse("insurer:statement", args=[movement.statement_id])
    elif movement.collection_id is not None:
        document = reverse("insurer:collection", args=[movement.collection_id])
    elif movement.item_id is not None:
        document = reverse("insurer:open_item", args=[movement.item_id])
    why = reverse("insurer:booking", args=[movement.booking_id])
    return ShownMovement(movement, document_url=document, why_url=why)


@require_safe
@finance_only
def export(_request: InsurerRequest, contract_id: int) -> HttpResponse:
    """The account as CSV."""
    return send_account(find_contract(contract_id))
