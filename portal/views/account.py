"""Signing in and out, the language, and what people look after in their own account."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from aupolicy.models import User
from portal.forms.account import ProfileForm
from portal.views.adapters import speak
from portal.views.second_factor import FACTORS


class SignIn(LoginView):
    """Sign-in by address or name and password; whoever is signed in already goes to the start."""

    template_name = "portal/sign_in.html"


class SignOut(LogoutView):
    """Sign-out by POST, then back to the sign-in."""

    http_method_names = ["post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """End the session, also one that still waits for its second factor."""
        self.logout()
        return redirect("portal:sign_in")


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Another language, for this browser and for mails to the person."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return set_language(request)


class SecondFactor(IndexView):
    """The app, the passkeys and the spare codes of a person."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether one of them is a factor of its own."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        held = context["authenticators"]
        return {**context, "has_factor": any(factor in held for factor in FACTORS)}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_profile(request: HttpRequest) -> HttpResponse:
    """A person's name and language."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- login_required has seen to it
    form = ProfileForm(request.POST or None, instance=user)
    if not form.is_valid():
        return render(request, "account/profile.html", {"form": form})
    form.save()
    response = redirect("account_profile")
    speak(response, user.language)
    with translation.override(user.language):
        messages.success(request, _("Ihre Angaben sind gespeichert."))
    return response
