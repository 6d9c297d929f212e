"""An application from quote to hand-over: drafts with gaps, faults told, nobody else's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aupolicy.models import Application, Broker, GroupContract, Invitation, Quote, WorkItem
from tests.portal.broker.test_calculator import BASICS, EXAMPLE, PAYROLL
from tests.portal.conftest import Insurer

EMPLOYER = {
    "legal_name": "Autohaus Sonnenhang GmbH", "street": "Sonnenhang", "building_number": "12",
    "postal_code": "04103", "town": "Leipzig", "betriebsnummer": "",
    "contact_name": "Petra Personal", "contact_email": "personal@sonnenhang.example",
    "contact_phone": "",
}  # fmt: skip
PDF = b"%PDF-1.7 constructed %%EOF"
MANDATE = {
    "account_holder": "Autohaus Sonnenhang GmbH",
    "iban": "de02 1203 0000 0000 2020 51",
    "scheme": "CORE",
    "mandate_signed_on": "02.01.2026",
}


@pytest.fixture
def room(insurer: Insurer) -> str:
    broker = insurer.world.contract.broker
    assert broker is not None
    return f"/brokers/{broker.pk}/"


@pytest.fixture
def draft(room: str, broker: Client) -> str:
    """The address of a draft just begun."""
    values = {**BASICS, **EXAMPLE, "payroll": PAYROLL, "step": "result", "go": "save"}
    quote_page = broker.post(f"{room}quotes/new/", values)["Location"]
    return broker.post(f"{quote_page}application/")["Location"]


def _own() -> Application:
    """The application of these tests; the world has others."""
    return Application.objects.filter(legal_name="Autohaus Sonnenhang GmbH").latest("pk")


def _fill(client: Client, draft: str, **mandate: Any) -> None:
    signature = SimpleUploadedFile("Mandat.pdf", PDF, "application/pdf")
    client.post(f"{draft}employer/", EMPLOYER)
    client.post(f"{draft}mandate/", {**MANDATE, "signature": signature, **mandate})
    client.post(f"{draft}authority/", {"gives_authority": "edit"})


def test_a_draft_tells_what_is_missing_and_where(draft: str, broker: Client) -> None:
    html = broker.get(draft).content.decode()
    assert "8 Angaben fehlen noch" in html
    assert f'href="{draft}mandate/#id_iban"' in html
    assert f'href="{draft}mandate/#id_signature"' in html
    assert "An den Versicherer übergeben" not in html
    answer = broker.post(f"{draft}hand-over/")
    assert answer.status_code == 200
    assert "Das fehlt noch" in answer.content.decode()
    assert _own().status == Application.Status.DRAFT


def test_steps_are_kept_with_gaps_but_not_with_faults(draft: str, broker: Client) -> None:
    answer = broker.post(f"{draft}employer/", {**EMPLOYER, "street": "", "later": "1"})
    assert answer["Location"] == draft
    application = _own()
    assert (application.town, application.street) == ("Leipzig", "")
    html = broker.post(f"{draft}employer/", {**EMPLOYER, "betriebsnummer": "123"}).content.decode()
    assert "Die Länge stimmt nicht." in html
    assert 'value="123"' in html
    assert _own().betriebsnummer == ""
    for wrong, text in (
        ({"iban": "DE02120300000000202052"}, "Die Prüfziffer stimmt nicht."),
        ({"mandate_signed_on": "01.01.2999"}, "Dieser Tag liegt in der Zukunft."),
        ({"mandate_signed_on": "32.01.2026"}, "Diesen Tag gibt es nicht."),
    ):
        assert text in broker.post(f"{draft}mandate/", {**MANDATE, **wrong}).content.decode()
    answer = broker.post(f"{draft}contract/", {"start": "15.1.2027", "tariff_key": "bau-2016"})
    assert "Der Vertrag beginnt mit dem Ersten eines Monats." in answer.content.decode()


def test_a_form_that_is_none_is_refused_by_its_content(draft: str, broker: Client) -> None:
    for content, text in (
        (b"MZ constructed program", "weder ein PDF noch ein Bild"),
        (b"%PDF-1.7 torn", "Die Datei ist unvollständig."),
        (b"", "Die Datei ist leer."),
    ):
        file = SimpleUploadedFile("Mandat.pdf", content, "application/pdf")
        html = broker.post(f"{draft}mandate/", {**MANDATE, "signature": file}).content.decode()
        assert text in html
    assert _own().signature_sha256 == ""


def test_the_bank_is_named_while_the_account_is_typed(room: str, broker: Client) -> None:
    answer = broker.post(f"{room}applications/bank/", {"iban": "DE02 1203 0000 0000 2020 51"})
    assert "Deutsche Kreditbank" in answer.content.decode()
    wrong = broker.post(f"{room}applications/bank/", {"iban": "DE02 1203 0000 0000 2020 52"})
    assert "Die Prüfziffer stimmt nicht." in wrong.content.decode()
    assert broker.get(f"{room}applications/bank/?iban=DE02").status_code == 405


def test_a_complete_application_becomes_the_insurers_work(draft: str, broker: Client) -> None:
    _fill(broker, draft)
    html = broker.get(draft).content.decode()
    assert "An den Versicherer übergeben" in html
    assert "DE02\u00a01203" in html
    broker.post(f"{draft}hand-over/")
    application = _own()
    assert application.status == Application.Status.HANDED_OVER
    assert application.iban == "DE02120300000000202051"
    work = WorkItem.objects.get(kind=WorkItem.Kind.APPLICATION, subject=application.pk)
    assert work.done_at is None
    html = broker.get(draft).content.decode()
    assert "liegt beim Versicherer" in html
    assert "Lars Nordmann" in html
    # What is handed over stays as it is.
    assert broker.post(f"{draft}employer/", {**EMPLOYER, "town": "Erfurt"})["Location"] == draft
    assert _own().town == "Leipzig"
    broker.post(f"{draft}hand-over/")
    assert (
        WorkItem.objects.filter(kind=WorkItem.Kind.APPLICATION, subject=application.pk).count() == 1
    )


def test_the_signed_form_comes_back_byte_for_byte(draft: str, broker: Client) -> None:
    assert broker.get(f"{draft}mandate/file/").status_code == 404
    _fill(broker, draft)
    answer = broker.get(f"{draft}mandate/file/")
    assert answer.getvalue() == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]


def test_a_declined_application_says_why_and_begins_again(
    room: str, draft: str, broker: Client
) -> None:
    _fill(broker, draft)
    broker.post(f"{draft}hand-over/")
    Application.objects.filter(pk=_own().pk).update(
        status=Application.Status.DECLINED, decision_note="Das Mandat ist nicht lesbar.",
        decided_at="2026-11-21T10:00Z",
    )  # fmt: skip
    assert "Das Mandat ist nicht lesbar." in broker.get(draft).content.decode()
    assert "ist abgelehnt" in broker.get(room).content.decode()
    again = broker.post(f"{draft}copy/")["Location"]
    copy = Application.objects.latest("pk")
    assert copy.legal_name == "Autohaus Sonnenhang GmbH"
    assert again == f"{room}applications/{copy.pk}/"
    assert (copy.town, copy.iban) == ("Leipzig", "DE02120300000000202051")
    assert copy.signature_sha256 == ""
    assert Quote.objects.filter(employer_name=copy.legal_name).count() == 2
    # Nothing else can be copied.
    assert broker.post(f"{again}copy/").status_code == 404


def _accept(insurer: Insurer, employer_of: GroupContract) -> Application:
    application = _own()
    application.status = Application.Status.ACCEPTED
    application.contract, application.employer = employer_of, employer_of.employer
    application.decided_at = insurer.world.runs[-1].started_at
    application.handed_over_at = application.decided_at
    application.save()
    return application


def test_an_accepted_one_leads_to_the_employer(
    insurer: Insurer, draft: str, broker: Client
) -> None:
    _accept(insurer, insurer.world.contract)
    html = broker.get(draft).content.decode()
    assert f"Vertrag {insurer.world.contract.number}" in html
    assert f'href="/employers/{insurer.world.contract.employer_id}/"' in html
    assert "Personalabteilung einladen" in html
    html = broker.post(f"{draft}invitation/", {"email": "nichts"}).content.decode()
    assert "Das ist keine E-Mail-Adresse." in html
    # The authority to report does not reach as far as inviting.
    answer = broker.post(f"{draft}invitation/", {"email": "hr@firma.example"}, follow=True)
    assert "Vollmacht „Verwalten“" in answer.content.decode()
    assert not Invitation.objects.filter(email="hr@firma.example").exists()


def test_without_authority_there_is_no_way_in(insurer: Insurer, draft: str, broker: Client) -> None:
    _accept(insurer, insurer.world.contracts["Autohaus Fahrspaß GmbH"])
    html = broker.get(draft).content.decode()
    assert "Sie haben keine Vollmacht: der Arbeitgeber meldet selbst." in html
    assert "Personalabteilung einladen" not in html


def test_applications_of_another_broker_are_not_there(draft: str, broker: Client) -> None:
    other = Broker.objects.create(legal_name="Südwind", registration_number="D-2-B-2")
    Application.objects.filter(pk=_own().pk).update(broker=other)
    for page in ("", "employer/", "mandate/file/"):
        assert broker.get(draft + page).status_code == 404
    for page in ("hand-over/", "copy/", "invitation/", "mandate/"):
        assert broker.post(draft + page, MANDATE).status_code == 404


def test_there_is_no_such_step(draft: str, broker: Client) -> None:
    assert broker.get(f"{draft}nothing/").status_code == 404


def test_lists_keep_their_filters(room: str, draft: str, broker: Client) -> None:
    found = broker.get(f"{room}applications/?q=sonnen&status=draft").content.decode()
    assert "Autohaus Sonnenhang GmbH" in found
    assert '<option value="draft" selected>' in found
    none = broker.get(f"{room}applications/?status=accepted").content.decode()
    assert "Kein Antrag passt zu diesem Filter" in none
