"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView

from portal.forms.account import SignInForm


class SignIn(LoginView):
    """Sign-in by name and password; whoever is signed in already goes to the start."""

    template_name = "portal/sign_in.html"
    authentication_form = SignInForm
    next_page = "portal:start"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Sign-out by POST, then back to the sign-in."""

    next_page = "portal:sign_in"
