"""The list of claims: what is to be examined comes first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.facts import ClaimStatus
from claims.words import describe_status
from portal.queries.examiner.cases import (
    DUE_CHOICES,
    EVERY,
    OPEN,
    ClaimFilter,
    count_claims,
    filter_claims,
    list_first,
    page_of_claims,
)
from portal.views.access import InsurerRequest, claims_room

_MOST_TEXT = 80


@require_safe
@claims_room
def list_all(request: InsurerRequest) -> HttpResponse:
    """Claims, narrowed by status, examiner, due day and text."""
    today = request.access.today
    wanted = read_filter(request)
    claims = filter_claims(wanted, user=request.user, today=today)
    page, rows = page_of_claims(claims, page=request.GET.get("page", 1), today=today)
    context = {
        "room": "claims",
        "wanted": wanted,
        "statuses": [(status.value, describe_status(status)) for status in ClaimStatus],
        "counts": count_claims(user=request.user, today=today),
        "page": page,
        "rows": rows,
        "new_url": reverse("examiner:find_person"),
        "is_filtered": wanted != ClaimFilter(),
    }
    return render(request, "portal/examiner/list.html", context)


def show_start(request: InsurerRequest) -> HttpResponse:
    """An examiner's start: how much there is, and the claims that come first; own ones at the top.

    The gate of the insurer's start has been passed.
    """
    today = request.access.today
    context = {
        "counts": count_claims(user=request.user, today=today),
        "mine": list_first(ClaimFilter(is_mine=True), user=request.user, today=today),
        "free": list_first(
            ClaimFilter(show=ClaimStatus.TO_EXAMINE), user=request.user, today=today, free=True
        ),
        "to_approve": list_first(
            ClaimFilter(show=ClaimStatus.APPROVAL), user=request.user, today=today
        ),
        "is_start": True,
    }
    return render(request, "portal/examiner/start.html", context)


def read_filter(request: InsurerRequest) -> ClaimFilter:
    """What the address narrows the list to."""
    show, due = request.GET.get("status", ""), request.GET.get("due", "")
    return ClaimFilter(
        show=show if show in {OPEN, EVERY, *ClaimStatus.__members__} else "",
        is_mine="mine" in request.GET,
        due=due if due in DUE_CHOICES else "",
        text=request.GET.get("q", "").strip()[:_MOST_TEXT],
    )
