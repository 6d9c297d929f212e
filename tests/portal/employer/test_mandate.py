"""The bank account on screen: asked for by one, confirmed by another."""

import pytest
from django.test import Client

from aupolicy.models import Role, User
from aupolicy.operations import give_grant
from billing.models import Mandate, MandateChange
from tests.portal.conftest import Insurer

NEW = {
    "account_holder": "Luftdruck GmbH",
    "iban": "DE75 5121 0800 1245 1261 99",
    "scheme": "CORE",
    "agrees": "on",
}


@pytest.fixture
def room(insurer: Insurer) -> str:
    return f"/employers/{insurer.world.contract.employer_id}"


@pytest.fixture
def colleague(insurer: Insurer) -> Client:
    user = User.objects.create_user("colleague")
    give_grant(
        user=user,
        role=Role.EMPLOYER_ADMIN,
        first_day=insurer.world.today,
        employer=insurer.world.contract.employer,
    )
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def _current(insurer: Insurer) -> Mandate:
    return Mandate.objects.get(
        contract=insurer.world.contract, period__contains=insurer.world.today
    )


def test_a_change_waits_for_a_second_person(
    room: str, insurer: Insurer, hr: Client, colleague: Client
) -> None:
    before = _current(insurer).iban
    assert hr.post(f"{room}/mandate/change/", NEW).status_code == 302
    assert _current(insurer).iban == before
    hr.post(f"{room}/mandate/confirm/")
    assert _current(insurer).iban == before
    colleague.post(f"{room}/mandate/confirm/")
    assert _current(insurer).iban == "DE75512108001245126199"
    html = hr.get(f"{room}/mandate/").content.decode()
    assert "durch eine zweite Person" in html


def test_a_wrong_code_confirms_nothing(room: str, insurer: Insurer, hr: Client) -> None:
    hr.post(f"{room}/mandate/change/", NEW)
    before = _current(insurer).iban
    answer = hr.post(f"{room}/mandate/confirm/", {"code": "123456"}, follow=True)
    assert "eine zweite Person" in answer.content.decode()
    assert _current(insurer).iban == before


def test_a_change_can_be_withdrawn(room: str, hr: Client, colleague: Client) -> None:
    hr.post(f"{room}/mandate/change/", NEW)
    colleague.post(f"{room}/mandate/withdraw/")
    assert MandateChange.objects.get().withdrawn_by is not None


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"iban": "DE75512108001245126198"}, "Diese IBAN stimmt nicht"),
        ({"account_holder": ""}, "auf wen das Konto lautet"),
        ({"agrees": ""}, "kein gültiges SEPA-Mandat"),
    ],
)
def test_what_is_wrong_is_told(changed: dict[str, str], text: str, room: str, hr: Client) -> None:
    answer = hr.post(f"{room}/mandate/change/", {**NEW, **changed})
    assert text in answer.content.decode()
    assert not MandateChange.objects.exists()


def test_only_those_who_administer_may(room: str, hr_editor: Client, broker: Client) -> None:
    for client in (hr_editor, broker):
        assert client.get(f"{room}/mandate/").status_code == 200
        assert client.post(f"{room}/mandate/change/", NEW).status_code == 403
    assert not MandateChange.objects.exists()


def test_the_account_is_hidden_from_those_who_only_read(
    room: str, insurer: Insurer, hr: Client, hr_reader: Client
) -> None:
    iban = _current(insurer).iban
    middle = iban[8:12]
    assert middle in hr.get(f"{room}/mandate/").content.decode()
    assert middle not in hr_reader.get(f"{room}/mandate/").content.decode()
