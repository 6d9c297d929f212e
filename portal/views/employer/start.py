"""The employer's dashboard."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.queries.employer.contracts import choose_contract
from portal.queries.employer.start import (
    get_dashboard,
    list_counted_contracts,
    list_last_notices,
    list_last_uploads,
)
from portal.views.access import EmployerRequest, employer_room
from portal.views.charts import draw_months


@require_safe
@employer_room()
def show_start(request: EmployerRequest) -> HttpResponse:
    """How many are insured, what the next statement comes to, what is to be done."""
    today = request.access.today
    contracts = list_counted_contracts(request.access.employer, today, timezone.now())
    contract = choose_contract(contracts, today, wanted=request.GET.get("contract", ""))
    if contract is None:
        return render(request, "portal/employer/start.html", {"room": "start"})
    board = get_dashboard(contract, today)
    context = {
        "room": "start",
        "board": board,
        "contract": contract,
        "contracts": contracts,
        "chart": draw_months(board.months),
        "uploads": list_last_uploads(contract),
        "notices": list_last_notices(contract),
    }
    return render(request, "portal/employer/start.html", context)
