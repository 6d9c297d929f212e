"""Giving the insured person its link: by mail to its own address, or on a sheet of paper."""

from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aupolicy.models import Right
from aupolicy.operations.fence import ALL, acting_within
from claims.models import Claim, SickLeave
from claims.operations.links import CreatedLink, create_link
from documents.operations.claims import issue_link_sheet
from portal.forms.sick_leave import LinkForm, SheetForm
from portal.queries.employer.sick_leaves import has_own_access
from portal.views.access import EmployerRequest, employer_room
from portal.views.downloads import send_file
from portal.views.employer.sick_leaves import find_open_leave, show_leave


@require_POST
@employer_room(Right.EDIT)
def send_link(request: EmployerRequest, leave_id: int) -> HttpResponse:
    """Have the person's link sent to its private address."""
    leave = find_open_leave(request, leave_id)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return show_leave(request, leave, form, 400)
    data = form.cleaned_data
    with acting_within(ALL):
        created = _create_link(request, leave, email=data["email"], language=data["language"])
    if created is not None:
        messages.success(request, _("Die Person bekommt in wenigen Minuten eine E-Mail von uns."))
    return redirect("employer:sick_leave", request.access.employer.pk, leave.pk)


@require_POST
@employer_room(Right.EDIT)
def print_sheet(request: EmployerRequest, leave_id: int) -> HttpResponseBase:
    """The sheet with the person's link, to be printed and handed over; it is listed nowhere."""
    leave = find_open_leave(request, leave_id)
    form = SheetForm(request.POST)
    language = form.cleaned_data["language"] if form.is_valid() else "de"
    with acting_within(ALL):
        created = _create_link(request, leave, email="", language=language)
        if created is not None:
            url = settings.PORTAL_URL + reverse("person:start", args=[created.token])
            sheet = issue_link_sheet(link=created.link, token=created.token, url=url)
            # The sheet's own name would tell the number of the claim.
            name = f"{_('Zugang')}-{leave.person.personnel_number}.pdf"
            return send_file(BytesIO(sheet.content), name, "application/pdf")
    return redirect("employer:sick_leave", request.access.employer.pk, leave.pk)


def _create_link(
    request: EmployerRequest, leave: SickLeave, *, email: str, language: str
) -> CreatedLink | None:
    """A link of the leave's claim, unless the person has one of its own already."""
    claim, now = Claim.objects.get(sick_leaves=leave.pk), timezone.now()
    if has_own_access(claim):
        messages.warning(
            request,
            _(
                "Die Person hat ihren Zugang schon eingerichtet. Einen neuen bekommt sie zu ihrem"
                " Schutz nur vom Versicherer."
            ),
        )
        return None
    return create_link(claim=claim, email=email, language=language, user=request.user, now=now)
