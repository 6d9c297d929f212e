"""Addresses of the portal: what all share, then the rooms of insurer, employer and broker."""

from django.urls import path

from portal.views import account, start

app_name = "portal"

urlpatterns = [
    path("", start.show_start, name="start"),
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-out/", account.SignOut.as_view(), name="sign_out"),
    path("language/", account.choose_language, name="language"),
    path("account/", account.show_profile, name="account"),
]
