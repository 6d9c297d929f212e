"""A claim at a glance: where it stands, which day it is, what is to be done, and why."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from claims.exports.day_counter import draw_both_widths
from claims.facts import CheckCode, ClaimStatus
from claims.models import Claim
from claims.operations.assignment import hand_back_claim, take_claim
from claims.operations.holds import UnableToHold, clear_check
from claims.words import counter_words, describe_error, describe_leave_end, name_check
from documents.models import Document
from portal.queries.examiner.case import (
    CaseView,
    get_case,
    get_claim,
    list_counted,
    list_letters,
    list_relapses,
    sum_paid,
)
from portal.queries.examiner.examination import examine
from portal.views.access import InsurerRequest, claims_room
from portal.views.downloads import send_documents
from portal.views.examiner.frame import claim_page

# Where the next thing is done, by where the claim stands, and the words of the button.
_NEXT = {
    ClaimStatus.REPORTED: ("add_certificate", gettext_lazy("Bescheinigung erfassen")),
    ClaimStatus.DEFERRAL: ("add_certificate", gettext_lazy("Bescheinigung erfassen")),
    ClaimStatus.EVIDENCE_MISSING: ("add_certificate", gettext_lazy("Bescheinigung erfassen")),
    ClaimStatus.TO_EXAMINE: ("decisions", gettext_lazy("Prüfen und entscheiden")),
    ClaimStatus.APPROVAL: ("decisions", gettext_lazy("Zweite Freigabe ansehen")),
    ClaimStatus.HELD: ("decisions", gettext_lazy("Entscheidung überprüfen")),
    ClaimStatus.PAYING: ("payments", gettext_lazy("Zahlungen ansehen")),
}
_MOST_REASON = 2000
_WHYS = {"sum": "portal/examiner/parts/why_sum.html", "day": "portal/examiner/parts/why_day.html"}


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one button of the page."""

    address: str
    words: str | Promise


@dataclass(frozen=True, slots=True)
class Refused:
    """A clearance that could not be kept, with what was typed."""

    code: str
    reason: str
    error: str
    is_warned: bool


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """The day counter, the sum, the checks, the clocks and the letters of a claim."""
    return _show(request, get_claim(claim_id), None)


def _show(request: InsurerRequest, claim: Claim, refused: Refused | None) -> HttpResponse:
    today = request.access.today
    case = get_case(claim)
    context: dict[str, Any] = {
        "today": today,
        "case": case,
        "paid": sum_paid(claim, today=today),
        "letters": list_letters(claim),
        "examination": examine(claim, today=today, facts=case.facts if case else None),
        "action": _find_action(claim) if request.access.can_write else None,
        "refused": refused,
    }
    if case is not None:
        context |= _describe(case, claim, request)
    return claim_page(request, claim, "overview", context, status=400 if refused else 200)


def _describe(case: CaseView, claim: Claim, request: InsurerRequest) -> dict[str, Any]:
    today = request.access.today
    picture = draw_both_widths(case.leave.pieces, words=counter_words())
    return {
        "number_today": case.number_on(today),
        "piece_today": case.piece_on(today),
        # Our own writer escapes every text in it.
        "picture": mark_safe(picture),  # noqa: S308
        "end_words": describe_leave_end(case.end),
        "illnesses": list_relapses(claim, case.leave),
    }


def _find_action(claim: Claim) -> NextAction | None:
    """What comes next, None where nothing does or its page is not there."""
    name, words = _NEXT.get(ClaimStatus(claim.status), ("", ""))
    try:
        return NextAction(reverse(f"examiner:{name}", args=[claim.pk]), words) if name else None
    except NoReverseMatch:
        return None


@require_safe
@claims_room
def explain(request: InsurerRequest, claim_id: int, what: str) -> HttpResponse:
    """Why the monthly sum is what it is, or why benefit begins on its day."""
    claim = get_claim(claim_id)
    case = get_case(claim)
    if case is None or what not in _WHYS:
        raise Http404
    context = {
        "claim": claim,
        "contract": claim.contract,
        "case": case,
        "span": case.leave.span,
        "counted": list_counted(case),
        "body": _WHYS[what],
        "what": what,
    }
    if request.htmx:
        return render(request, "portal/examiner/parts/why.html", context)
    return claim_page(request, claim, "overview", context, template="portal/examiner/why.html")


@require_POST
@claims_room
def assign(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Take a claim, or give one's own back."""
    claim = get_claim(claim_id)
    if request.POST.get("action") == "hand_back":
        hand_back_claim(claim=claim, user=request.user)
        messages.success(request, _("Der Fall ist zurückgegeben; alle können ihn übernehmen."))
    else:
        take_claim(claim=claim, user=request.user, now=timezone.now())
        messages.success(request, _("Sie prüfen jetzt diesen Fall."))
    return redirect("examiner:claim", claim.pk)


@require_POST
@claims_room
def clear(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Say why the examination goes on although a check asks for attention."""
    claim = get_claim(claim_id)
    code = request.POST.get("code", "")
    if code not in CheckCode.__members__:
        raise Http404
    reason = request.POST.get("reason", "").strip()[:_MOST_REASON]
    try:
        clear_check(
            claim=claim,
            code=CheckCode(code),
            reason=reason,
            user=request.user,
            now=timezone.now(),
            confirmed=request.POST.get("confirmed") == "1",
        )
    except UnableToHold as error:
        # What was typed comes back with the page, and never in an address.
        refused = Refused(code, reason, describe_error(error), error.code == "MEDICAL_TEXT")
        return _show(request, claim, refused)
    messages.success(request, _("Geklärt: %(check)s.") % {"check": name_check(CheckCode(code))})
    return redirect("examiner:claim", claim.pk)


@require_safe
@claims_room
def send_letter(_request: InsurerRequest, claim_id: int, document_id: int) -> HttpResponseBase:
    """A letter of the claim."""
    return send_documents([get_object_or_404(Document, pk=document_id, claim=claim_id)])
