"""The programs of a room: which there are, what they may do, and their end.

The same pages in the rooms of employer and broker; a `Place` says which room it is. Readers see
that a program exists; whoever administers the room manages it; the insurer's clerks may end it.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.facts.machine import ApiScope, KeyState, ProgramState
from aupolicy.models import ApiClient, Broker, Employer, Right, Role
from aupolicy.operations.machines import (
    MadeKey,
    MadeSecret,
    UnableToConnect,
    change_client,
    create_client,
    create_key,
    create_oauth,
    end_client,
    find_secret_moment,
)
from aupolicy.queries import Rights
from aupolicy.queries.machine import Program, clients_of, find_program, list_clients_of
from aupolicy.words import describe_scope
from portal.forms.programs import OAUTH, NewProgramForm, ProgramForm
from portal.views.access import BrokerRequest, EmployerRequest, broker_people, employer_room


@dataclass(frozen=True, slots=True)
class Place:
    """A room, as the pages need it: whose programs they are and what may be done with them."""

    party: Employer | Broker
    namespace: str
    may_manage: bool
    may_end: bool
    may_look: bool
    now: datetime

    def address(self, name: str, *keys: Any) -> str:
        """One of the room's addresses."""
        return reverse(f"{self.namespace}:{name}", args=[self.party.pk, *keys])

    @property
    def base(self) -> str:
        """The frame of the room's pages."""
        return f"portal/{self.namespace}/base.html"

    @property
    def list_address(self) -> str:
        """Where the programs of the room stand."""
        return self.address("programs")

    def address_of(self, program: Program, name: str = "program", *keys: int) -> str:
        """An address of one program."""
        return self.address(name, program.client.public_id, *keys)


def _place_of_employer(request: EmployerRequest) -> Place:
    access = request.access
    return Place(
        party=access.employer,
        namespace="employer",
        may_manage=access.can_admin,
        may_end=access.can_admin or Role.CLERK in access.rights.roles,
        may_look=access.can_admin or access.as_insurer,
        now=timezone.now(),
    )


def _place_of_broker(request: BrokerRequest) -> Place:
    rights: Rights = request.access.rights
    own = request.access.broker.pk in rights.brokers
    return Place(
        party=request.access.broker,
        namespace="broker",
        may_manage=own,
        may_end=own or Role.CLERK in rights.roles,
        may_look=True,
        now=timezone.now(),
    )


Page = Callable[..., HttpResponse]
_ROOMS: dict[str, tuple[Callable[..., Any], Callable[[Any], Place]]] = {
    "employer": (employer_room(Right.READ), _place_of_employer),
    "broker": (broker_people, _place_of_broker),
}


def behind(room: str, page: Page, *methods: str) -> Callable[..., HttpResponseBase]:
    """A page behind the gate of a room; it takes GET and HEAD, and `methods`."""
    gate, find_place = _ROOMS[room]

    def view(request: Any, **keys: Any) -> HttpResponse:
        return page(request, find_place(request), **keys)

    guarded: Callable[..., HttpResponseBase] = require_http_methods(["GET", "HEAD", *methods])(
        gate(view)
    )
    return guarded


def check(allowed: bool) -> None:  # noqa: FBT001 -- reads as a sentence
    """Raises PermissionDenied where the room does not let this person do it."""
    if not allowed:
        raise PermissionDenied


def find(place: Place, program_id: uuid.UUID) -> Program:
    """One of the room's programs. Raises Http404."""
    program = find_program(place.party, program_id, place.now)
    if program is None:
        raise Http404
    return program


def confirm_person(request: Any) -> None:
    """Ask again who it is, unless just said: a secret is for nobody who finds a screen open."""
    raise_if_reauthentication_required(request, app="portal")


def draw(request: Any, place: Place, page: str, /, **context: Any) -> HttpResponse:
    """One of the templates, in the frame of its room."""
    told = {"room": "programs", "place": place, "base": place.base, **context}
    return render(request, f"portal/programs/{page}.html", told)


def show_list(request: Any, place: Place) -> HttpResponse:
    """Every program of the room."""
    programs = list_clients_of(place.party, place.now)
    rows = [(program, place.address_of(program)) for program in programs]
    working = sum(program.state is not ProgramState.ENDED for program in programs)
    new = place.address("new_program")
    return draw(request, place, "list", rows=rows, working=working, new_address=new)


def show(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """One program: what it may do, its keys, and how to begin."""
    check(place.may_look)
    program = find(place, program_id)
    client = program.client
    told = {
        "program": program,
        "is_over": program.state is ProgramState.ENDED,
        "scopes": [describe_scope(ApiScope(scope)) for scope in client.scopes],
        "keys": [
            (key, state, place.address_of(program, "rotate_key", key.pk),
             place.address_of(program, "revoke_key", key.pk))
            for key, state in program.keys
        ],
        "open_states": [KeyState.IN_FORCE.value, KeyState.EXPIRES_SOON.value],
        "secret_made_at": find_secret_moment(client=client),
        "addresses": {
            name: place.address_of(program, name)
            for name in ("change_program", "end_program", "new_key", "program_secret")
        },
        "events_address": _find_events(place, client),
        "portal_address": settings.PORTAL_URL,
    }  # fmt: skip
    return draw(request, place, "show", **told)


def _find_events(place: Place, client: ApiClient) -> str:
    """Where the program's webhooks are; "" where there are none."""
    try:
        return place.address("webhooks", client.public_id)
    except NoReverseMatch:
        return ""


def create(request: Any, place: Place) -> HttpResponse:
    """A new program with its first key or secret, which is shown at once and never again."""
    check(place.may_manage)
    confirm_person(request)
    newest = clients_of(place.party).order_by("-pk").values_list("pk", flat=True).first()
    form = NewProgramForm(request.POST or None, initial={"after": str(newest or 0)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["after"] != str(newest or 0):
            return show_only_once(request, place.list_address)
        try:
            client = create_client(
                party=place.party, by=request.user, now=place.now, **form.settings
            )
        except UnableToConnect as error:
            form.refuse(error)
        else:
            return show_made(request, place, client, _make_first(request, place, client, form))
    return draw(request, place, "new", form=form)


def _make_first(
    request: Any, place: Place, client: ApiClient, form: NewProgramForm
) -> MadeKey | MadeSecret:
    if form.cleaned_data["way"] == OAUTH:
        return create_oauth(client=client)
    expires_at = form.expires_at(place.now)
    return create_key(client=client, expires_at=expires_at, by=request.user, now=place.now)


def show_made(
    request: Any, place: Place, client: ApiClient, made: MadeKey | MadeSecret
) -> HttpResponse:
    """The page that shows a secret: the answer to its making, so that it is kept nowhere."""
    program = find(place, client.public_id)
    context = {
        "program": program,
        "key": made.key if isinstance(made, MadeKey) else None,
        "client_id": made.client_id if isinstance(made, MadeSecret) else "",
        "text": made.text,
        "program_address": place.address_of(program),
        "portal_address": settings.PORTAL_URL,
    }
    return draw(request, place, "made", **context)


def show_only_once(request: Any, address: str) -> HttpResponse:
    """For a page that was sent a second time: what it made has been shown."""
    messages.warning(
        request, _("Das ist schon angelegt und wurde einmal gezeigt. Es ist nichts dazugekommen.")
    )
    return redirect(address)


def change(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """Another name, other scopes, other networks."""
    check(place.may_manage)
    program = find(place, program_id)
    form = ProgramForm.of(program.client, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_client(client=program.client, **form.settings)
        except UnableToConnect as error:
            form.refuse(error)
        else:
            messages.success(request, _("Die Änderung gilt ab sofort."))
            return redirect(place.address_of(program))
    return draw(request, place, "change", form=form, program=program)


def end(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """Ask, then end a program for good."""
    check(place.may_end)
    program = find(place, program_id)
    if request.method == "POST":
        end_client(client=program.client, by=request.user, now=place.now)
        name = {"name": program.client.name}
        messages.success(request, _("%(name)s ist beendet und kommt nicht mehr herein.") % name)
        return redirect(place.list_address)
    return draw(request, place, "end", program=program)
