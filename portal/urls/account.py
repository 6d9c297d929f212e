"""Addresses of signing in and of one's own account. allauth finds its pages by these names.

Only what is listed here can be reached: there is no sign-up and no page for addresses.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache

from portal.views import account, invitations


def _page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    """A page that no browser keeps: it shows secrets or personal data."""
    return path(address, never_cache(view), name=name)


_KEY = "account/second-factor/passkeys/<int:pk>/"
_sign_in = [
    _page("sign-in/", account.SignIn.as_view(), "account_login"),
    _page("sign-in/code/", mfa.authenticate, "mfa_authenticate"),
    _page("sign-in/passkey/", webauthn.login_webauthn, "mfa_login_webauthn"),
    _page("sign-in/closed/", account_views.account_inactive, "account_inactive"),
    _page("sign-out/", account.SignOut.as_view(), "account_logout"),
    _page("invitations/<str:secret>/", invitations.accept, "accept_invitation"),
]
_password = [
    _page("password/", account_views.password_reset, "account_reset_password"),
    _page("password/sent/", account_views.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-:\w]+)/$",
        never_cache(account_views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _page(
        "password/done/",
        account_views.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
]
_own = [
    _page("account/", account.show_profile, "account_profile"),
    _page("account/password/", account_views.password_change, "account_change_password"),
    _page("account/sessions/", sessions.list_usersessions, "usersessions_list"),
    _page("account/confirm/", account_views.reauthenticate, "account_reauthenticate"),
    _page("account/confirm/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    _page(
        "account/confirm/passkey/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"
    ),
]
_second_factor = [
    _page("account/second-factor/", login_required(account.SecondFactor.as_view()), "mfa_index"),
    _page("account/second-factor/app/", totp.activate_totp, "mfa_activate_totp"),
    _page("account/second-factor/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("account/second-factor/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _page(
        "account/second-factor/codes/new/",
        codes.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    _page(
        "account/second-factor/codes/file/",
        codes.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
    _page("account/second-factor/passkeys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    _page("account/second-factor/passkeys/new/", webauthn.add_webauthn, "mfa_add_webauthn"),
    _page(f"{_KEY}name/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _page(f"{_KEY}remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
]
urlpatterns = [*_sign_in, *_password, *_own, *_second_factor]
