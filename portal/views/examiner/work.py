"""From an item of work about something of a claim to the page where it is done."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from aupolicy.models import WorkItem
from claims.models import AssistanceCase, Claim
from portal.views.access import InsurerRequest, claims_room

# The tab of the claim where such work is done.
_TABS = {WorkItem.Kind.PAYEE: "person", WorkItem.Kind.ASSISTANCE: "assistance"}


@require_safe
@claims_room
def jump(_request: InsurerRequest, kind: str, subject: int) -> HttpResponse:
    """Go to the claim of a subject; a list of work need not look up every one of them."""
    if kind == WorkItem.Kind.PAYEE:
        claim_id = get_object_or_404(Claim, pk=subject).pk
    elif kind == WorkItem.Kind.ASSISTANCE:
        claim_id = get_object_or_404(AssistanceCase, pk=subject).claim_id
    else:
        raise Http404
    try:
        return redirect(reverse(f"examiner:{_TABS[WorkItem.Kind(kind)]}", args=[claim_id]))
    except NoReverseMatch:
        return redirect("examiner:claim", claim_id)
