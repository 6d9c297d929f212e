"""Django's admin: for superusers only, and where it is required with a second factor."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from aupolicy.models import Grant
from tests.portal.accounts.conftest import House

_PAGES = [
    "/admin/", "/admin/aupolicy/user/", "/admin/aupolicy/grant/", "/admin/aupolicy/employer/",
    "/admin/aupolicy/broker/",
]  # fmt: skip


@pytest.mark.parametrize("address", _PAGES)
def test_only_superusers_enter(house: House, address: str) -> None:
    answer = Client().get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/sign-in/?next=/admin/")
    for name in ("nobody", "admin", "broker", "clerk", "auditor"):
        assert house.browser(name).get(address, follow=True).status_code == 404
    assert house.browser("chief").get(address).status_code == 200


def test_a_superuser_needs_a_second_factor(house: House, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = house.browser("chief")
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/second-factor/"
    Authenticator.objects.create(user=house.people["chief"], type="totp", data={})
    assert client.get("/admin/").status_code == 200


def test_employers_are_looked_at_and_grants_never_changed(house: House) -> None:
    client = house.browser("chief")
    page = client.get("/admin/aupolicy/employer/").content.decode()
    assert "Autohaus Fahrspaß GmbH" in page
    assert client.get("/admin/aupolicy/employer/add/").status_code == 403
    grant = Grant.objects.earliest("pk")
    for address in (f"{grant.pk}/delete/",):
        assert client.get(f"/admin/aupolicy/grant/{address}").status_code == 403
    answer = client.post(f"/admin/aupolicy/grant/{grant.pk}/change/", {"role": "clerk"})
    assert answer.status_code == 403
