"""The keys of a program and its OAuth secret: made, renewed, closed. Each is shown once."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aupolicy.facts.machine import KeyState
from aupolicy.models import ApiKey
from aupolicy.operations.machines import (
    UnableToConnect,
    create_key,
    create_oauth,
    end_oauth,
    find_secret_moment,
    renew_oauth_secret,
    revoke_key,
    rotate_key,
)
from aupolicy.queries.machine import Program
from aupolicy.words import describe_machine_refusal
from portal.forms.programs import LifeForm, RotateForm
from portal.views.programs import (
    Place,
    check,
    confirm_person,
    draw,
    find,
    show_made,
    show_only_once,
)


def _newest(program: Program) -> str:
    """The newest secret of a program: what changes when another is made."""
    made_at = find_secret_moment(client=program.client)
    key = program.keys[0][0].pk if program.keys else 0
    return f"{key}/{made_at.isoformat() if made_at else ''}"


def _find_key(program: Program, key_id: int) -> tuple[ApiKey, KeyState]:
    for key, state in program.keys:
        if key.pk == key_id:
            return key, state
    raise Http404


def create(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """A further key."""
    check(place.may_manage)
    program = find(place, program_id)
    confirm_person(request)
    newest = _newest(program)
    form = LifeForm(request.POST or None, initial={"after": newest})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["after"] != newest:
            return show_only_once(request, place.address_of(program))
        try:
            made = create_key(
                client=program.client,
                expires_at=form.expires_at(place.now),
                by=request.user,
                now=place.now,
            )
        except UnableToConnect as error:
            form.refuse(error)
        else:
            return show_made(request, place, program.client, made)
    return draw(request, place, "key", form=form, program=program)


def rotate(request: Any, place: Place, program_id: uuid.UUID, key_id: int) -> HttpResponse:
    """A key that takes over, while the old one still goes on for some days."""
    check(place.may_manage)
    program = find(place, program_id)
    key, _state = _find_key(program, key_id)
    confirm_person(request)
    newest = _newest(program)
    form = RotateForm(request.POST or None, initial={"after": newest})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["after"] != newest:
            return show_only_once(request, place.address_of(program))
        try:
            made = rotate_key(
                key=key,
                expires_at=form.expires_at(place.now),
                overlap=form.kept,
                by=request.user,
                now=place.now,
            )
        except UnableToConnect as error:
            form.refuse(error)
        else:
            return show_made(request, place, program.client, made)
    return draw(request, place, "key", form=form, program=program, key=key)


def revoke(request: Any, place: Place, program_id: uuid.UUID, key_id: int) -> HttpResponse:
    """Ask, then close a key at once."""
    check(place.may_manage)
    program = find(place, program_id)
    key, state = _find_key(program, key_id)
    if request.method == "POST":
        revoke_key(key=key, by=request.user, now=place.now)
        messages.success(
            request, _("Der Schlüssel %(key)s ist gesperrt.") % {"key": f"{key.prefix}…"}
        )
        return redirect(place.address_of(program))
    return draw(request, place, "revoke", program=program, key=key, state=state)


def change_secret(request: Any, place: Place, program_id: uuid.UUID) -> HttpResponse:
    """A secret for OAuth client credentials: the first, another one, or none any more."""
    check(place.may_manage)
    program = find(place, program_id)
    confirm_person(request)
    newest = _newest(program)
    if request.method == "POST":
        if request.POST.get("do") != "end" and request.POST.get("after") != newest:
            return show_only_once(request, place.address_of(program))
        try:
            return _change_secret(request, place, program)
        except UnableToConnect as error:
            messages.error(request, describe_machine_refusal(error.code, error.params))
            return redirect(place.address_of(program))
    return draw(request, place, "secret", program=program, after=newest)


def _change_secret(request: Any, place: Place, program: Program) -> HttpResponse:
    client = program.client
    if request.POST.get("do") == "end":
        end_oauth(client=client)
        messages.success(request, _("Mit OAuth kommt dieses Programm nicht mehr herein."))
        return redirect(place.address_of(program))
    make = renew_oauth_secret if program.has_oauth else create_oauth
    return show_made(request, place, client, make(client=client))
