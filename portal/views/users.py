"""The people of a room: who may do what, invitations, and what the broker may do.

The same pages in the rooms of employer, broker and insurer; a `Place` says which room it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from aupolicy.models import Grant, User
from aupolicy.operations.invitations import (
    UnableToInvite,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from aupolicy.operations.people import UnableToChangeAccess, change_role, end_access
from aupolicy.queries import Rights
from aupolicy.queries.invitations import Room, can_manage, list_open_invitations, list_people
from documents.tasks import send_mails
from portal.forms.users import InviteForm, RoleForm
from portal.views.access import (
    BrokerRequest,
    EmployerRequest,
    InsurerRequest,
    broker_people,
    employer_room,
    insurer_only,
)
from portal.views.authority import describe_settings

REFUSALS = {
    "NOT_ALLOWED": _("Das dürfen Sie hier nicht."),
    "WRONG_ROLE": _("Diese Rolle gibt es hier nicht."),
    "HAS_ROLE": _("Diese Person hat die Rolle schon."),
    "LAST_ADMIN": _(
        "Das ist der letzte Zugang, der andere verwalten kann. Geben Sie zuerst jemand anderem"
        " diese Rolle."
    ),
}
_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Place:
    """A room, as the pages need it: where its addresses lie and what its frame is."""

    room: Room
    namespace: str
    arguments: tuple[int, ...]
    base: str
    may_manage: bool
    today: date

    def address(self, name: str, *keys: int) -> str:
        """One of the room's addresses."""
        return reverse(f"{self.namespace}:{name}", args=[*self.arguments, *keys])

    @property
    def list_address(self) -> str:
        """Where the people of the room stand."""
        return self.address("users")

    def go(self) -> HttpResponse:
        """To the people of the room."""
        return redirect(self.list_address)


def _place_of_employer(request: EmployerRequest) -> Place:
    """The employer's room. Raises PermissionDenied for those who only read or report."""
    place = _place(request, Room(request.access.employer))
    if not (place.may_manage or request.access.as_insurer):
        raise PermissionDenied
    return place


def _place_of_broker(request: BrokerRequest) -> Place:
    return _place(request, Room(broker=request.access.broker))


def _place_of_insurer(request: InsurerRequest) -> Place:
    return _place(request, Room())


def _place(request: Any, room: Room) -> Place:
    party = room.employer or room.broker
    name = "employer" if room.employer else "broker" if room.broker else "insurer"
    rights: Rights = request.access.rights
    return Place(
        room=room,
        namespace=name,
        arguments=(party.pk,) if party else (),
        base=f"portal/{name}/base.html",
        may_manage=can_manage(rights, room, is_superuser=request.user.is_superuser),
        today=request.access.today,
    )


def _show(request: Any, place: Place) -> HttpResponse:
    """Everybody who has a role here, the open invitations, and the form that invites."""
    form = InviteForm(request.POST or None, roles=place.room.roles)
    if request.method == "POST":
        _check(place)
        if form.is_valid() and _invite(request, place, form):
            return place.go()
    people = list(list_people(place.room, place.today))
    context = {
        "room": "users",
        "place": place,
        "base": place.base,
        "people": [(grant, place.address("user", grant.pk)) for grant in people],
        "person_count": len({grant.user_id for grant in people}),
        "invitations": [
            (invitation, place.address("invitation", invitation.pk))
            for invitation in list_open_invitations(place.room)
        ],
        "now": timezone.now(),
        "form": form,
        **describe_settings(request, place.room),
    }
    return render(request, "portal/users/list.html", context)


def _invite(request: Any, place: Place, form: InviteForm) -> bool:
    """Invite whom the form names; what stands against it becomes its error."""
    try:
        invitation = invite(
            email=form.cleaned_data["email"],
            role=form.chosen,
            invited_by=request.user,
            now=timezone.now(),
            language=(get_language() or "de")[:2],
            **place.room.parties,
        )
    except UnableToInvite as error:
        form.add_error(None, str(REFUSALS[error.code]))
        return False
    _send(
        request, gettext("Die Einladung an %(email)s ist unterwegs.") % {"email": invitation.email}
    )
    return True


def _send(request: HttpRequest, message: str) -> None:
    """Have the mail sent once all is stored; without a worker the clock finds it later."""

    def tell() -> None:
        try:
            send_mails.delay()
        except OperationalError:
            return

    transaction.on_commit(tell)
    messages.success(request, message)


def _show_grant(request: Any, place: Place, grant_id: int) -> HttpResponse:
    """One person's role: another one, or none any more."""
    grant = get_object_or_404(list_people(place.room, place.today), pk=grant_id)
    form = RoleForm(request.POST or None, roles=place.room.roles, initial={"role": grant.role})
    if request.method == "POST":
        _check(place)
        try:
            return _change(request, place, grant, form)
        except UnableToChangeAccess as error:
            messages.error(request, str(REFUSALS[error.code]))
            return place.go()
    context = {"room": "users", "place": place, "base": place.base, "grant": grant, "form": form}
    return render(request, "portal/users/person.html", context)


def _change(request: Any, place: Place, grant: Grant, form: RoleForm) -> HttpResponse:
    name = grant.user.get_full_name() or grant.user.get_username()
    if request.POST.get("do") == "end":
        end_access(grant=grant, ended_by=request.user, today=place.today)
        messages.success(request, gettext("%(name)s hat hier keinen Zugang mehr.") % {"name": name})
    elif form.is_valid():
        change_role(grant=grant, role=form.chosen, changed_by=request.user, today=place.today)
        messages.success(request, gettext("Die Rolle von %(name)s ist geändert.") % {"name": name})
    return place.go()


def _answer_invitation(request: Any, place: Place, invitation_id: int) -> HttpResponse:
    """Send an invitation once more, or take it back."""
    _check(place)
    invitation = get_object_or_404(list_open_invitations(place.room), pk=invitation_id)
    user: User = request.user
    if request.POST.get("do") == "withdraw":
        withdraw_invitation(invitation=invitation, withdrawn_by=user, now=timezone.now())
        messages.success(request, gettext("Die Einladung ist zurückgezogen."))
    else:
        try:
            renew_invitation(invitation=invitation, renewed_by=user, now=timezone.now())
        except UnableToInvite as error:
            messages.error(request, str(REFUSALS[error.code]))
        else:
            _send(request, gettext("Die Einladung ist mit einem neuen Link unterwegs."))
    return place.go()


def _check(place: Place) -> None:
    if not place.may_manage:
        raise PermissionDenied


def _views(
    gate: Callable[..., Any], find_place: Callable[[Any], Place]
) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The three addresses of a room behind its gate: the list, one person, one invitation."""

    def show(request: Any) -> HttpResponse:
        return _show(request, find_place(request))

    def show_grant(request: Any, grant_id: int) -> HttpResponse:
        return _show_grant(request, find_place(request), grant_id)

    def answer_invitation(request: Any, invitation_id: int) -> HttpResponse:
        return _answer_invitation(request, find_place(request), invitation_id)

    forms = require_http_methods(_METHODS)
    return forms(gate(show)), forms(gate(show_grant)), require_POST(gate(answer_invitation))


employer_users, employer_user, employer_invitation = _views(employer_room(), _place_of_employer)
broker_users, broker_user, broker_invitation = _views(broker_people, _place_of_broker)
insurer_users, insurer_user, insurer_invitation = _views(insurer_only, _place_of_insurer)
