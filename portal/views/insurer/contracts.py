"""The list of contracts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aupolicy.queries import ContractState
from portal.queries.insurer.contracts import (
    ContractFilter,
    filter_contracts,
    page_of_contracts,
    sum_contracts,
)
from portal.views.access import InsurerRequest, insurer_only
from portal.words import CONTRACT_STATES


@require_safe
@insurer_only
def list_contracts(request: InsurerRequest) -> HttpResponse:
    """All contracts, narrowed by text and state, with totals over what is left."""
    today = request.access.today
    wanted = read_filter(request)
    contracts = filter_contracts(wanted, today)
    page, rows = page_of_contracts(contracts, page=request.GET.get("page", 1), day=today)
    context = {
        "wanted": wanted,
        "states": [(state.value, word) for state, (_, word) in CONTRACT_STATES.items()],
        "page": page,
        "rows": rows,
        "totals": sum_contracts(contracts, today, number=page.paginator.count),
        "is_filtered": wanted != ContractFilter(),
    }
    return render(request, "portal/insurer/contracts.html", context)


def read_filter(request: InsurerRequest) -> ContractFilter:
    """What the address narrows the list to."""
    state = request.GET.get("state", "")
    return ContractFilter(
        text=request.GET.get("q", "").strip()[:80],
        state=ContractState(state) if state in ContractState.__members__ else None,
        without_mandate="mandate" in request.GET,
    )
