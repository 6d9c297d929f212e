"""The pages of programs: who sees and manages them, and secrets that are shown once."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient, ApiKey, Broker, Employer, Right
from aupolicy.operations import give_authority
from aupolicy.operations.machines import (
    MadeKey,
    create_client,
    create_key,
    create_oauth,
    revoke_key,
)
from tests.portal.accounts.conftest import House

SETTINGS = {"name": "Lohnprogramm", "scopes": ["notices:write", "members:read"], "networks": ""}
_SECRET = re.compile(r'<textarea[^>]*id="secret"[^>]*>([^<]+)<')


def browser(house: House, name: str) -> Client:
    """A browser of somebody who has signed in just now."""
    client = house.browser(name)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, house.people[name], "password")
    request.session.save()
    return client


def made(house: House, party: Employer | Broker | None = None, days: int = 100) -> MadeKey:
    now = timezone.now()
    client = create_client(
        name="Zeiterfassung", party=party or house.employer, scopes=[ApiScope.MEMBERS_READ],
        networks=["203.0.113.0/24"], by=house.people["admin"], now=now,
    )  # fmt: skip
    return create_key(client=client, expires_at=now + timedelta(days=days), by=None, now=now)


def room(house: House) -> str:
    return f"/employers/{house.employer.pk}/programs/"


def page_of(house: House, key: ApiKey) -> str:
    return f"{room(house)}{key.client.public_id}/"


def after(page: Any) -> str:
    """The mark of a form that shows a secret."""
    found = re.search(r'name="after"[^>]*value="([^"]*)"', page.content.decode())
    assert found
    return unescape(found[1])


def test_a_program_is_made_and_its_key_shown_once(house: House) -> None:
    client = browser(house, "admin")
    form = client.get(f"{room(house)}new/")
    data = SETTINGS | {"way": "key", "life": "365", "after": after(form)}
    answer = client.post(f"{room(house)}new/", data)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = _SECRET.search(answer.content.decode())
    assert found
    key = ApiKey.objects.get()
    assert found[1].startswith(f"{key.prefix}_")
    assert key.created_by == house.people["admin"]
    assert key.client.scopes == ["notices:write", "members:read"]

    # Sent again, as by reloading: nothing is made and nothing shown.
    again = client.post(f"{room(house)}new/", data)
    assert again["Location"] == room(house)
    assert ApiKey.objects.count() == ApiClient.objects.count() == 1
    pages = [client.get(address).content.decode() for address in (room(house), page_of(house, key))]
    assert all("Lohnprogramm" in page for page in pages)
    assert not any(found[1] in page for page in pages)
    assert f"{key.prefix}…" in pages[1]
    told = Client().get("/api/v1/me", headers={"authorization": f"Bearer {found[1]}"})
    assert told.json()["name"] == "Lohnprogramm"


def test_a_program_that_signs_in_with_oauth(house: House) -> None:
    client = browser(house, "admin")
    data = SETTINGS | {"way": "oauth", "life": "365", "after": "0"}
    page = client.post(f"{room(house)}new/", data).content.decode()
    found = _SECRET.search(page)
    program = ApiClient.objects.get()
    assert found
    assert str(program.public_id) in page
    asked = {"grant_type": "client_credentials", "client_id": str(program.public_id)}
    token = (
        Client()
        .post(
            "/api/v1/oauth/token",
            urlencode(asked | {"client_secret": found[1]}),
            content_type="application/x-www-form-urlencoded",
        )
        .json()
    )
    assert token["token_type"] == "Bearer"
    assert (
        str(program.public_id) in client.get(f"{room(house)}{program.public_id}/").content.decode()
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 71}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"networks": "Büro"}, "networks"),
        ({"networks": "10.0.0.0/8\n" * 51}, "networks"),
        ({"life": "9999"}, "life"),
        ({"way": "x"}, "way"),
    ],
)
def test_what_is_wrong_stands_at_its_field(house: House, data: dict[str, Any], field: str) -> None:
    sent = SETTINGS | {"way": "key", "life": "365", "after": "0"} | data
    answer = browser(house, "admin").post(f"{room(house)}new/", sent)
    assert list(answer.context["form"].errors) == [field]
    assert not ApiClient.objects.exists()


def test_before_a_secret_is_shown_one_says_again_who_one_is(house: House) -> None:
    key = made(house).key
    address = page_of(house, key)
    # Signed in a while ago.
    client = house.browser("admin")
    secrets = (f"{room(house)}new/", f"{address}keys/new/", f"{address}keys/{key.pk}/rotate/",
               f"{address}secret/")  # fmt: skip
    for secret in secrets:
        for answer in (client.get(secret), client.post(secret, SETTINGS)):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/account/confirm/?next=")
    assert ApiKey.objects.count() == 1
    # To close a key must be quick.
    assert client.get(f"{address}keys/{key.pk}/revoke/").status_code == 200


def test_after_saying_who_one_is_the_key_is_shown(house: House) -> None:
    key = made(house).key
    address = f"{page_of(house, key)}keys/new/"
    client = house.browser("admin")
    sent = client.post(address, {"life": "90", "after": f"{key.pk}/"})
    answer = client.post(sent["Location"], {"password": "constructed-for-tests-only"})
    assert _SECRET.search(answer.content.decode())
    assert ApiKey.objects.count() == 2


def test_a_key_is_renewed_and_the_old_one_goes_on_for_a_while(house: House) -> None:
    old = made(house).key
    client = browser(house, "admin")
    address = f"{page_of(house, old)}keys/{old.pk}/rotate/"
    mark = after(client.get(address))
    page = client.post(address, {"life": "365", "overlap": "14", "after": mark})
    assert _SECRET.search(page.content.decode())
    old.refresh_from_db()
    days = old.expires_at - timezone.now()
    assert timedelta(days=13) < days <= timedelta(days=14)
    new = ApiKey.objects.latest("pk")
    assert new.client == old.client
    assert client.post(address, {"life": "365", "overlap": "0", "after": mark}).status_code == 302
    assert ApiKey.objects.count() == 2


def test_a_key_is_closed_after_a_question(house: House) -> None:
    key = made(house).key
    client = browser(house, "admin")
    address = f"{page_of(house, key)}keys/{key.pk}/revoke/"
    assert key.prefix in client.get(address).content.decode()
    assert client.post(address)["Location"] == page_of(house, key)
    key.refresh_from_db()
    assert key.revoked_by == house.people["admin"]
    page = client.get(page_of(house, key)).content.decode()
    assert "gesperrt" in page
    assert "ohne gültigen Schlüssel" in page


def test_settings_change_and_a_program_ends(house: House) -> None:
    key = made(house).key
    client = browser(house, "admin")
    changed = {"name": "Lohn", "scopes": ["payroll:read"], "networks": "10.1.2.3, ::1"}
    assert client.post(f"{page_of(house, key)}change/", changed)["Location"] == page_of(house, key)
    program = ApiClient.objects.get()
    assert (program.name, program.scopes) == ("Lohn", ["payroll:read"])
    assert program.networks == ["10.1.2.3/32", "::1/128"]
    assert client.post(f"{page_of(house, key)}end/")["Location"] == room(house)
    program.refresh_from_db()
    assert program.ended_by == house.people["admin"]
    for page in ("change/", "keys/new/"):
        sent = changed | {"life": "90", "after": f"{key.pk}/"}
        answer = client.post(f"{page_of(house, key)}{page}", sent)
        assert "Diese Anbindung ist beendet." in answer.content.decode()


def test_a_secret_is_renewed_and_removed(house: House) -> None:
    key = made(house).key
    create_oauth(client=key.client)
    client = browser(house, "admin")
    address = f"{page_of(house, key)}secret/"
    mark = after(client.get(address))
    assert _SECRET.search(client.post(address, {"after": mark}).content.decode())
    assert client.post(address, {"after": mark})["Location"] == page_of(house, key)
    client.post(address, {"do": "end"})
    key.client.refresh_from_db()
    assert key.client.oauth_application_id is None


_MAY = [
    # who, list, details, manage, end
    ("admin", 200, 200, 200, 200),
    ("reader", 200, 403, 403, 403),
    ("auditor", 200, 200, 403, 403),
    ("clerk", 200, 200, 403, 200),
    ("broker", 200, 403, 403, 403),
    ("outsider", 404, 404, 404, 404),
    ("nobody", 404, 404, 404, 404),
]


@pytest.mark.parametrize(("name", "listed", "looked", "managed", "ended"), _MAY)
def test_who_may_do_what(  # noqa: PLR0917 -- a row of the table
    house: House, name: str, listed: int, looked: int, managed: int, ended: int
) -> None:
    give_authority(
        employer=house.employer, broker=house.broker, right=Right.EDIT, first_day=house.today
    )
    key = made(house).key
    client, address = browser(house, name), page_of(house, key)
    assert client.get(room(house)).status_code == listed
    assert client.get(address).status_code == looked
    pages = (f"{room(house)}new/", f"{address}change/", f"{address}keys/new/", f"{address}secret/",
             f"{address}keys/{key.pk}/rotate/", f"{address}keys/{key.pk}/revoke/")  # fmt: skip
    for page in pages:
        assert client.get(page).status_code == managed, page
        if managed != 200:
            assert client.post(page, SETTINGS).status_code == managed, page
    assert client.get(f"{address}end/").status_code == ended
    closed = client.post(f"{address}end/").status_code
    assert closed == (302 if ended == 200 else ended)
    assert ApiKey.objects.count() == 1
    key.refresh_from_db()
    assert (key.client.ended_at is not None) == (ended == 200)


def test_a_broker_has_programs_of_its_own(house: House) -> None:
    address = f"/brokers/{house.broker.pk}/programs/"
    client = browser(house, "broker")
    assert "Kein Programm ist angebunden" in client.get(address).content.decode()
    data = SETTINGS | {"way": "key", "life": "90", "after": "0"}
    assert _SECRET.search(client.post(f"{address}new/", data).content.decode())
    program = ApiClient.objects.get()
    assert program.broker == house.broker
    page = f"{address}{program.public_id}/"
    assert client.get(page).status_code == 200
    # The insurer's clerk looks and may end it; no employer finds it.
    clerk = browser(house, "clerk")
    assert clerk.get(page).status_code == 200
    assert clerk.get(f"{page}change/").status_code == 403
    assert browser(house, "auditor").post(f"{page}end/").status_code == 403
    assert browser(house, "admin").get(page).status_code == 404
    assert browser(house, "admin").get(f"{room(house)}{program.public_id}/").status_code == 404
    assert clerk.post(f"{page}end/")["Location"] == address


def test_keys_of_other_programs_lead_nowhere(house: House) -> None:
    own, other = made(house).key, made(house, house.other).key
    client = browser(house, "admin")
    assert client.get(page_of(house, other)).status_code == 404
    for page in ("rotate", "revoke"):
        assert client.get(f"{page_of(house, own)}keys/{other.pk}/{page}/").status_code == 404


def test_the_start_page_says_when_a_program_soon_has_no_key(house: House) -> None:
    start = f"/employers/{house.employer.pk}/"
    brokers = f"/brokers/{house.broker.pk}/"
    told = "1 Programm braucht bald einen neuen Schlüssel"
    made(house, days=100)
    made(house, house.other, days=5)
    assert told not in house.browser("admin").get(start).content.decode()
    assert told not in house.browser("broker").get(brokers).content.decode()
    key = made(house, days=5).key
    made(house, house.broker, days=5)
    assert told in house.browser("admin").get(start).content.decode()
    assert told in house.browser("broker").get(brokers).content.decode()
    revoke_key(key=key, by=None, now=timezone.now())
    assert told not in house.browser("admin").get(start).content.decode()
