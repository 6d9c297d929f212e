"""From an item of work about something of a claim to the page where it is done."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from aupolicy.models import WorkItem
from claims.models import AssistanceCase, Claim
from portal.views.access import InsurerRequest, claims_room

# Kind of work -> the table of its subject, and the tab of the claim where it is done.
_PLACES = {
    WorkItem.Kind.PAYEE: (Claim, "person"),
    WorkItem.Kind.ASSISTANCE: (AssistanceCase, "assistance"),
}


@require_safe
@claims_room
def jump(_request: InsurerRequest, kind: str, subject: int) -> HttpResponse:
    """Go to the claim of a subject; a list of work need not look up every one of them."""
    if kind not in WorkItem.Kind.values or WorkItem.Kind(kind) not in _PLACES:
        raise Http404
    model, tab = _PLACES[WorkItem.Kind(kind)]
    row = get_object_or_404(model, pk=subject)
    claim_id = row.pk if isinstance(row, Claim) else row.claim_id
    try:
        return redirect(reverse(f"examiner:{tab}", args=[claim_id]))
    except NoReverseMatch:
        return redirect("examiner:claim", claim_id)
