"""What happened to a claim, and notes: without medical content, which has a place of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.operations.notes import UnableToNote, write_note
from claims.words import describe_error
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.events import list_events
from portal.views.access import InsurerRequest, claims_room
from portal.views.examiner.frame import claim_page

_MOST_TEXT = 4000
_MOST_PAGE = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """The history, newest first, with a note to be written above it."""
    claim = get_claim(claim_id)
    context: dict[str, Any] = {"text": "", "error": "", "is_warned": False}
    if request.method == "POST":
        text = request.POST.get("text", "").strip()[:_MOST_TEXT]
        context |= {"text": text}
        if not text:
            context |= {"error": _("Schreiben Sie etwas, bevor Sie speichern.")}
        else:
            refused = _write(request, claim, text)
            if refused is None:
                messages.success(request, _("Die Notiz ist gespeichert."))
                return redirect("examiner:notes", claim.pk)
            context |= refused
    page = _read_page(request)
    events, has_older = list_events(claim, page=page)
    context |= {"events": events, "has_older": has_older, "number": page}
    status = 400 if context["error"] else 200
    return claim_page(request, claim, "notes", context, status=status)


def _write(request: InsurerRequest, claim: Any, text: str) -> dict[str, Any] | None:
    """Keep a note; None, or what the page says where it looks like health data."""
    confirmed = request.POST.get("confirmed") == "1"
    try:
        write_note(
            claim=claim, text=text, confirmed=confirmed, user=request.user, now=timezone.now()
        )
    except UnableToNote as error:
        return {"error": describe_error(error), "is_warned": error.code == "MEDICAL_TEXT"}
    return None


def _read_page(request: InsurerRequest) -> int:
    page = request.GET.get("page", "1")
    return min(max(int(page), 1), _MOST_PAGE) if page.isdecimal() else 1
