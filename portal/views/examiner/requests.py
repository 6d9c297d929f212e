"""What the insured person was asked for, and the days on which the claim is looked at again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import DocumentRequest, Review
from claims.operations.requests import (
    UnableToRequest,
    close_request,
    finish_review,
    plan_review,
    request_documents,
)
from claims.queries.clock import get_clock
from claims.queries.parameters import get_claims_parameters
from claims.words import describe_error
from portal.forms.examiner_decisions import RequestForm, ReviewForm, ReviewResultForm
from portal.queries.examiner.case import get_claim
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, claims_room
from portal.views.access import medical_room as examiners_only
from portal.views.examiner.frame import claim_page

_FORM = "portal/examiner/requests_form.html"
_REVIEW = "portal/examiner/requests_review.html"
_TAB = "requests"


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Requests with their reminders, reviews, and what both do to the clock of § 14 VVG."""
    claim = get_claim(claim_id)
    asked = claim.requests.select_related("asked_by", "closed_by").order_by("-pk")
    reviews = claim.reviews.select_related("created_by", "done_by").order_by("-due_on", "-pk")
    found = list(asked)
    context = {
        "asked": found,
        "open_count": sum(each.closed_at is None for each in found),
        "reviews": list(reviews),
        "clock": get_clock(claim, today=request.access.today),
        "today": request.access.today,
    }
    return claim_page(request, claim, _TAB, context)


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def ask(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Ask the insured person for something; the letter is written by itself."""
    claim, today = get_claim(claim_id), request.access.today
    due = today + timedelta(days=get_claims_parameters(today).request_days)
    form = RequestForm(request.POST or None, initial={"due_on": day(due)})
    context = {
        "form": form,
        "heading": _("Unterlagen anfordern"),
        "hint": _("Solange etwas aussteht, steht die Frist für den Abschlag still (§ 14 VVG)."),
        "submit": _("Anforderung absenden"),
    }
    if _is_done(
        request,
        context,
        lambda data, **acting: request_documents(
            claim=claim,
            kind=DocumentRequest.Kind(data["kind"]),
            period=form.period,
            text=data["text"],
            due_on=data["due_on"],
            **acting,
        ),
    ):
        messages.success(request, _("Die Anforderung ist angelegt; der Brief wird geschrieben."))
        return redirect("examiner:requests", claim.pk)
    status = 400 if form.errors else 200
    return claim_page(request, claim, _TAB, context, template=_FORM, status=status)


def _is_done(request: InsurerRequest, context: dict[str, Any], act: Callable[..., object]) -> bool:
    """Do what the form of the page was filled in for; False leaves the page to say what is amiss.

    `act` gets what was typed, who acts and when, and whether a text that looks medical was
    confirmed.
    """
    form = context["form"]
    if request.method != "POST" or not form.is_valid():
        return False
    confirmed = request.POST.get("confirmed") == "1"
    try:
        act(form.cleaned_data, user=request.user, now=timezone.now(), confirmed=confirmed)
    except UnableToRequest as error:
        form.add_error(None, describe_error(error))
        context["is_warned"] = error.code == "MEDICAL_TEXT"
        return False
    return True


@require_POST
@examiners_only
def close(request: InsurerRequest, claim_id: int, request_id: int) -> HttpResponse:
    """What was asked for has come, or is no longer waited for."""
    claim = get_claim(claim_id)
    asked = get_object_or_404(DocumentRequest, pk=request_id, claim=claim)
    received = request.POST.get("received") == "1"
    try:
        close_request(request=asked, received=received, user=request.user, now=timezone.now())
    except UnableToRequest as error:
        messages.error(request, describe_error(error))
    else:
        messages.success(
            request,
            _("Als eingegangen vermerkt. Die Frist läuft weiter.")
            if received
            else _("Darauf wird nicht mehr gewartet. Die Frist läuft weiter."),
        )
    return redirect("examiner:requests", claim.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def plan(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Have the claim looked at again on a day."""
    claim, today = get_claim(claim_id), request.access.today
    due = today + timedelta(weeks=get_claims_parameters(today).review_weeks)
    form = ReviewForm(request.POST or None, initial={"due_on": day(due)})
    context = {
        "form": form,
        "heading": _("Nachprüfung vormerken"),
        "hint": _("An diesem Tag steht der Fall wieder bei den Aufgaben."),
        "submit": _("Nachprüfung vormerken"),
    }
    if _is_done(
        request,
        context,
        lambda data, **acting: plan_review(
            claim=claim, due_on=data["due_on"], question=data["question"], **acting
        ),
    ):
        messages.success(request, _("Die Nachprüfung ist vorgemerkt."))
        return redirect("examiner:requests", claim.pk)
    status = 400 if form.errors else 200
    return claim_page(request, claim, _TAB, context, template=_FORM, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@claims_room
def review(request: InsurerRequest, review_id: int) -> HttpResponse:
    """A review: its question, and while it is open what it came to."""
    found = get_object_or_404(Review.objects.select_related("done_by", "created_by"), pk=review_id)
    claim = get_claim(found.claim_id)
    form = ReviewResultForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "review": found}
    if _is_done(
        request,
        context,
        lambda data, **acting: finish_review(
            review=found, result=data["result"], next_on=data["next_on"], **acting
        ),
    ):
        messages.success(request, _("Die Nachprüfung ist abgeschlossen."))
        return redirect("examiner:requests", claim.pk)
    status = 400 if form.errors else 200
    return claim_page(request, claim, _TAB, context, template=_REVIEW, status=status)
