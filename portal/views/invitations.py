"""Taking an invitation: by a new person, or by one who has an account already."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aupolicy.models import Grant, Invitation, Role, User
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.operations.invitations import NewPerson, UnableToAccept, accept_invitation
from aupolicy.queries.invitations import describe_obstacle, find_invitation, find_owner
from portal.forms.account import AcceptInvitationForm
from portal.words import ROLE_WORDS

_PAGE = "account/invitation.html"


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is invited to, and the form to take it."""
    with acting_within(ALL):
        invitation = find_invitation(secret)
        obstacle = _find_obstacle(invitation)
        if invitation is None or obstacle:
            context = {"obstacle": obstacle, "invitation": invitation}
            return render(request, _PAGE, context, status=404 if invitation is None else 410)
        with translation.override(_language(request, invitation)):
            return _take(request, invitation, secret)


def _find_obstacle(invitation: Invitation | None) -> str:
    """Why the invitation of the link cannot be taken, as a code; empty where it can."""
    return "UNKNOWN" if invitation is None else describe_obstacle(invitation, timezone.now())


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """The language of the invitation, until the reader chooses another."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language() or "de"
    return invitation.language


def _take(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    owner = find_owner(invitation.email)
    user = request.user
    context: dict[str, Any] = {
        "invitation": invitation,
        "party": invitation.employer or invitation.broker,
        "role": ROLE_WORDS[Role(invitation.role)],
    }
    if isinstance(user, User):
        return _take_as(request, user, secret, context)
    if owner is not None:
        address = reverse("accept_invitation", args=[secret])
        context["sign_in_url"] = redirect_to_login(address).url
        return render(request, _PAGE, context)
    form = AcceptInvitationForm(request.POST or None, email=invitation.email)
    if not form.is_valid():
        return render(request, _PAGE, {**context, "form": form})
    data = form.cleaned_data
    person = NewPerson(data["first_name"], data["last_name"], data["password"])
    try:
        grant = accept_invitation(secret=secret, taker=person, now=timezone.now())
    except UnableToAccept as error:
        return render(request, _PAGE, {**context, "obstacle": error.code}, status=410)
    login = Login(user=grant.user, redirect_url=_find_room(grant))
    answer: HttpResponse = perform_login(request, login)
    return answer


def _take_as(
    request: HttpRequest, user: User, secret: str, context: dict[str, Any]
) -> HttpResponse:
    """Somebody who is signed in takes the role by one button."""
    if request.method != "POST":
        return render(request, _PAGE, {**context, "as_user": user})
    try:
        grant = accept_invitation(secret=secret, taker=user, now=timezone.now())
    except UnableToAccept as error:
        return render(request, _PAGE, {**context, "obstacle": error.code}, status=409)
    messages.success(request, _("Die Einladung ist angenommen."))
    return redirect(_find_room(grant))


def _find_room(grant: Grant) -> str:
    """The address of the room that a grant opens."""
    if grant.employer_id is not None:
        return reverse("employer:start", args=[grant.employer_id])
    if grant.broker_id is not None:
        return reverse("broker:start", args=[grant.broker_id])
    return reverse("portal:start")
