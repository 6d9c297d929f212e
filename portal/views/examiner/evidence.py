"""Leaves, certificates and plans of a claim: the table, and each change of it with its effect.

Every change tells what it changed: the first day of benefit, how far it is certified.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.facts import CertificateSource, Channel
from claims.models import Certificate, Claim, Reintegration, SickLeave
from claims.operations.certificates import (
    UnableToAddCertificate,
    add_certificate,
    withdraw_certificate,
)
from claims.operations.leaves import withdraw_leave
from claims.operations.notes import write_note
from claims.operations.reintegration import (
    ReintegrationStep,
    UnableToRecordReintegration,
    record_reintegration,
    withdraw_reintegration,
)
from claims.words import describe_error
from portal.forms.examiner_evidence import CertificateForm, ReintegrationForm, WithdrawalForm
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.evidence import (
    Standing,
    get_standing,
    list_evidence,
    list_leaves,
    preview_change,
    without_row,
)
from portal.templatetags.claims import describe_change, leave_choices, row_title
from portal.templatetags.portal import day
from portal.views.access import InsurerRequest, claims_room
from portal.views.access import medical_room as examiners_only
from portal.views.examiner.frame import claim_page, posted

_FORM = "portal/examiner/evidence_form.html"
_WITHDRAW = "portal/examiner/withdraw.html"


@require_safe
@claims_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """What was told and certified of the claim's days, in their order."""
    claim = get_claim(claim_id)
    rows = list_evidence(claim)
    leaves = [row.leave for row in rows if row.kind == "leave" and not row.withdrawn_at]
    return claim_page(request, claim, "evidence", {"rows": rows, "leaves": leaves})


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def add(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Record a certificate."""
    claim = get_claim(claim_id)
    leaves = list_leaves(claim)
    choices = leave_choices(leaves)
    form = CertificateForm(posted(request), leaves=choices, initial=_suggest(claim))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        leave = next(leave for leave in leaves if leave.pk == data["sick_leave"])
        before = get_standing(claim.person_id, [leave.pk])
        try:
            add_certificate(
                sick_leave=leave,
                period=form.period,  # type: ignore[arg-type]  # both days are required
                is_follow_up=data["is_follow_up"],
                established_on=data["established_on"],
                accident=data["accident"],
                source=CertificateSource(data["source"]),
                channel=Channel.EXAMINER,
                user=request.user,
                now=timezone.now(),
            )
        except UnableToAddCertificate as error:
            form.add_error(None, describe_error(error))
        else:
            return tell_and_show(request, leave, before, _("Die Bescheinigung ist erfasst."))
    words = {
        "form": form,
        "heading": _("Bescheinigung erfassen"),
        "hint": _("Nur die Tage, keine Diagnose. Das Papier selbst kommt zu „Medizinisches“."),
        "submit": _("Bescheinigung speichern"),
    }
    return _form_page(request, claim, words)


def _suggest(claim: Claim) -> dict[str, Any]:
    """A follow-up begins the day after what is certified, where anything is."""
    if claim.certified_until is None:
        return {"first_day": day(claim.first_day) if claim.first_day else ""}
    return {"is_follow_up": True}


def _form_page(request: InsurerRequest, claim: Claim, context: dict[str, Any]) -> HttpResponse:
    status = 400 if context["form"].errors else 200
    return claim_page(request, claim, "evidence", context, template=_FORM, status=status)


def tell_and_show(
    request: InsurerRequest, leave: SickLeave, before: Standing | None, said: str
) -> HttpResponse:
    """Say what a change did and go to the claim that the leave belongs to now."""
    leave.refresh_from_db()
    after = get_standing(leave.person_id, _rows_of(leave))
    messages.success(request, f"{said} {describe_change(before, after)}")
    return redirect("examiner:evidence", leave.claim_id)


def _rows_of(leave: SickLeave) -> list[int]:
    rows = SickLeave.objects.filter(claim=leave.claim_id, withdrawn_at=None)
    return list(rows.values_list("pk", flat=True)) if leave.withdrawn_at else [leave.pk]


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def add_plan(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Record a plan for returning step by step."""
    claim = get_claim(claim_id)
    leaves = list_leaves(claim)
    form = ReintegrationForm(posted(request), leaves=leave_choices(leaves))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        leave = next(leave for leave in leaves if leave.pk == data["sick_leave"])
        before = get_standing(claim.person_id, [leave.pk])
        try:
            record_reintegration(
                sick_leave=leave,
                period=form.period,  # type: ignore[arg-type]  # both days are required
                daily_hours=data["daily_hours"],
                steps=[ReintegrationStep(first_day, hours) for first_day, hours in form.steps],
                user=request.user,
                now=timezone.now(),
            )
        except UnableToRecordReintegration as error:
            form.add_error(None, describe_error(error))
        else:
            return tell_and_show(request, leave, before, _("Der Plan ist erfasst."))
    words = {
        "form": form,
        "heading": _("Wiedereingliederung erfassen"),
        "hint": _(
            "Die Leistung läuft in voller Höhe weiter, bis die Arbeitsfähigkeit ganz"
            " wiederhergestellt ist (§ 74 SGB V)."
        ),
        "submit": _("Plan speichern"),
    }
    return _form_page(request, claim, words)


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def withdraw_paper(request: InsurerRequest, claim_id: int, certificate_id: int) -> HttpResponse:
    """Take back a certificate that was recorded by mistake."""
    papers = Certificate.objects.select_related("sick_leave")
    paper = get_object_or_404(
        papers, pk=certificate_id, sick_leave__claim=claim_id, withdrawn_at=None
    )
    return _withdraw(
        request,
        paper.sick_leave,
        paper,
        lambda now: withdraw_certificate(certificate=paper, user=request.user, now=now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def withdraw_plan(request: InsurerRequest, claim_id: int, plan_id: int) -> HttpResponse:
    """Take back a plan that was recorded by mistake or given up."""
    plans = Reintegration.objects.select_related("sick_leave")
    plan = get_object_or_404(plans, pk=plan_id, sick_leave__claim=claim_id, withdrawn_at=None)
    return _withdraw(
        request,
        plan.sick_leave,
        plan,
        lambda now: withdraw_reintegration(reintegration=plan, user=request.user, now=now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@examiners_only
def withdraw_illness(request: InsurerRequest, claim_id: int, leave_id: int) -> HttpResponse:
    """Take back a leave that was reported by mistake, with its certificates."""
    leave = get_object_or_404(SickLeave, pk=leave_id, claim=claim_id, withdrawn_at=None)
    return _withdraw(
        request,
        leave,
        leave,
        lambda now: withdraw_leave(
            sick_leave=leave, channel=Channel.EXAMINER, user=request.user, now=now
        ),
    )


def _withdraw(
    request: InsurerRequest,
    leave: SickLeave,
    row: SickLeave | Certificate | Reintegration,
    do: Callable[[Any], None],
) -> HttpResponse:
    """Show what taking something back would do; do it once a reason is chosen, and note why."""
    claim = get_claim(leave.claim_id)
    form = WithdrawalForm(posted(request))
    title = row_title(row)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        before = get_standing(claim.person_id, [leave.pk])
        do(now)
        said = _("%(what)s: zurückgenommen.") % {"what": title}
        # The reason stays with the claim; it was chosen, so nothing medical is in it.
        write_note(
            claim=claim,
            text=f"{said} {form.reason_word}",
            confirmed=False,
            user=request.user,
            now=now,
        )
        return tell_and_show(request, leave, before, said)
    context = {
        "form": form,
        "heading": _("%(what)s zurücknehmen") % {"what": title},
        "effect": preview_change(leave, without_row(row)),
    }
    status = 400 if form.errors else 200
    return claim_page(request, claim, "evidence", context, template=_WITHDRAW, status=status)
