"""Why a month of benefit is what it is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.queries.insurer.payouts import get_slice_row
from portal.queries.insurer.slice_why import explain_slice
from portal.views.access import InsurerRequest, payouts_room


@require_safe
@payouts_room
def explain(request: InsurerRequest, slice_id: int) -> HttpResponse:
    """What went into a slice, the rule and the arithmetic; a fragment for htmx, else a page.

    What the unpaid days count as is for those who may look at claims.
    """
    row = get_slice_row(slice_id, today=request.access.today)
    context = {
        "room": "claims" if request.access.sees_claims else "payouts",
        "row": row,
        "why": explain_slice(row.slice),
        "shows_all": request.access.sees_claims,
    }
    page = "why_panel.html" if request.htmx else "why.html"
    return render(request, f"portal/insurer/payouts/{page}", context)
