"""One's own account: name, language, password, sessions; the link for a forgotten password."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.portal.accounts.conftest import PASSWORD, House

NEW = "another-constructed-password"
_PAGES = ["/account/", "/account/password/", "/account/second-factor/", "/account/sessions/"]


@pytest.mark.parametrize("address", _PAGES)
def test_ones_own_pages_are_for_signed_in_people(house: House, address: str) -> None:
    assert Client().get(address)["Location"].startswith("/sign-in/?next=")
    for name in ("nobody", "reader", "broker", "clerk"):
        answer = house.browser(name).get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]


def test_name_and_language_are_changed_together(house: House) -> None:
    client = house.browser("reader")
    data = {"first_name": "Rita", "last_name": "Reich", "language": "en"}
    assert client.post("/account/", data).status_code == 302
    user = house.people["reader"]
    user.refresh_from_db()
    assert (user.get_full_name(), user.language) == ("Rita Reich", "en")
    assert '<html lang="en">' in client.get("/account/").content.decode()
    bad = client.post("/account/", {**data, "last_name": ""})
    assert bad.status_code == 200


def test_the_language_of_the_pages_becomes_that_of_the_mails(house: House) -> None:
    house.browser("reader").post("/language/", {"language": "en", "next": "/account/"})
    house.people["reader"].refresh_from_db()
    assert house.people["reader"].language == "en"
    for unknown in ("xx", "fr", ""):
        house.browser("reader").post("/language/", {"language": unknown, "next": "/account/"})
        house.people["reader"].refresh_from_db()
        assert house.people["reader"].language == "en"


def test_signing_in_goes_by_address_too_and_speaks_the_persons_language(house: House) -> None:
    house.people["reader"].language = "en"
    house.people["reader"].save()
    client = Client(headers={"accept-language": "de"})
    data = {"login": "Reader@Haus.example", "password": PASSWORD}
    assert client.post("/sign-in/", data).status_code == 302
    assert '<html lang="en">' in client.get("/account/").content.decode()


def test_a_changed_password_counts_and_is_told_by_mail(house: House) -> None:
    client = house.browser("reader")
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    page = client.post("/account/password/", data).content.decode()
    assert "Das ist nicht Ihr bisheriges Passwort" in page
    assert client.post("/account/password/", {**data, "oldpassword": PASSWORD}).status_code == 302
    house.people["reader"].refresh_from_db()
    assert house.people["reader"].check_password(NEW)
    assert client.get("/account/").status_code == 200


def test_a_weak_password_is_refused(house: House) -> None:
    data = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    answer = house.browser("reader").post("/account/password/", data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["password1"]


def test_a_forgotten_password_is_chosen_anew_by_the_link_of_a_mail(house: House) -> None:
    client = Client(headers={"accept-language": "de"})
    answer = client.post("/password/", {"email": "reader@haus.example"})
    assert answer["Location"] == "/password/sent/"
    assert client.get("/password/sent/").status_code == 200
    message = mail.outbox[0]
    assert message.to == ["reader@haus.example"]
    assert message.subject == "Ihr neues Passwort"
    found = re.search(r"https?://testserver(/password/new/\S+)", str(message.body))
    assert found is not None
    form = client.get(found.group(1))["Location"]
    assert client.get(form).status_code == 200
    client.post(form, {"password1": NEW, "password2": NEW})
    house.people["reader"].refresh_from_db()
    assert house.people["reader"].check_password(NEW)
    # The link is used up, and nobody was signed in by it.
    again = Client(headers={"accept-language": "de"}).get(found.group(1))
    assert "Dieser Link gilt nicht mehr" in again.content.decode()
    assert client.get("/account/").status_code == 302


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(house: House) -> None:
    answer = Client().post("/password/", {"email": "unknown@haus.example"})
    assert answer["Location"] == "/password/sent/"
    assert mail.outbox == []


def test_a_locked_account_does_not_open(house: House) -> None:
    house.people["reader"].is_active = False
    house.people["reader"].save()
    client = Client()
    client.post("/sign-in/", {"login": "reader", "password": PASSWORD})
    assert client.get("/account/").status_code == 302


def test_other_sessions_can_be_ended(house: House) -> None:
    browsers = [Client(headers={"accept-language": "de"}) for _ in range(2)]
    for client in browsers:
        client.post("/sign-in/", {"login": "reader", "password": PASSWORD})
    page = browsers[0].get("/account/sessions/").content.decode()
    assert "Sie sind in 2 Browsern angemeldet" in page
    browsers[0].post("/account/sessions/")
    assert browsers[0].get("/account/").status_code == 200
    assert browsers[1].get("/account/").status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password"])
def test_nobody_signs_up_or_changes_addresses(house: House, name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
    addresses = ("signup/", "accounts/signup/", "accounts/login/", "account/signup/")
    for address in addresses:
        assert Client().get(f"/{address}").status_code == 404
    assert get_resolver().url_patterns


@pytest.fixture
def limits(settings: Any, services: None) -> None:
    """The limits of production, with counters that no other test has used."""
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}


def test_after_five_wrong_passwords_the_right_one_waits_too(house: House, limits: None) -> None:
    name = house.people["reader"].username
    client = Client(headers={"accept-language": "de"}, REMOTE_ADDR="198.51.100.7")
    for _ in range(5):
        client.post("/sign-in/", {"login": name, "password": "wrong"})
    page = client.post("/sign-in/", {"login": name, "password": PASSWORD}).content.decode()
    assert "Zu viele Versuche" in page
    assert client.get("/account/").status_code == 302


def test_many_sign_ins_from_one_address_wait(house: House, limits: None) -> None:
    client = Client(headers={"accept-language": "de"}, REMOTE_ADDR="198.51.100.8")
    answers = [
        client.post("/sign-in/", {"login": f"somebody-{i}", "password": "x"}).status_code
        for i in range(31)
    ]
    assert answers[-1] == 429
    assert "Zu viele Versuche" in client.post("/sign-in/", {}).content.decode()
