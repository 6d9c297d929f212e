"""Addresses of the portal."""

from django.urls import path
from django.views.i18n import set_language

from portal.views import account, contracts

app_name = "portal"
urlpatterns = [
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-out/", account.SignOut.as_view(), name="sign_out"),
    path("language/", set_language, name="language"),
    path("", contracts.list_contracts, name="start"),
    path("contracts/", contracts.list_contracts, name="contracts"),
    path("notices/", contracts.list_contracts, name="notices"),
    path("runs/", contracts.list_contracts, name="runs"),
    path("collections/", contracts.list_contracts, name="collections"),
    path("tariffs/", contracts.list_contracts, name="tariffs"),
]
