"""What the person may see of its claim: days, payments, letters, and who read its papers."""

from io import BytesIO
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from claims.exports.day_counter import draw_both_widths, list_counter_rows
from claims.facts import LeaveEnd
from claims.queries.claimant import list_reads
from claims.queries.facts import get_entitlement
from claims.words.days import counter_words, describe_leave_end
from documents.queries import read_document
from portal.queries.person_page import find_letters, list_payments
from portal.views.downloads import send_file
from portal.views.person.gate import PersonRequest, person_page


@require_safe
@person_page
def show_days(request: PersonRequest) -> HttpResponse:
    """The day counter as a picture with its table."""
    entitlement = get_entitlement(request.access.claim, as_of=None)
    context: dict[str, Any] = {"page": "days", "entitlement": entitlement}
    if entitlement is not None:
        leave = entitlement.leave
        # The drawing escapes every text itself.
        drawing = mark_safe(draw_both_widths(leave.pieces, words=counter_words()))  # noqa: S308
        context |= {
            "drawing": drawing,
            "rows": list_counter_rows(leave),
            # That no day after the last certificate is certified is no end yet.
            "end": ""
            if entitlement.end is LeaveEnd.RECOVERED
            else describe_leave_end(entitlement.end),
        }
    return render(request, "portal/person/days.html", context)


@require_safe
@person_page
def show_payments(request: PersonRequest) -> HttpResponse:
    """What was paid for which month, and the letters."""
    claim = request.access.claim
    context = {
        "page": "payments",
        "rows": list_payments(claim),
        "letters": list(find_letters(claim)),
    }
    return render(request, "portal/person/payments.html", context)


@require_safe
@person_page
def send_letter(request: PersonRequest, document_id: int) -> HttpResponseBase:
    """A letter to the person about this claim."""
    letter = get_object_or_404(find_letters(request.access.claim), pk=document_id)
    return send_file(BytesIO(read_document(letter)), letter.file_name, "application/pdf")


@require_safe
@person_page
def show_reads(request: PersonRequest) -> HttpResponse:
    """Who looked at the person's health data, when and why."""
    reads = list_reads(request.access.claim.person)
    return render(request, "portal/person/reads.html", {"page": "reads", "reads": reads})
