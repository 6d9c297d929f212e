"""Who must prove more than a password, and whether they have."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aupolicy.models import Employer, User
from aupolicy.queries import Rights

# Codes for the day the telephone is lost are no second factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_NEXT = "after_second_factor"


def requires_second_factor(rights: Rights, *, is_superuser: bool = False) -> bool:
    """Whether somebody with these rights may only work with a second factor.

    The insurer's and the brokers' people always, an employer's where the employer wants it.
    """
    if settings.MFA_REQUIRED and (rights.is_insurer or rights.brokers or is_superuser):
        return True
    own = rights.employers
    return bool(own) and Employer.objects.filter(pk__in=own, requires_mfa=True).exists()


def has_second_factor(user: User) -> bool:
    """Whether a user has an app or a passkey; then no sign-in goes without it."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def lacks_second_factor(request: HttpRequest, rights: Rights) -> bool:
    """Whether who asks must set up a second factor first."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- the gate has seen to it
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return False
    required = requires_second_factor(rights, is_superuser=user.is_superuser)
    return required and not has_second_factor(user)


def ask_for_second_factor(request: HttpRequest) -> HttpResponseRedirect:
    """To the page where it is set up; the page asked for is kept for afterwards."""
    request.session[_NEXT] = request.get_full_path() if request.method == "GET" else "/"
    messages.warning(
        request,
        _("Ihr Zugang braucht einen zweiten Faktor. Richten Sie ihn ein, dann geht es weiter."),
    )
    return redirect("mfa_index")


def page_after_set_up(request: HttpRequest) -> Any:
    """The page that was asked for before the second factor was set up; empty without one."""
    return request.session.get(_NEXT, "")
