"""An employer's papers: confirmations, who signed and filed them, downloads."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aupolicy.models import GroupContract, Right
from billing.models import Mandate
from documents.operations import (
    UnableToFile,
    UnableToIssue,
    file_confirmations,
    issue_mandate_form,
    revoke_filing,
    zip_papers,
)
from portal.forms.papers import FilingForm
from portal.queries.employer.contracts import find_contracts
from portal.queries.employer.papers import (
    count_filings,
    find_papers,
    list_copies,
    page_of_copies,
)
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_documents, send_zip

_SHOWS = ("open", "filed", "all")


@require_http_methods(["GET", "HEAD", "POST"])
@employer_room()
def list_all(request: EmployerRequest) -> HttpResponse:
    """Confirmations with their state of filing; marking some as signed is a POST of this page."""
    access = request.access
    copies = list_copies(access.employer, access.today)
    if request.method == "POST" and not access.can_edit:
        raise PermissionDenied
    initial = {"signed_on": access.today}
    form = FilingForm(request.POST or None, copies=copies, initial=initial, auto_id="filing_%s")
    if request.method == "POST" and form.is_valid() and _file(request, form):
        return redirect(request.get_full_path())
    show = request.GET.get("show", "open")
    text = request.GET.get("q", "").strip()[:80]
    show = show if show in _SHOWS else "open"
    context = {
        "room": "documents",
        "form": form,
        "chosen": set(request.POST.getlist("papers")),
        "counts": count_filings(access.employer, access.today),
        "wanted": {"text": text, "show": show},
        "page": page_of_copies(
            access.employer, access.today, show=show, text=text, page=request.GET.get("page", "1")
        ),
        "mandates": Mandate.objects.filter(
            contract__employer=access.employer, period__contains=access.today
        ),
        "contracts": find_contracts(access.employer),
    }
    return render(request, "portal/employer/documents/list.html", context)


def _file(request: EmployerRequest, form: FilingForm) -> bool:
    signed_on: date = form.cleaned_data["signed_on"]
    try:
        number = file_confirmations(
            documents=list(form.cleaned_data["papers"]),
            signed_on=signed_on,
            filed_by=request.user,
            now=timezone.now(),
            today=request.access.today,
        )
    except UnableToFile as error:
        form.add_error("signed_on", _describe(error))
        return False
    text = ngettext(
        "%(number)d Bestätigung ist als unterschrieben und abgelegt vermerkt.",
        "%(number)d Bestätigungen sind als unterschrieben und abgelegt vermerkt.",
        number,
    )
    messages.success(request, text % {"number": number})
    return True


def _describe(error: UnableToFile) -> str:
    if error.code == "SIGNED_IN_FUTURE":
        return _("Der Tag der Unterschrift liegt in der Zukunft.")
    return _("Die Bestätigung %(name)s gab es an diesem Tag noch nicht.") % {
        "name": error.params["document"]
    }


@require_POST
@employer_room(Right.EDIT)
def revoke(request: EmployerRequest, document_id: int) -> HttpResponse:
    """Take a mistaken mark back."""
    access = request.access
    document = get_object_or_404(list_copies(access.employer, access.today), pk=document_id)
    revoke_filing(document=document, revoked_by=request.user, now=timezone.now())
    messages.success(request, _("Der Vermerk ist zurückgenommen."))
    return redirect("employer:documents", access.employer.pk)


@require_safe
@employer_room()
def send(request: EmployerRequest, document_id: int) -> HttpResponseBase:
    """One stored paper."""
    return send_documents([get_object_or_404(find_papers(request.access.employer), pk=document_id)])


@require_safe
@employer_room()
def send_confirmations(request: EmployerRequest, contract_id: int) -> HttpResponseBase:
    """The confirmations in force of a contract as a ZIP, in two folders."""
    access = request.access
    contract = get_object_or_404(GroupContract, pk=contract_id, employer=access.employer)
    try:
        return send_zip(
            f"Versicherungsbestaetigungen_{contract.number}.zip",
            lambda path: zip_papers(contract=contract, as_of=access.today, out=path),
        )
    except UnableToIssue:
        messages.info(request, _("Noch ist keine Bestätigung erstellt."))
        return redirect("employer:documents", access.employer.pk)


@require_safe
@employer_room()
def send_mandate(request: EmployerRequest, mandate_id: int) -> HttpResponseBase:
    """The form of a mandate."""
    mandates = Mandate.objects.select_related("contract__employer", "contract__broker")
    mandate = get_object_or_404(mandates, pk=mandate_id, contract__employer=request.access.employer)
    return send_documents(issue_mandate_form(mandate=mandate).documents)
