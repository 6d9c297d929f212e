"""The page of an invitation, as the person who got the mail sees it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.models import Grant, Invitation, Role, User
from aupolicy.operations.invitations import invite, issue_secret
from tests.portal.accounts.conftest import PASSWORD, House

NEW = {
    "first_name": "Nele",
    "last_name": "Neu",
    "password": "a-long-constructed-password",
    "password_again": "a-long-constructed-password",
}


def _invited(house: House, email: str = "neu@haus.example") -> tuple[Invitation, str]:
    now = timezone.now()
    invitation = invite(
        email=email,
        role=Role.EMPLOYER_EDITOR,
        employer=house.employer,
        invited_by=house.people["admin"],
        now=now,
    )
    return invitation, f"/invitations/{issue_secret(invitation=invitation, now=now)}/"


def test_a_new_person_takes_it_and_is_signed_in(house: House) -> None:
    _, address = _invited(house)
    client = Client(headers={"accept-language": "de"})
    page = client.get(address).content.decode()
    assert "Autohaus Fahrspaß GmbH" in page
    assert "Admin Muster hat Sie eingeladen" in page
    answer = client.post(address, NEW)
    assert answer["Location"] == f"/employers/{house.employer.pk}/"
    user = User.objects.get(email="neu@haus.example")
    assert client.get("/account/").status_code == 200
    assert Grant.objects.get(user=user).role == Role.EMPLOYER_EDITOR
    # The link is used up.
    again = Client(headers={"accept-language": "de"}).get(address)
    assert again.status_code == 410
    assert "schon angenommen" in again.content.decode()


def test_the_new_person_signs_in_by_the_address_later(house: House) -> None:
    _, address = _invited(house)
    Client().post(address, NEW)
    data = {"login": "neu@haus.example", "password": NEW["password"]}
    assert Client().post("/sign-in/", data).status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password_again": "other"}, "anderes Passwort"),
        ({"password": "kurz", "password_again": "kurz"}, "zu kurz"),
        ({"last_name": ""}, "Nachname"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_happens(
    house: House, change: dict[str, str], words: str
) -> None:
    _, address = _invited(house)
    answer = Client(headers={"accept-language": "de"}).post(address, {**NEW, **change})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not User.objects.filter(email="neu@haus.example").exists()


def test_it_speaks_the_language_it_was_written_in(house: House) -> None:
    invitation, address = _invited(house)
    Invitation.objects.filter(pk=invitation.pk).update(language="en")
    page = Client(headers={"accept-language": "de"}).get(address).content.decode()
    assert '<html lang="en">' in page


def test_somebody_with_an_account_signs_in_first_and_then_takes_it(house: House) -> None:
    _, address = _invited(house, "outsider@haus.example")
    client = Client(headers={"accept-language": "de"})
    page = client.get(address).content.decode()
    assert "gibt es schon einen Zugang" in page
    assert client.post(address, NEW).status_code == 200
    answer = client.post("/sign-in/", {"login": "outsider", "password": PASSWORD, "next": address})
    assert answer["Location"] == address
    assert "angemeldet als Outsider Muster" in client.get(address).content.decode()
    assert client.post(address)["Location"] == f"/employers/{house.employer.pk}/"


def test_somebody_else_does_not_take_it(house: House) -> None:
    _, address = _invited(house)
    answer = house.browser("outsider").post(address)
    assert answer.status_code == 409
    assert "gilt für jemand anderen" in answer.content.decode()
    assert not Grant.objects.filter(user=house.people["outsider"], employer=house.employer).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "abgelaufen"),
        ({"withdrawn_at": timezone.now()}, "zurückgezogen"),
    ],
)
def test_an_invitation_that_is_over_says_so(
    house: House, change: dict[str, object], words: str
) -> None:
    invitation, address = _invited(house)
    Invitation.objects.filter(pk=invitation.pk).update(**change)
    client = Client(headers={"accept-language": "de"})
    for answer in (client.get(address), client.post(address, NEW)):
        assert answer.status_code == 410
        assert words in answer.content.decode()
    assert not User.objects.filter(email="neu@haus.example").exists()


def test_a_guessed_link_opens_nothing(house: House) -> None:
    _invited(house)
    for answer in (Client().get("/invitations/x/"), Client().post("/invitations/x/", NEW)):
        assert answer.status_code == 404
