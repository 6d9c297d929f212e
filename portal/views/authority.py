"""What an employer lets its broker do, and whether its people need a second factor."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aupolicy.models import Broker, BrokerAuthority, Employer, Right, Role
from aupolicy.operations import give_authority
from aupolicy.operations.people import UnableToChangeAccess, require_second_factor
from aupolicy.queries.invitations import Room
from portal.forms.users import AUTHORITY_WORDS, NO_AUTHORITY, AuthorityForm
from portal.views.access import EmployerRequest, employer_room
from portal.views.second_factor import has_second_factor


def describe_settings(request: Any, room: Room) -> dict[str, Any]:
    """What the page of an employer's people shows besides: its brokers and the second factor."""
    if room.employer is None:
        return {}
    brokers = list(_list_brokers(room.employer))
    in_force = {
        authority.broker_id: authority
        for authority in BrokerAuthority.objects.filter(
            employer=room.employer, period__contains=request.access.today
        ).select_related("given_by")
    }
    return {
        "may_decide": _may_decide(request),
        "brokers": [(broker, in_force.get(broker.pk)) for broker in brokers],
        "rights": [
            (NO_AUTHORITY, _("nichts; er sieht nur Zahlen, keine Namen")),
            *((right.value, word) for right, word in AUTHORITY_WORDS.items()),
        ],
    }


def _list_brokers(employer: Employer) -> Any:
    """The brokers through whom an employer has a contract."""
    return (
        Broker.objects.filter(contracts__employer=employer).distinct().order_by("legal_name", "pk")
    )


def _may_decide(request: EmployerRequest) -> bool:
    """The employer's own administrators, and the insurer's clerks for what comes on paper.

    Never the broker, however much it may do: it would decide about itself.
    """
    rights = request.access.rights
    own = rights.employers.get(request.access.employer.pk) is Right.ADMIN
    return own or Role.CLERK in rights.roles


@require_POST
@employer_room()
def change_settings(request: EmployerRequest) -> HttpResponse:
    """Give a broker an authority, change or end it; or switch the second factor."""
    if not _may_decide(request):
        raise PermissionDenied
    if "requires_mfa" in request.POST:
        _switch_second_factor(request)
    else:
        _change_authority(request)
    return redirect("employer:users", request.access.employer.pk)


def _change_authority(request: EmployerRequest) -> None:
    form = AuthorityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Wählen Sie, was der Vermittler darf."))
        return
    employer = request.access.employer
    broker = get_object_or_404(_list_brokers(employer), pk=form.cleaned_data["broker"])
    give_authority(
        employer=employer,
        broker=broker,
        right=form.chosen,
        first_day=timezone.localdate(),
        given_by=request.user,
    )
    messages.success(
        request, _("Die Vollmacht für %(name)s ist gespeichert.") % {"name": broker.legal_name}
    )


def _switch_second_factor(request: EmployerRequest) -> None:
    required = request.POST["requires_mfa"] == "on"
    own = request.access.employer.pk in request.access.rights.employers
    if required and own and not has_second_factor(request.user):
        messages.error(
            request, _("Richten Sie zuerst für sich selbst einen zweiten Faktor ein (Mein Zugang).")
        )
        return
    try:
        require_second_factor(
            employer=request.access.employer,
            required=required,
            changed_by=request.user,
            today=request.access.today,
        )
    except UnableToChangeAccess as error:
        raise PermissionDenied from error
    messages.success(
        request,
        _("Ab jetzt melden sich alle mit einem zweiten Faktor an.")
        if required
        else _("Der zweite Faktor ist jetzt freiwillig."),
    )
