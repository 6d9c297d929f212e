"""Health data of a claim: opened for a reason, for one answer, and written down each time."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.facts import Channel
from claims.models import Claim
from claims.operations.medical import (
    UnableToReadMedical,
    list_documents,
    read_document,
    read_medical,
    record_diagnosis,
    record_medical_note,
    store_document,
)
from claims.parsing.files import UnableToTakeFile
from claims.words import describe_error
from portal.forms.examiner_person import (
    DiagnosisForm,
    MedicalNoteForm,
    PaperForm,
    ReasonForm,
)
from portal.queries.examiner.case import get_claim
from portal.queries.examiner.evidence import list_leaves
from portal.templatetags.claims import leave_choices
from portal.views.access import InsurerRequest, medical_room
from portal.views.examiner.frame import claim_page
from portal.words import MEDICAL_DOCUMENT_KINDS, READ_REASONS

# A document is shown by itself: it runs nothing, loads nothing and stands in no other page.
# Chromium's own reader of PDF files needs `object-src` and a style.
_DOCUMENT_POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_KINDS = [(kind.value, word) for kind, word in MEDICAL_DOCUMENT_KINDS.items()]
_SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@require_http_methods(["GET", "HEAD", "POST"])
@medical_room
def show(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Which papers there are; with a reason also what is in them, for this answer only."""
    claim = get_claim(claim_id)
    form = ReasonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, claim, {"reason_form": form}, status=400 if form.errors else 200)
    reason = form.cleaned_data["reason"]
    try:
        file = read_medical(claim=claim, reason=reason, user=request.user, now=timezone.now())
    except UnableToReadMedical as error:
        form.add_error(None, describe_error(error))
        return _page(request, claim, {"reason_form": form}, status=409)
    opened = {"file": file, "reason": reason, "reason_word": READ_REASONS[reason]}
    return _page(request, claim, opened)


def _page(
    request: InsurerRequest, claim: Claim, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    leaves = leave_choices(list_leaves(claim))
    shared = {
        "documents": list_documents(claim),
        "reason_form": ReasonForm(),
        "diagnosis_form": DiagnosisForm(leaves=leaves, auto_id="diagnosis_%s") if leaves else None,
        "note_form": MedicalNoteForm(auto_id="note_%s"),
        "paper_form": PaperForm(kinds=_KINDS, auto_id="paper_%s"),
    }
    return claim_page(request, claim, "medical", {**shared, **context}, status=status)


@require_safe
@medical_room
def send_document(request: InsurerRequest, claim_id: int, medical_id: uuid.UUID) -> HttpResponse:
    """A paper, shown in the browser; its own name is told to nobody's list of downloads."""
    claim = get_claim(claim_id)
    reason = request.GET.get("reason", "")
    try:
        document = read_document(
            document_id=medical_id,
            claim=claim,
            reason=reason,
            user=request.user,
            now=timezone.now(),
        )
    except UnableToReadMedical as error:
        if error.code == "NOT_FOUND":
            raise Http404 from None
        messages.error(request, describe_error(error))
        return redirect("examiner:medical", claim.pk)
    name = f"{claim.number}-{str(medical_id)[:8]}.{_SUFFIXES[document.media_type]}"
    return HttpResponse(
        document.content,
        content_type=document.media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": _DOCUMENT_POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


@require_POST
@sensitive_post_parameters()
@medical_room
def add_diagnosis(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Write down what an illness is."""
    claim = get_claim(claim_id)
    leaves = list_leaves(claim)
    form = DiagnosisForm(request.POST, leaves=leave_choices(leaves), auto_id="diagnosis_%s")
    if not form.is_valid():
        return _page(request, claim, {"diagnosis_form": form}, status=400)
    data = form.cleaned_data
    leave = next(leave for leave in leaves if leave.pk == data["sick_leave"])
    record_diagnosis(sick_leave=leave, text=data["text"], user=request.user, now=timezone.now())
    messages.success(request, _("Die Diagnose ist verschlüsselt gespeichert."))
    return redirect("examiner:medical", claim.pk)


@require_POST
@sensitive_post_parameters()
@medical_room
def add_note(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Note something with medical content."""
    claim = get_claim(claim_id)
    form = MedicalNoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return _page(request, claim, {"note_form": form}, status=400)
    record_medical_note(
        claim=claim, text=form.cleaned_data["text"], user=request.user, now=timezone.now()
    )
    messages.success(request, _("Die Notiz ist verschlüsselt gespeichert."))
    return redirect("examiner:medical", claim.pk)


@require_POST
@sensitive_post_parameters()
@medical_room
def add_paper(request: InsurerRequest, claim_id: int) -> HttpResponse:
    """Keep a paper that came by post."""
    claim = get_claim(claim_id)
    form = PaperForm(request.POST, request.FILES, kinds=_KINDS, auto_id="paper_%s")
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            store_document(
                claim=claim,
                kind=form.cleaned_data["kind"],
                content=file.read(),
                file_name=file.name or "",
                channel=Channel.EXAMINER,
                user=request.user,
                now=timezone.now(),
            )
        except UnableToTakeFile as error:
            form.add_error("file", describe_error(error))
        else:
            messages.success(request, _("Die Unterlage ist verschlüsselt gespeichert."))
            return redirect("examiner:medical", claim.pk)
    return _page(request, claim, {"paper_form": form}, status=400)
