"""Which leaves are one illness: relapses, and another illness that comes in between."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.facts import CertificateSource, Channel
from claims.models import SickLeave
from claims.operations.certificates import UnableToAddCertificate
from claims.operations.leaves import ReportedLeave, UnableToReportLeave, report_leave
from claims.operations.relapses import UnableToLinkRelapse, link_relapse, unlink_relapse
from claims.words import describe_error
from members.models import Membership, Person
from portal.forms.examiner_evidence import LeaveForm
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.evidence import (
    get_standing,
    list_candidates,
    preview_change,
    unlinked,
)
from portal.queries.examiner.people import find_people
from portal.templatetags.claims import describe_change
from portal.views.access import InsurerRequest
from portal.views.access import medical_room as examiners_only
from portal.views.examiner.evidence import tell_and_show
from portal.views.examiner.frame import claim_page, posted

_MOST_TEXT = 80


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def relapse(request: InsurerRequest, claim_id: int, leave_id: int) -> HttpResponse:
    """Link a leave to an earlier one of the same illness, or undo it; the effect is shown first."""
    leave = get_object_or_404(
        SickLeave.objects.select_related("same_illness_as__claim"),
        pk=leave_id, claim=claim_id, withdrawn_at=None,
    )  # fmt: skip
    if request.method == "POST":
        return _change_link(request, leave)
    context = {
        "leave": leave,
        "candidates": list_candidates(leave),
        "unlinking": preview_change(leave, unlinked(leave.pk)) if leave.same_illness_as else None,
    }
    template = "portal/examiner/relapse.html"
    return claim_page(request, get_claim(claim_id), "evidence", context, template=template)


def _change_link(request: InsurerRequest, leave: SickLeave) -> HttpResponse:
    before = get_standing(leave.person_id, [leave.pk])
    first = request.POST.get("first", "")
    now = timezone.now()
    if request.POST.get("action") == "unlink":
        unlink_relapse(sick_leave=leave, user=request.user, now=now)
        return tell_and_show(request, leave, before, _("Es ist jetzt eine eigene Erkrankung."))
    people_leaves = SickLeave.objects.filter(person=leave.person_id)
    earlier = get_object_or_404(people_leaves, pk=first if first.isdecimal() else None)
    try:
        link_relapse(sick_leave=leave, first=earlier, user=request.user, now=now)
    except UnableToLinkRelapse as error:
        messages.error(request, describe_error(error))
        return redirect("examiner:relapse", leave.claim_id, leave.pk)
    return tell_and_show(request, leave, before, _("Die Folgeerkrankung ist verknüpft."))


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def another(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Record a further illness of the same person."""
    claim = get_claim(claim_id)
    form = LeaveForm(posted(request), initial={"new_illness": True})
    if request.method == "POST" and form.is_valid():
        before = get_standing(claim.person_id, _rows(claim.pk))
        reported = _report(request, claim.person, form)
        if reported is not None:
            return tell_and_show(
                request, reported.sick_leave, before, _("Die weitere Erkrankung ist erfasst.")
            )
    context = {
        "form": form,
        "heading": _("Weitere Erkrankung erfassen"),
        "hint": _(
            "Überschneidet oder schließt sie sich an, bleibt es ein Leistungsfall; sonst entsteht"
            " ein eigener."
        ),
        "submit": _("Erkrankung speichern"),
    }
    status = 400 if form.errors else 200
    template = "portal/examiner/evidence_form.html"
    return claim_page(request, claim, "evidence", context, template=template, status=status)


def _rows(claim_id: int) -> list[int]:
    rows = SickLeave.objects.filter(claim=claim_id, withdrawn_at=None)
    return list(rows.values_list("pk", flat=True))


def _report(request: InsurerRequest, person: Person, form: LeaveForm) -> ReportedLeave | None:
    """Record what the form says; None with the error in the form."""
    data = form.cleaned_data
    try:
        return report_leave(
            person=person,
            first_day=data["first_day"],
            expected_last_day=data["expected_last_day"],
            channel=Channel.EXAMINER,
            user=request.user,
            certificate=form.period,
            source=CertificateSource(data["source"]),
            new_illness=data["new_illness"],
            now=timezone.now(),
        )
    except (UnableToReportLeave, UnableToAddCertificate) as error:
        form.add_error(None, describe_error(error))
        return None


@require_safe
@examiners_only
def find_person(request: InsurerRequest) -> HttpResponse:
    """Whose leave is to be recorded: people by name, personnel number or contract."""
    text = request.GET.get("q", "").strip()[:_MOST_TEXT]
    context = {"room": "claims", "text": text, "found": find_people(text)}
    return render(request, "portal/examiner/find_person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def take_in(request: InsurerRequest, person_id: int) -> HttpResponse:
    """Record a leave that reached the examiners by phone or on paper."""
    memberships = Membership.objects.filter(person=person_id, period__isnull=False)
    cover = memberships.select_related("person", "contract__employer").order_by("-period").first()
    person = cover.person if cover else get_object_or_404(Person, pk=person_id)
    form = LeaveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reported = _report(request, person, form)
        if reported is not None:
            return _tell_taken_in(request, reported)
    context: dict[str, Any] = {"room": "claims", "form": form, "person": person, "cover": cover}
    status = 400 if form.errors else 200
    return render(request, "portal/examiner/new.html", context, status=status)


def _tell_taken_in(request: InsurerRequest, reported: ReportedLeave) -> HttpResponse:
    leave = reported.sick_leave
    after = get_standing(leave.person_id, [leave.pk])
    said = (
        _("Die Arbeitsunfähigkeit ist aufgenommen.")
        if reported.is_new
        else _("Diese Arbeitsunfähigkeit war schon gemeldet; Neues ist ergänzt.")
    )
    messages.success(request, f"{said} {describe_change(None, after)}")
    return redirect("examiner:claim", leave.claim_id)
