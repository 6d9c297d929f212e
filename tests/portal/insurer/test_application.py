"""Applications on the page: checks, acceptance into a contract, refusal with a reason."""

from django.test import Client

from aupolicy.models import Application, Employer, GroupContract
from tests.portal.conftest import Insurer
from tests.portal.offers import create_application, create_draft


def _application() -> Application:
    return Application.objects.get(legal_name="Tischlerei Span GmbH")


def test_those_that_wait_are_listed_and_drafts_are_not(insurer: Insurer, clerk: Client) -> None:
    create_draft(by=insurer.people["broker"], today=insurer.world.today, legal_name="Entwurf AG")
    html = clerk.get("/applications/").content.decode()
    assert "1 Antrag wartet" in html
    assert "Entwurf AG" not in clerk.get("/applications/?status=all").content.decode()


def test_a_draft_has_no_page(insurer: Insurer, clerk: Client) -> None:
    draft = create_draft(by=insurer.people["broker"], today=insurer.world.today)
    assert clerk.get(f"/applications/{draft.pk}/").status_code == 404


def test_the_page_shows_data_figures_and_checks(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get(f"/applications/{_application().pk}/")
    html = answer.content.decode()
    assert "85,20" in html
    assert "DE02" in html
    assert answer.context["review"].problems == {}
    assert "Kein Arbeitgeber dieses Namens" in html


def test_accepting_makes_a_contract(insurer: Insurer, clerk: Client) -> None:
    application = _application()
    page = clerk.post(f"/applications/{application.pk}/accept/", follow=True)
    contract = GroupContract.objects.get(employer__legal_name="Tischlerei Span GmbH")
    assert page.redirect_chain[-1][0] == f"/contracts/{contract.pk}/agreement/"
    assert f"Vertrag {contract.number} ist angelegt" in page.content.decode()
    again = clerk.post(f"/applications/{application.pk}/accept/", follow=True)
    assert "schon entschieden" in again.content.decode()


def test_a_known_employer_is_offered_and_used(insurer: Insurer, clerk: Client) -> None:
    known = insurer.world.contract.employer
    application = create_application(
        by=insurer.people["broker"], today=insurer.world.today, legal_name=known.legal_name
    )
    page = clerk.get(f"/applications/{application.pk}/").content.decode()
    assert f'value="{known.pk}" checked' in page
    before = Employer.objects.count()
    clerk.post(f"/applications/{application.pk}/accept/", {"employer": known.pk})
    application.refresh_from_db()
    assert application.employer == known
    assert Employer.objects.count() == before


def test_an_employer_that_is_not_among_the_offered_is_not_taken(
    insurer: Insurer, clerk: Client
) -> None:
    application = _application()
    stranger = insurer.world.contract.employer
    clerk.post(f"/applications/{application.pk}/accept/", {"employer": stranger.pk})
    application.refresh_from_db()
    assert application.employer is not None
    assert application.employer != stranger


def test_what_the_check_finds_keeps_it_from_being_accepted(insurer: Insurer, clerk: Client) -> None:
    application = _application()
    Application.objects.filter(pk=application.pk).update(iban="DE02120300000000202052")
    html = clerk.get(f"/applications/{application.pk}/").content.decode()
    assert "IBAN: die Prüfziffer stimmt nicht" in html
    assert "Antrag annehmen" not in html
    clerk.post(f"/applications/{application.pk}/accept/")
    application.refresh_from_db()
    assert application.status == "handed_over"


def test_declining_needs_a_reason(insurer: Insurer, clerk: Client) -> None:
    application = _application()
    page = clerk.post(f"/applications/{application.pk}/decline/", {"reason": " "})
    assert "Schreiben Sie den Grund dazu" in page.content.decode()
    clerk.post(f"/applications/{application.pk}/decline/", {"reason": "Risiko"})
    application.refresh_from_db()
    assert (application.status, application.decision_note) == ("declined", "Risiko")


def test_an_auditor_decides_nothing(insurer: Insurer, auditor: Client) -> None:
    address = f"/applications/{_application().pk}/"
    assert "Antrag annehmen" not in auditor.get(address).content.decode()
    for step in ("accept/", "decline/"):
        assert auditor.post(address + step, {"reason": "x"}).status_code == 403
