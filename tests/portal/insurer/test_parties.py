"""Who has to do with a contract."""

from django.test import Client

from aupolicy.models import Application
from billing.models import MandateChange
from billing.operations.applications import accept_application
from tests.portal.conftest import Insurer


def test_broker_users_and_work_of_the_employer(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get(f"/contracts/{insurer.world.contract.pk}/parties/").content.decode()
    assert "Maklerkontor Nordlicht GmbH" in html
    assert "einsehen und melden" in html
    assert "Sabine Krüger" in html
    assert "Personalnummer 8888" in html
    assert "ohne Antrag in diesem Portal" in html


def test_a_contract_leads_back_to_its_application(insurer: Insurer, clerk: Client) -> None:
    application = Application.objects.get(legal_name="Tischlerei Span GmbH")
    contract = accept_application(
        application=application, by=insurer.people["clerk"], now=insurer.preview.started_at,
        creditor_identifier="DE98ZZZ09999999999",
    )  # fmt: skip
    html = clerk.get(f"/contracts/{contract.pk}/parties/").content.decode()
    assert f'href="/applications/{application.pk}/"' in html


def test_requested_accounts_stand_beside_the_mandates(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    MandateChange.objects.create(
        contract=contract, account_holder="Luftdruck Holding", iban="DE02500105170137075030",
        requested_by=insurer.people["hr"], requested_at=insurer.preview.started_at,
    )  # fmt: skip
    html = clerk.get(f"/contracts/{contract.pk}/agreement/").content.decode()
    assert "Luftdruck Holding" in html
    assert "wartet auf Bestätigung" in html
