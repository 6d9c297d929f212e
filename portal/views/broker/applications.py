"""Applications: the list, where one stands and what happens next, handing over."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Application, Right, Role
from aupolicy.operations.invitations import UnableToInvite, invite
from aupolicy.operations.offers import UnableToApply, copy_application
from aupolicy.queries.offers import UnableToOffer, list_applications
from billing.operations.applications import (
    ANSWER_WITHIN,
    ApplicationIncomplete,
    UnableToDecideApplication,
    hand_over_application,
)
from billing.queries.applications import list_problems
from portal.forms.application import InviteForm
from portal.templatetags.broker import describe_right, list_statuses
from portal.views.access import BrokerRequest, broker_room
from portal.views.broker.application_words import STEP_OF_FIELD, describe_problems
from portal.views.downloads import send_file

PAGE_SIZE = 25
_DRAFT = Application.Status.DRAFT


@require_safe
@broker_room
def list_all(request: BrokerRequest) -> HttpResponse:
    """All applications, newest first."""
    text, status = read_application_filter(request)
    found = list_applications(request.access.broker, text=text, status=status)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", 1))
    context = {
        "room": "applications",
        "page": page,
        "rows": page.object_list,
        "text": text,
        "status": status,
        "statuses": list_statuses(),
    }
    return render(request, "portal/broker/applications/list.html", context)


def read_application_filter(request: BrokerRequest) -> tuple[str, str]:
    """What the address narrows the list to: a text, and a status or none."""
    text = request.GET.get("q", "").strip()[:80]
    status = request.GET.get("status", "")
    return text, status if status in Application.Status.values else ""


@require_safe
@broker_room
def show(request: BrokerRequest, application_id: int) -> HttpResponse:
    """A draft's summary with what is missing, or where the application stands."""
    application = find_application(request, application_id)
    problems = {}
    if application.status == _DRAFT:
        problems = list_problems(application, request.access.today)
    return render(
        request,
        "portal/broker/applications/show.html",
        describe_application(request, application, problems),
    )


def describe_application(
    request: BrokerRequest, application: Application, problems: Mapping[str, str]
) -> dict[str, Any]:
    """What the page of an application shows."""
    access = request.access
    handed_over = application.handed_over_at
    return {
        "room": "applications",
        "application": application,
        "quote": application.quote,
        "result": application.quote.result,
        "problems": describe_problems(problems),
        "faulty": {STEP_OF_FIELD[name] for name in problems},
        "answer_until": timezone.localdate(handed_over) + ANSWER_WITHIN if handed_over else None,
        "is_draft": application.status == _DRAFT,
        "authority_word": describe_right(_read_right(application.gives_authority)),
        "may_enter": application.employer_id is not None
        and access.rights.right_for(application.employer_id) is not None,
        "invite_form": InviteForm(initial={"email": application.contact_email}),
    }


def _read_right(value: str) -> Right | None:
    return Right(value) if value in Right.values else None


@require_POST
@broker_room
def hand_over(request: BrokerRequest, application_id: int) -> HttpResponse:
    """Give a complete application to the insurer; tell what is missing in an incomplete one."""
    application = find_application(request, application_id)
    try:
        hand_over_application(application=application, by=request.user, now=timezone.now())
    except ApplicationIncomplete as error:
        context = describe_application(request, application, error.problems)
        context["was_refused"] = True
        return render(request, "portal/broker/applications/show.html", context)
    except UnableToDecideApplication:
        messages.info(request, _("Dieser Antrag ist schon übergeben."))
    else:
        messages.success(request, _("Der Antrag ist beim Versicherer."))
    return redirect("broker:application", request.access.broker.pk, application.pk)


@require_POST
@broker_room
def copy(request: BrokerRequest, application_id: int) -> HttpResponse:
    """Begin again from an application that was declined."""
    application = find_application(request, application_id)
    try:
        draft = copy_application(application=application, by=request.user, now=timezone.now())
    except UnableToApply as error:
        raise Http404 from error
    except UnableToOffer:
        messages.error(request, _("Der Tarif dieses Angebots gilt nicht mehr. Rechnen Sie neu."))
        return redirect("broker:application", request.access.broker.pk, application.pk)
    messages.success(request, _("Ein neuer Entwurf ist angelegt. Das Mandat fehlt darin noch."))
    return redirect("broker:application", request.access.broker.pk, draft.pk)


@require_POST
@broker_room
def invite_employer(request: BrokerRequest, application_id: int) -> HttpResponse:
    """Invite the employer's HR to its room."""
    application = find_application(request, application_id)
    if application.employer is None:
        raise Http404
    form = InviteForm(request.POST)
    if not form.is_valid():
        context = {**describe_application(request, application, {}), "invite_form": form}
        return render(request, "portal/broker/applications/show.html", context)
    try:
        invite(
            email=form.cleaned_data["email"],
            role=Role.EMPLOYER_ADMIN,
            invited_by=request.user,
            now=timezone.now(),
            employer=application.employer,
            language=(get_language() or "de")[:2],
        )
    except UnableToInvite as error:
        messages.error(request, _describe_no_invitation(error))
    else:
        words = {"email": form.cleaned_data["email"]}
        messages.success(request, _("Die Einladung an %(email)s ist unterwegs.") % words)
    return redirect("broker:application", request.access.broker.pk, application.pk)


def _describe_no_invitation(error: UnableToInvite) -> str:
    texts = {
        "NOT_ALLOWED": _(
            "Zum Einladen brauchen Sie die Vollmacht „Verwalten“. Bitten Sie den Versicherer, die"
            " Personalabteilung einzuladen."
        ),
        "HAS_ROLE": _("Diese Person hat schon einen Zugang."),
    }
    return texts.get(error.code, error.code)


def find_application(request: BrokerRequest, application_id: int) -> Application:
    """An application of this broker; those of others are not there."""
    applications = Application.objects.select_related(
        "quote", "contract", "employer", "created_by", "handed_over_by"
    )
    return get_object_or_404(applications, pk=application_id, broker=request.access.broker)


@require_safe
@broker_room
def send_signature(request: BrokerRequest, application_id: int) -> HttpResponseBase:
    """The signed form, always as a download: it came from outside."""
    application = find_application(request, application_id)
    try:
        content = FileStore(Path(settings.FILES_ROOT)).get(application.signature_sha256)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Http404 from error
    return send_file(BytesIO(content), application.signature_name, "application/octet-stream")
