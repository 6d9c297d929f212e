"""The way into the insured person's page, and what is to be done there."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.operations.links import UnableToOpen, check_pin, set_pin
from claims.words import describe_error
from portal.forms.person_page import EnterPinForm, NewPinForm
from portal.queries.person_page import get_overview
from portal.views.person.gate import (
    PersonRequest,
    forget,
    is_open,
    may_try,
    person_door,
    person_page,
    remember,
)


@require_http_methods(["GET", "HEAD", "POST"])
@person_door
def enter_pin(request: PersonRequest) -> HttpResponse:
    """Set a PIN on first opening; enter it later."""
    link = request.access.link
    is_new = not link.pin_hash
    if not is_new and is_open(request, link, request.access.now):
        return redirect("person:start", request.access.token)
    form_class = NewPinForm if is_new else EnterPinForm
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid() and _open(request, form, is_new=is_new):
        return redirect("person:start", request.access.token)
    context = {"form": form, "is_new": is_new, "claim": request.access.claim}
    return render(request, "portal/person/pin.html", context)


def _open(request: PersonRequest, form: NewPinForm | EnterPinForm, *, is_new: bool) -> bool:
    link, now = request.access.link, request.access.now
    pin = form.cleaned_data["pin"]
    if not may_try(link):
        form.add_error("pin", _("Zu viele Fehlversuche. Versuchen Sie es später noch einmal."))
        return False
    try:
        if is_new:
            set_pin(link=link, pin=pin, now=now)
        else:
            check_pin(link=link, pin=pin, now=now)
    except UnableToOpen as error:
        form.add_error("pin", describe_error(error))
        return False
    link.refresh_from_db()
    # Another key for the session: one that somebody planted before opens nothing.
    request.session.cycle_key()
    remember(request, link, now)
    return True


@require_POST
@person_page
def leave(request: PersonRequest) -> HttpResponse:
    """Close the page in this browser."""
    forget(request, request.access.link)
    return redirect("person:pin", request.access.token)


@require_safe
@person_page
def show(request: PersonRequest) -> HttpResponse:
    """What is to be done now, and where everything else is."""
    access = request.access
    context = {"overview": get_overview(access.claim, today=access.today), "page": "start"}
    return render(request, "portal/person/start.html", context)
