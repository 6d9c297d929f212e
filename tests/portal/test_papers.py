"""The papers of a contract: statements, mandates, confirmations."""

import io
import zipfile

import pytest
from django.test import Client

from billing.models import Mandate, Statement
from documents.models import Document
from documents.operations import issue_confirmations
from documents.tasks import issue_contract_confirmations
from tests.portal.conftest import Insurer


def test_a_statement_is_made_when_asked_for_and_stays_the_same(
    insurer: Insurer, clerk: Client
) -> None:
    salon = insurer.world.contracts["Friseursalon Haarschön"]
    statement = Statement.objects.filter(contract=salon, number__isnull=False).latest("month")
    first = clerk.get(f"/statements/{statement.pk}/file/").getvalue()
    assert first.startswith(b"%PDF-")
    again = clerk.get(f"/statements/{statement.pk}/file/")
    assert again["Content-Type"] == "application/pdf"
    assert again.getvalue() == first
    assert Document.objects.filter(statement=statement).count() == 1


def test_a_preview_has_no_paper(insurer: Insurer, clerk: Client) -> None:
    preview = Statement.objects.filter(number=None).first()
    assert preview is not None
    assert clerk.get(f"/statements/{preview.pk}/file/").status_code == 404


def test_a_mandate_form(insurer: Insurer, clerk: Client) -> None:
    mandate = Mandate.objects.get(contract=insurer.world.contract)
    answer = clerk.get(f"/mandates/{mandate.pk}/file/")
    assert answer.getvalue().startswith(b"%PDF-")


def test_confirmations_are_counted_made_and_sent_as_one_archive(
    insurer: Insurer, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon = insurer.world.contracts["Friseursalon Haarschön"]
    base = f"/contracts/{salon.pk}/papers/"
    sent: list[int] = []
    monkeypatch.setattr(issue_contract_confirmations, "delay", sent.append)
    assert "0 von 6 Personen haben eine Bestätigung" in clerk.get(base).content.decode()
    assert clerk.get(f"{base}confirmations.zip").status_code == 302
    answer = clerk.post(f"{base}issue/")
    assert sent == [salon.pk]
    waiting = clerk.get(answer["Location"]).content.decode()
    assert "every 2s" in waiting
    assert "HX-Redirect" not in clerk.get(f"{base}progress/")
    issue_confirmations(contract=salon, as_of=insurer.world.today, processes=1)
    assert clerk.get(f"{base}progress/")["HX-Redirect"] == base
    archive = clerk.get(f"{base}confirmations.zip").getvalue()
    assert len(zipfile.ZipFile(io.BytesIO(archive)).namelist()) == 12
    person = salon.memberships.earliest("pk").person
    html = clerk.get(f"/contracts/{salon.pk}/people/{person.pk}/").content.decode()
    assert "Versicherungsbestätigung für die Personalakte" in html
    paper = Document.objects.filter(membership__person=person).first()
    assert paper is not None
    answer = clerk.get(f"/documents/{paper.pk}/")
    assert answer.getvalue().startswith(b"%PDF-")


def test_somebody_who_has_left_needs_no_confirmation(insurer: Insurer, clerk: Client) -> None:
    contract, today = insurer.world.contract, insurer.world.today
    counts = clerk.get(f"/contracts/{contract.pk}/papers/").context["counts"]
    gone = contract.memberships.filter(period__fully_lt=(today, None)).count()
    assert gone > 0
    assert counts.people == contract.memberships.filter(period__isnull=False).count() - gone


def test_a_paper_that_is_not_there(clerk: Client, insurer: Insurer) -> None:
    for address in ("/documents/999999/", "/mandates/999999/file/", "/collections/999999/file/",
                    "/cancellations/999999/file/"):  # fmt: skip
        assert clerk.get(address).status_code == 404
