"""The account of a client's contract in the broker's room: the figures, without documents."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from aupolicy.models import GroupContract
from portal.views.access import BrokerRequest, broker_room
from portal.views.account_statement import ShownMovement, describe_account_page, send_account


def _find(request: BrokerRequest, contract_id: int) -> GroupContract:
    contracts = GroupContract.objects.filter(broker=request.access.broker)
    return get_object_or_404(contracts.select_related("employer"), pk=contract_id)


@require_safe
@broker_room
def show(request: BrokerRequest, contract_id: int) -> HttpResponse:
    """What a client's contract owes, how old it is, and how it came to be."""
    page = describe_account_page(
        _find(request, contract_id),
        today=request.access.today,
        page=request.GET.get("page", "1"),
        link=ShownMovement,
    )
    page["csv_url"] = reverse("broker:account_csv", args=[request.access.broker.pk, contract_id])
    return render(request, "portal/broker/account.html", {"room": "clients", **page})


@require_safe
@broker_room
def export(request: BrokerRequest, contract_id: int) -> HttpResponse:
    """The account as CSV."""
    return send_account(_find(request, contract_id))
