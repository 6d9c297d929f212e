"""The users pages of the three rooms: who sees them, who changes what."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from aupolicy.models import BrokerAuthority, Grant, Invitation, Right, Role
from aupolicy.operations import give_authority
from aupolicy.queries import get_rights
from documents.tasks import send_mails
from tests.portal.accounts.conftest import House


@pytest.fixture(autouse=True)
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails are sent when a test says so."""
    monkeypatch.setattr(send_mails, "delay", lambda: None)


def _employer(house: House) -> str:
    return f"/employers/{house.employer.pk}/users/"


def _grant(house: House, name: str) -> Grant:
    return Grant.objects.get(user=house.people[name], period__contains=house.today)


_SEEN = [
    ("admin", 200), ("clerk", 200), ("auditor", 200), ("reader", 403), ("broker", 403),
    ("outsider", 404), ("nobody", 404),
]  # fmt: skip


@pytest.mark.parametrize(("name", "status"), _SEEN)
def test_who_sees_the_people_of_an_employer(house: House, name: str, status: int) -> None:
    # The broker may read, so it is not a stranger; users are not its business.
    give_authority(
        employer=house.employer, broker=house.broker, right=Right.READ, first_day=house.today
    )
    assert house.browser(name).get(_employer(house)).status_code == status


def test_without_an_authority_the_broker_is_a_stranger(house: House) -> None:
    assert house.browser("broker").get(_employer(house)).status_code == 404


def test_the_list_says_who_may_what_since_when_and_by_whom(house: House) -> None:
    page = house.browser("admin").get(_employer(house)).content.decode()
    assert "2 Personen haben hier Zugang" in page
    for text in ("Admin Muster", "Reader Muster", "Verwaltung", "Einsicht", "Was Nordlicht GmbH"):
        assert text in page
    assert "Outsider" not in page
    assert "Clerk" not in page


def test_an_admin_invites_and_the_mail_opens_the_door(house: House) -> None:
    client = house.browser("admin")
    data = {"email": "neu@haus.example", "role": "employer_editor"}
    assert client.post(_employer(house), data)["Location"] == _employer(house)
    page = client.get(_employer(house)).content.decode()
    assert "neu@haus.example" in page
    send_mails()
    message = mail.outbox[0]
    assert message.to == ["neu@haus.example"]
    link = next(w for w in str(message.body).split() if "/invitations/" in w)
    assert Client().get(link.partition(":8000")[2]).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"email": "kein-postfach", "role": "employer_editor"},
        {"email": "neu@haus.example", "role": "clerk"},
        {"email": "neu@haus.example"},
        {"email": "reader@haus.example", "role": "employer_reader"},
    ],
)
def test_a_wrong_invitation_is_not_sent(house: House, data: dict[str, str]) -> None:
    answer = house.browser("admin").post(_employer(house), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("reader", 403), ("auditor", 403), ("outsider", 404), ("nobody", 404)]
)
def test_who_may_not_change_the_people_of_an_employer(house: House, name: str, status: int) -> None:
    invitation = _invite(house)
    grant = _grant(house, "reader")
    client = house.browser(name)
    posts: tuple[tuple[str, dict[str, Any]], ...] = (
        (_employer(house), {"email": "neu2@haus.example", "role": "employer_admin"}),
        (f"{_employer(house)}{grant.pk}/", {"do": "end"}),
        (f"{_employer(house)}{grant.pk}/", {"do": "change", "role": "employer_admin"}),
        (f"{_employer(house)}invitations/{invitation.pk}/", {"do": "withdraw"}),
        (f"{_employer(house)}settings/", {"requires_mfa": "on"}),
        (f"{_employer(house)}settings/", {"broker": house.broker.pk, "right": "admin"}),
    )
    for address, data in posts:
        assert client.post(address, data).status_code == status, address
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    assert _grant(house, "reader") == grant
    assert not BrokerAuthority.objects.exists()
    house.employer.refresh_from_db()
    assert not house.employer.requires_mfa


def _invite(house: House) -> Invitation:
    house.browser("admin").post(
        _employer(house), {"email": "neu@haus.example", "role": "employer_editor"}
    )
    return Invitation.objects.get(withdrawn_at=None)


def test_roles_change_and_access_ends(house: House) -> None:
    client = house.browser("admin")
    address = f"{_employer(house)}{_grant(house, 'reader').pk}/"
    assert client.get(address).status_code == 200
    client.post(address, {"do": "change", "role": "employer_editor"})
    assert _grant(house, "reader").role == Role.EMPLOYER_EDITOR
    client.post(f"{_employer(house)}{_grant(house, 'reader').pk}/", {"do": "end"})
    assert not get_rights(house.people["reader"], house.today).employers
    # A grant that is over is no page any more.
    assert client.get(address).status_code == 404


def test_nobody_ends_the_last_administration(house: House) -> None:
    client = house.browser("admin")
    address = f"{_employer(house)}{_grant(house, 'admin').pk}/"
    for data in ({"do": "end"}, {"do": "change", "role": "employer_reader"}):
        page = client.post(address, data, follow=True).content.decode()
        assert "Das ist der letzte Zugang" in page
    assert _grant(house, "admin").role == Role.EMPLOYER_ADMIN


def test_people_of_another_house_cannot_be_reached_through_ones_own(house: House) -> None:
    grant = _grant(house, "outsider")
    client = house.browser("admin")
    assert client.get(f"{_employer(house)}{grant.pk}/").status_code == 404
    assert client.post(f"{_employer(house)}{grant.pk}/", {"do": "end"}).status_code == 404


def test_an_invitation_is_sent_once_more_or_taken_back(house: House) -> None:
    first = _invite(house)
    client = house.browser("admin")
    client.post(f"{_employer(house)}invitations/{first.pk}/", {"do": "resend"})
    second = Invitation.objects.get(withdrawn_at=None)
    assert second.pk != first.pk
    client.post(f"{_employer(house)}invitations/{second.pk}/", {"do": "withdraw"})
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_the_employer_decides_what_its_broker_may_do(house: House) -> None:
    client = house.browser("admin")
    for right in ("read", "edit", "none"):
        client.post(f"{_employer(house)}settings/", {"broker": house.broker.pk, "right": right})
        held = get_rights(house.people["broker"], house.today).clients[house.employer.pk]
        assert held == (None if right == "none" else right)


def test_a_broker_that_may_everything_does_not_decide_about_itself(house: House) -> None:
    give_authority(
        employer=house.employer, broker=house.broker, right=Right.ADMIN, first_day=house.today
    )
    client = house.browser("broker")
    assert client.get(_employer(house)).status_code == 200
    answer = client.post(
        f"{_employer(house)}settings/", {"broker": house.broker.pk, "right": "admin"}
    )
    assert answer.status_code == 403


def test_only_a_broker_with_a_contract_gets_an_authority(house: House) -> None:
    client = house.browser("outsider")
    address = f"/employers/{house.other.pk}/users/settings/"
    assert client.post(address, {"broker": house.broker.pk, "right": "read"}).status_code == 404


def test_the_second_factor_is_switched_by_who_has_one(house: House) -> None:
    client = house.browser("admin")
    client.post(f"{_employer(house)}settings/", {"requires_mfa": "on"})
    house.employer.refresh_from_db()
    assert not house.employer.requires_mfa
    house.browser("clerk").post(f"{_employer(house)}settings/", {"requires_mfa": "on"})
    house.employer.refresh_from_db()
    assert house.employer.requires_mfa


def test_a_broker_looks_after_its_own_people(house: House) -> None:
    address = f"/brokers/{house.broker.pk}/users/"
    assert house.browser("broker").get(address).status_code == 200
    assert house.browser("auditor").get(address).status_code == 200
    assert house.browser("admin").get(address).status_code == 404
    data = {"email": "neu@haus.example", "role": "broker"}
    assert house.browser("auditor").post(address, data).status_code == 403
    assert house.browser("broker").post(address, data).status_code == 302
    assert house.browser("clerk").post(address, data).status_code == 302
    assert Invitation.objects.get(withdrawn_at=None).broker == house.broker


def test_the_insurers_people_are_invited_by_superusers_only(house: House) -> None:
    data = {"email": "neu@haus.example", "role": "finance"}
    assert house.browser("clerk").get("/users/").status_code == 200
    assert house.browser("clerk").post("/users/", data).status_code == 403
    assert house.browser("admin").post("/users/", data).status_code == 404
    assert house.browser("chief").post("/users/", data).status_code == 302
    assert Invitation.objects.get().role == Role.FINANCE
