"""Signing in and out, the language, and what people look after in their own account."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from aupolicy.models import User
from portal.forms.account import ProfileForm
from portal.views.adapters import speak


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """Sign-in by address or name and password; whoever is signed in already goes to the start."""

    template_name = "portal/sign_in.html"


class SignOut(LogoutView):  # type: ignore[misc]  # allauth has no types
    """Sign-out by POST, then back to the sign-in."""

    http_method_names = ["post"]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """End the session, also one that still waits for its second factor."""
        self.logout()
        return redirect("portal:sign_in")


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Another language, for this browser and for mails to the person."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and translation.check_for_language(language):
        User.objects.filter(pk=request.user.pk).update(language=language[:2])
    return set_language(request)


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
