"""The pages where a program's addresses are told of events, and what was sent there."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient, Broker, Employer
from aupolicy.operations.machines import create_client
from documents.models import WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks import deliver_due, send_test
from documents.tasks import send_webhooks
from tests.documents.receivers import Receiver, receiving
from tests.portal.accounts.conftest import House
from tests.portal.accounts.test_programs import browser

_SECRET = re.compile(r'<textarea[^>]*id="secret"[^>]*>([^<]+)<')


@pytest.fixture(autouse=True)
def private_addresses(settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def program(party: Employer | Broker, *scopes: ApiScope) -> ApiClient:
    return create_client(
        name="Lohnprogramm", party=party, scopes=scopes or tuple(ApiScope), by=None,
        now=timezone.now(),
    )  # fmt: skip


def room(client: ApiClient) -> str:
    whose = f"brokers/{client.broker_id}"
    if client.employer_id is not None:
        whose = f"employers/{client.employer_id}"
    return f"/{whose}/programs/{client.public_id}/webhooks/"


def read(client: Client, address: str, **data: str) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def add(client: Client, address: str, url: str, *topics: str) -> Any:
    form = read(client, f"{address}new/")
    after = re.search(r'name="after" value="(\d+)"', form)
    assert after is not None
    chosen = topics or ("notice.applied", "statement.posted")
    data = {"url": url, "topics": chosen, "after": after.group(1)}
    return client.post(f"{address}new/", data)


def test_from_the_first_address_to_a_call_that_was_taken(
    house: House, receiver: Receiver, django_capture_on_commit_callbacks: Any
) -> None:
    admin, client = browser(house, "admin"), program(house.employer)
    address = room(client)
    assert "Noch keine Adresse" in read(admin, address)
    assert address in read(admin, address.removesuffix("webhooks/"))
    answer = add(admin, address, receiver.url)
    found = _SECRET.search(unescape(answer.content.decode()))
    assert found is not None
    secret = found.group(1)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.topics, endpoint.created_by) == (
        ["notice.applied", "statement.posted"], house.people["admin"],
    )  # fmt: skip
    here = f"{address}{endpoint.public_id}/"
    assert secret not in read(admin, here)
    assert "wird unter einer Adresse benachrichtigt" in read(admin, address)
    with (
        patch.object(send_webhooks, "delay") as woken,
        django_capture_on_commit_callbacks(execute=True),
    ):
        tested = admin.post(f"{here}test/")
    woken.assert_called_once_with()
    assert "steht an" in read(admin, tested["Location"])
    deliver_due(now=timezone.now())
    (came,) = receiver.received
    assert Webhook(secret).verify(came.body, came.headers)["type"] == "endpoint.tested"
    html = read(admin, tested["Location"])
    assert "zugestellt" in html
    assert came.headers["webhook-id"] in html
    assert f'"endpoint": "{endpoint.public_id}"' in html


def test_a_new_address_is_made_once_although_the_form_was_sent_twice(
    house: House, receiver: Receiver
) -> None:
    admin, address = browser(house, "admin"), room(program(house.employer))
    data = {"url": receiver.url, "topics": ["notice.applied"], "after": "0"}
    assert admin.post(f"{address}new/", data).status_code == 200
    assert admin.post(f"{address}new/", data)["Location"] == address
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Geben Sie die Adresse an."),
        ("lohn.example.org", "Die Adresse muss mit https:// beginnen."),
        ("https://wir:geheim@lohn.example.org/", "gehören nicht in die Adresse"),
        ("https://lohn.example.org:22/", "Ports 443 und 8443"),
        ("https://127.0.0.1/", "führt in ein internes Netz"),
        ("https://gibt-es-nicht.invalid/", "Diesen Namen gibt es im Internet nicht."),
    ],
)
def test_what_cannot_be_called_is_refused_at_the_field(
    house: House, url: str, words: str, settings: Settings
) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    admin, address = browser(house, "admin"), room(program(house.employer))
    html = unescape(add(admin, address, url).content.decode())
    assert words in html
    assert f'value="{url}"' in html or not url
    assert not WebhookEndpoint.objects.exists()


def test_only_what_the_program_may_read_is_offered(house: House) -> None:
    admin = browser(house, "admin")
    address = room(program(house.employer, ApiScope.STATEMENTS_READ))
    html = read(admin, f"{address}new/")
    assert "statement.posted" in html
    assert "notice.applied" not in html
    answer = add(admin, address, "https://8.8.8.8/", "notice.applied")
    assert answer.status_code == 200
    assert not WebhookEndpoint.objects.exists()


def listen(house: House, receiver: Receiver, party: Employer | Broker | None = None) -> str:
    """The page of an address that was tested twice: one call failed, one waits."""
    client = program(party or house.employer)
    name = "broker" if isinstance(party, Broker) else "admin"
    add(browser(house, name), room(client), receiver.url)
    endpoint = WebhookEndpoint.objects.get(client=client)
    receiver.answers = [503]
    send_test(endpoint=endpoint, now=timezone.now())
    deliver_due(now=timezone.now())
    send_test(endpoint=endpoint, now=timezone.now())
    return f"{room(client)}{endpoint.public_id}/"


def test_the_log_is_narrowed_and_tells_what_came_back(house: House, receiver: Receiver) -> None:
    here = listen(house, receiver)
    admin = browser(house, "admin")
    html = read(admin, here)
    assert "gestört" in html
    assert "abgelehnt (503)" in html
    assert html.count("<tbody>") == 1
    for wanted, rows in (("repeated", 1), ("waiting", 1), ("delivered", 0), ("nonsense", 2)):
        assert len(_rows(read(admin, here, state=wanted))) == rows
    assert len(_rows(read(admin, here, topic="notice.applied"))) == 0
    everything = here.split("webhooks/")[0] + "webhooks/"
    assert len(_rows(read(admin, everything, topic="endpoint.tested"))) == 2


def _rows(html: str) -> list[str]:
    return re.findall(r'href="[^"]+/webhooks/deliveries/', html)


def test_what_was_given_up_is_sent_again(house: House, receiver: Receiver) -> None:
    here = listen(house, receiver)
    admin, now = browser(house, "admin"), timezone.now()
    WebhookDelivery.objects.update(next_attempt_at=None, given_up_at=now)
    assert "2 aufgegebene Ereignisse noch einmal senden" in read(admin, here)
    first = WebhookDelivery.objects.earliest("pk")
    log = here.rsplit("/", 2)[0] + f"/deliveries/{first.public_id}/"
    assert admin.post(f"{log}again/")["Location"] == log
    deliver_due(now=timezone.now())
    assert "noch einmal verlangt" in read(admin, log)
    assert receiver.received[0].headers["webhook-id"] == receiver.received[-1].headers["webhook-id"]
    assert admin.post(f"{here}repeat/")["Location"] == here
    assert deliver_due(now=timezone.now()).delivered == 1
    assert not WebhookDelivery.objects.filter(delivered_at=None).exists()


def test_an_address_is_given_another_secret_and_ended(house: House, receiver: Receiver) -> None:
    here = listen(house, receiver)
    admin = browser(house, "admin")
    html = unescape(admin.post(f"{here}rotate/", {"after": ""}).content.decode())
    assert _SECRET.search(html) is not None
    # Sent a second time it changes nothing.
    assert admin.post(f"{here}rotate/", {"after": ""})["Location"] == here
    assert "unterschreibt noch bis" in read(admin, here)
    admin.post(f"{here}end/")
    html = read(admin, here)
    assert "abgeschaltet" in html
    assert "Geheimnis erneuern" not in html
    answer = admin.post(f"{here}test/", follow=True)
    assert "beendet" in unescape(answer.content.decode())


def test_a_broker_has_the_same_pages_and_sees_what_it_was_told(
    house: House, receiver: Receiver
) -> None:
    here = listen(house, receiver, house.broker)
    html = read(browser(house, "broker"), here)
    assert len(_rows(html)) == 2


def test_who_may_look_and_who_may_change(house: House, receiver: Receiver) -> None:
    here = listen(house, receiver)
    posts = ("test/", "rotate/", "repeat/")
    for name, looks in (
        ("reader", 403), ("outsider", 404), ("broker", 404), ("nobody", 404), ("auditor", 200),
    ):  # fmt: skip
        someone = browser(house, name)
        assert someone.get(here).status_code == looks, name
        assert {someone.post(here + post).status_code for post in posts} <= {403, 404}, name
    assert WebhookEndpoint.objects.get().old_secret_until is None
    # Another employer's own program does not lead to this address either.
    other = program(house.other)
    foreign = browser(house, "outsider").get(f"{room(other)}{here.split('/')[-2]}/")
    assert foreign.status_code == 404


def test_the_pages_are_light(house: House, receiver: Receiver) -> None:
    here = listen(house, receiver)
    endpoint = WebhookEndpoint.objects.get()
    for _ in range(30):
        send_test(endpoint=endpoint, now=timezone.now())
    admin = browser(house, "admin")
    log = f"{here.rsplit('/', 2)[0]}/"
    last = f"{log}deliveries/{WebhookDelivery.objects.latest('pk').public_id}/"
    for address in (log, here, last):
        with CaptureQueriesContext(connection) as captured:
            html = admin.get(address).content
        asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        asked = [sql for sql in asked if "set_config" not in sql and "current_setting(" not in sql]
        assert len(asked) <= 12, address
        assert len(html) < 100_000
