"""Applications: the list, one with its checks, accepting and declining."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Application, Employer, WorkItem
from aupolicy.queries.work import find_item
from billing.operations.applications import (
    ApplicationIncomplete,
    UnableToDecideApplication,
    accept_application,
    decline_application,
)
from billing.queries.applications import list_known_employers
from portal.queries.insurer.applications import (
    ApplicationFilter,
    page_of_applications,
    review_application,
)
from portal.views.access import InsurerRequest, insurer_only
from portal.views.downloads import send_file

_ALL = "all"
_STATUS = Application.Status
_MOST_NOTE = 2000


@require_safe
@insurer_only
def list_all(request: InsurerRequest) -> HttpResponse:
    """Applications, at first those that wait for a decision."""
    wanted = _read_filter(request)
    context = {
        "room": "work",
        "wanted": wanted,
        "page": page_of_applications(wanted, request.GET.get("page", 1)),
        "is_open_work": wanted == ApplicationFilter(),
    }
    return render(request, "portal/insurer/applications/list.html", context)


def _read_filter(request: InsurerRequest) -> ApplicationFilter:
    text = request.GET.get("q", "").strip()[:80]
    status = request.GET.get("status", "")
    if status == _ALL:
        return ApplicationFilter(text=text, status="")
    known = status in _STATUS.values and status != _STATUS.DRAFT
    return ApplicationFilter(text=text, status=status if known else _STATUS.HANDED_OVER)


@require_safe
@insurer_only
def show(request: InsurerRequest, application_id: int) -> HttpResponse:
    """All data of an application, the quote's figures, the checks, and the decision."""
    return _show(request, _find(application_id), "")


def _find(application_id: int) -> Application:
    applications = Application.objects.exclude(status=_STATUS.DRAFT).select_related(
        "quote", "broker", "contract", "handed_over_by", "decided_by"
    )
    return get_object_or_404(applications, pk=application_id)


def _show(request: InsurerRequest, application: Application, reason: str) -> HttpResponse:
    context = {
        "room": "work",
        "application": application,
        "is_open": application.status == _STATUS.HANDED_OVER,
        "review": review_application(application, request.access.today),
        "item": find_item(WorkItem.Kind.APPLICATION, application.pk),
        "reason": reason,
    }
    return render(request, "portal/insurer/applications/show.html", context)


@require_POST
@insurer_only
def accept(request: InsurerRequest, application_id: int) -> HttpResponse:
    """Make it a contract, for a new employer or for one that is known."""
    application = _find(application_id)
    try:
        contract = accept_application(
            application=application,
            by=request.user,
            now=timezone.now(),
            creditor_identifier=settings.INSURER["creditor_identifier"],
            employer=_chosen_employer(request, application),
        )
    except ApplicationIncomplete:
        messages.error(request, _("So kann der Antrag nicht angenommen werden: siehe Prüfung."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except UnableToDecideApplication:
        messages.error(request, _("Über diesen Antrag ist schon entschieden."))
    else:
        words = {"number": contract.number}
        messages.success(
            request, _("Der Antrag ist angenommen. Vertrag %(number)s ist angelegt.") % words
        )
        return redirect("insurer:agreement", contract.pk)
    return redirect("insurer:application", application.pk)


def _chosen_employer(request: InsurerRequest, application: Application) -> Employer | None:
    """One of those it may be; anything else means a new one."""
    chosen = request.POST.get("employer", "")
    return next((e for e in list_known_employers(application) if str(e.pk) == chosen), None)


@require_POST
@insurer_only
def decline(request: InsurerRequest, application_id: int) -> HttpResponse:
    """Decline it with a reason."""
    application = _find(application_id)
    reason = request.POST.get("reason", "")[:_MOST_NOTE]
    try:
        decline_application(
            application=application, by=request.user, now=timezone.now(), reason=reason
        )
    except UnableToDecideApplication as error:
        if error.code == "NO_REASON":
            messages.error(request, _("Schreiben Sie den Grund dazu; der Vermittler liest ihn."))
            return _show(request, application, reason)
        messages.error(request, _("Über diesen Antrag ist schon entschieden."))
    else:
        messages.success(request, _("Der Antrag ist abgelehnt."))
    return redirect("insurer:application", application.pk)


@require_safe
@insurer_only
def send_signature(_request: InsurerRequest, application_id: int) -> HttpResponseBase:
    """The signed form, always as a download: it came from outside."""
    application = _find(application_id)
    try:
        content = FileStore(Path(settings.FILES_ROOT)).get(application.signature_sha256)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    return send_file(BytesIO(content), application.signature_name, "application/octet-stream")
