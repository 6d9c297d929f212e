"""Sending papers: photos or PDFs, with the days that a certificate certifies.

What was sent is kept whatever happens to its days: a paper whose days are missing or do not fit is
looked at by an examiner.
"""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.facts import CertificateSource, Channel
from claims.models import MedicalDocument
from claims.operations.leaves import UnableToAddCertificate, add_certificate
from claims.operations.medical import list_documents, store_document
from claims.operations.requests import plan_review
from claims.parsing.files import UnableToTakeFile
from claims.queries.parameters import get_claims_parameters
from claims.words import describe_error
from portal.forms.person_page import UploadForm
from portal.queries.person_page import find_leave, list_certificates
from portal.views.person.gate import PersonAccess, PersonRequest, person_page

_MEGABYTE = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def upload(request: PersonRequest) -> HttpResponse:
    """The form, and below it what has arrived."""
    access = request.access
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(request, form):
        return redirect("person:documents", access.token)
    parameters = get_claims_parameters(access.today)
    context = {
        "page": "documents",
        "form": form,
        "documents": list_documents(access.claim),
        "certificates": list_certificates(access.claim),
        "most_megabytes": parameters.largest_upload_bytes // _MEGABYTE,
    }
    return render(request, "portal/person/documents.html", context)


def _take(request: PersonRequest, form: UploadForm) -> bool:
    """Keep all files or none; False with an error at the field that names the file at fault."""
    name = ""
    documents: list[MedicalDocument] = []
    try:
        with transaction.atomic():
            for each in form.uploads:
                name = each.name or ""
                documents.append(
                    store_document(
                        claim=request.access.claim,
                        kind=form.cleaned_data["kind"],
                        content=each.read(),
                        file_name=name,
                        channel=Channel.PERSON,
                        user=None,
                        now=request.access.now,
                    )
                )
    except UnableToTakeFile as error:
        form.add_error(
            "papers" if form.cleaned_data["papers"] else "photo", f"{name}: {describe_error(error)}"
        )
        return False
    _record_days(request, form, documents[0])
    return True


def _record_days(request: PersonRequest, form: UploadForm, document: MedicalDocument) -> None:
    """Record the certified days; where there are none that fit, an examiner looks."""
    access = request.access
    period = form.period
    leave = find_leave(access.claim, period.first_day) if period else None
    if period is None or leave is None:
        _have_it_read(access)
        messages.success(request, _("Danke, Ihre Unterlage ist da. Wir sehen sie uns an."))
        return
    try:
        with transaction.atomic():
            add_certificate(
                sick_leave=leave,
                period=period,
                is_follow_up=form.cleaned_data["is_follow_up"],
                established_on=None,
                accident=False,
                source=CertificateSource.PORTAL,
                channel=Channel.PERSON,
                document=document,
                user=None,
                now=access.now,
            )
    except UnableToAddCertificate as error:
        if error.code == "KNOWN":
            messages.info(request, _("Diese Bescheinigung hatten wir schon. Danke."))
            return
        _have_it_read(access)
        messages.warning(
            request,
            _("Ihre Unterlage ist da. Zu den Tagen: %(why)s Wir klären das und melden uns.")
            % {"why": describe_error(error)},
        )
    else:
        messages.success(request, _("Danke, Ihre Bescheinigung ist da."))


def _have_it_read(access: PersonAccess) -> None:
    """Work for an examiner; what the paper is stands nowhere in it."""
    plan_review(
        claim=access.claim,
        due_on=access.today,
        question=_("Eine Unterlage ist eingegangen. Bitte ansehen und ihre Tage eintragen."),
        user=None,
        now=access.now,
    )
