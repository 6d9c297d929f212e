"""A claim at a glance."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portal.queries.examiner.case import get_claim
from portal.views.access import InsurerRequest, claims_room
from portal.views.examiner.frame import claim_page


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Where a claim stands."""
    return claim_page(request, get_claim(claim_id), "overview", {})
