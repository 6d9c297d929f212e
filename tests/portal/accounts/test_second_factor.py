"""The second factor: set up with a real code, asked for at each sign-in, required where needed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.portal.accounts.conftest import PASSWORD, House
from tests.portal.accounts.totp import make_code

GERMAN = {"accept-language": "de"}


def _sign_in(name: str) -> tuple[Client, Any]:
    client = Client(headers=GERMAN)
    return client, client.post("/sign-in/", {"login": name, "password": PASSWORD})


def _set_up(client: Client) -> str:
    """Set an app up as a person does; the secret is read off the page."""
    page = client.get("/account/second-factor/app/").content.decode()
    found = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert found is not None
    assert 'src="data:image/svg+xml;base64,' in page
    answer = client.post("/account/second-factor/app/", {"code": make_code(found.group(1))})
    assert answer.status_code == 302
    return found.group(1)


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(house: House) -> None:
    client, _ = _sign_in("admin")
    secret = _set_up(client)
    client.post("/sign-out/")
    client, answer = _sign_in("admin")
    assert answer["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert "Dieser Code gilt nicht" in wrong.content.decode()
    assert client.get("/account/").status_code == 302
    # A code is taken once, so the next one is used.
    answer = client.post("/sign-in/code/", {"code": make_code(secret, steps=1)})
    assert answer["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_first_code_sets_nothing_up(house: House) -> None:
    client, _ = _sign_in("admin")
    client.get("/account/second-factor/app/")
    answer = client.post("/account/second-factor/app/", {"code": "000000"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_secret_lies_sealed_in_the_database(house: House) -> None:
    client, _ = _sign_in("admin")
    secret = _set_up(client)
    data = Authenticator.objects.get(type="totp").data
    assert secret not in str(data)
    assert data["secret"].startswith("development:")


def test_a_spare_code_opens_once(house: House) -> None:
    client, _ = _sign_in("admin")
    _set_up(client)
    page = client.get("/account/second-factor/codes/").content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(codes) == 10
    file = client.get("/account/second-factor/codes/file/")
    assert "attachment" in file["Content-Disposition"]
    assert codes[0] in file.content.decode()
    for expected in (302, 200):
        client, _ = _sign_in("admin")
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == expected


def test_new_spare_codes_replace_the_former(house: House) -> None:
    client, _ = _sign_in("admin")
    _set_up(client)
    before = client.get("/account/second-factor/codes/").content
    client.post("/account/second-factor/codes/new/")
    assert client.get("/account/second-factor/codes/").content != before


def test_the_app_may_go_where_no_factor_is_required(house: House) -> None:
    client, _ = _sign_in("admin")
    _set_up(client)
    assert client.get("/account/second-factor/app/remove/").status_code == 200
    client.post("/account/second-factor/app/remove/")
    assert not Authenticator.objects.filter(type="totp").exists()


_ROOMS: dict[str, Callable[[House], str]] = {
    "clerk": lambda _: "/users/",
    "auditor": lambda _: "/users/",
    "broker": lambda house: f"/brokers/{house.broker.pk}/users/",
    "admin": lambda house: f"/employers/{house.employer.pk}/users/",
}


@pytest.mark.parametrize("name", ["clerk", "auditor", "broker"])
def test_insurer_and_broker_need_a_second_factor(house: House, settings: Any, name: str) -> None:
    address = _ROOMS[name](house)
    assert house.browser(name).get(address).status_code == 200
    settings.MFA_REQUIRED = True
    client, _ = _sign_in(name)
    for answer in (client.get(address), client.post(address)):
        assert answer["Location"] == "/account/second-factor/"
    client.get(address)
    _set_up(client)
    page = client.get("/account/second-factor/").content.decode()
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    # The only factor stays.
    page = client.get("/account/second-factor/app/remove/").content.decode()
    assert "Richten Sie zuerst einen anderen ein" in page
    client.post("/account/second-factor/app/remove/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_an_employers_people_need_one_where_the_employer_wants_it(
    house: House, settings: Any
) -> None:
    settings.MFA_REQUIRED = True
    address = _ROOMS["admin"](house)
    assert house.browser("admin").get(address).status_code == 200
    house.employer.requires_mfa = True
    house.employer.save()
    client, _ = _sign_in("admin")
    assert client.get(address)["Location"] == "/account/second-factor/"
    _set_up(client)
    assert client.get(address).status_code == 200


def test_spare_codes_alone_are_no_second_factor(house: House, settings: Any) -> None:
    Authenticator.objects.create(user=house.people["clerk"], type="recovery_codes", data={})
    settings.MFA_REQUIRED = True
    assert house.browser("clerk").get("/users/")["Location"] == "/account/second-factor/"


def test_a_stranger_is_told_nothing_by_the_requirement(house: House, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    assert house.browser("nobody").get("/users/").status_code == 404


def test_the_password_is_asked_again_before_a_factor_is_changed(house: House) -> None:
    client = house.browser("admin")
    answer = client.get("/account/second-factor/app/")
    assert answer["Location"].startswith("/account/confirm/?next=")
    wrong = client.post(answer["Location"], {"password": "wrong"})
    assert "Das ist nicht Ihr Passwort" in wrong.content.decode()
    right = client.post(answer["Location"], {"password": PASSWORD})
    assert right["Location"] == "/account/second-factor/app/"
    assert client.get("/account/second-factor/app/").status_code == 200
