"""Pages of decisions, holds, requests, reviews and benefit runs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from aupolicy.models import WorkItem
from claims.facts import ClaimStatus, DecisionKind
from claims.models import BenefitRun, Claim, Decision, DocumentRequest, Hold, Review
from claims.operations.runs import finish_run
from claims.words import describe_decision
from portal.queries.insurer.work import item_address
from portal.templatetags.decisions import DECISION_VERBS
from tests.portal.claims_scenes import build_claims
from tests.portal.conftest import Insurer, count_queries

# Everything that decides what somebody is owed is read anew, in seven queries.
MOST_QUERIES_OF_A_CASE = 26
MEDICAL = "Diagnose F10.2"


@pytest.fixture(scope="module")
def claims(insurer_data: Insurer, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Claim]]:
    """Claims in many states, built once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_claims(insurer_data.world, insurer_data.people)
        transaction.set_rollback(True)


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, path: str, status: int = 302, **data: Any) -> str:
    response = client.post(path, data)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_every_state_of_a_claim_has_its_page(examiner: Client, claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for tab in ("decisions", "requests"):
            page(examiner, f"/claims/{claim.pk}/{tab}/")


def test_the_pages_are_light(examiner: Client, claims: dict[str, Claim]) -> None:
    for path in (f"{claims['ended'].pk}/decisions/", f"{claims['held'].pk}/requests/", "runs/"):
        queries, size = count_queries(examiner, f"/claims/{path}")
        assert queries <= MOST_QUERIES_OF_A_CASE
        assert size <= 100_000


def test_a_grant_is_shown_before_it_is_made(examiner: Client, claims: dict[str, Claim]) -> None:
    claim = claims["to_examine"]
    html = page(examiner, f"/claims/{claim.pk}/decisions/")
    assert str(DECISION_VERBS[DecisionKind.GRANT]) in html
    address = f"/claims/{claim.pk}/decisions/new/GRANT/"
    assert "Wirkung ansehen" in page(examiner, address)
    preview = send(examiner, address, 200, reason="")
    assert "sofort fällig" in preview
    assert not Decision.objects.filter(claim=claim).exists()
    send(examiner, address, reason="", step="save")
    decision = Decision.objects.get(claim=claim)
    html = page(examiner, f"/claims/{claim.pk}/decisions/")
    assert describe_decision(DecisionKind.GRANT) in html
    assert "Angewandte Bedingungen" in page(examiner, f"/claims/approvals/{decision.pk}/")


def test_a_form_says_what_is_missing(examiner: Client, claims: dict[str, Claim]) -> None:
    address = f"/claims/{claims['paying'].pk}/decisions/new"
    for kind in DecisionKind:
        page(examiner, f"{address}/{kind.value}/")
    assert "Wählen Sie einen Grund" in send(examiner, f"{address}/REFUSE/", 400, reason="")
    html = send(
        examiner, f"{address}/END/", 400, last_day="01.01.2020", reason_code="RECOVERED", reason=""
    )
    assert "Der Tag liegt nicht zwischen" in html
    assert examiner.get(f"{address}/NONSENSE/").status_code == 404


def test_medical_words_have_to_be_confirmed(examiner: Client, claims: dict[str, Claim]) -> None:
    address = f"/claims/{claims['paying'].pk}/decisions/new/REFUSE/"
    data = {"reason_code": "OTHER", "reason": MEDICAL}
    assert "so weiter" in send(examiner, address, 400, **data)
    assert "zweite Person" in send(examiner, address, 200, **data, confirmed="1")


def test_the_second_person_sees_and_approves(
    examiner: Client, examiner2: Client, claims: dict[str, Claim]
) -> None:
    claim = claims["approval"]
    decision = Decision.objects.get(claim=claim)
    item = WorkItem.objects.get(kind=WorkItem.Kind.APPROVAL, subject=decision.pk)
    address = item_address(item)
    assert address == f"/claims/approvals/{decision.pk}/"
    own = page(examiner, address)
    assert "Vorschlag zurücknehmen" in own
    assert 'value="approve"' not in own
    html = page(examiner2, address)
    amount = html.split('name="amount_seen" value="')[1].split('"')[0]
    assert "Vermerk" in html
    assert (
        "inzwischen" in send(examiner2, address, 400, verdict="approve", amount_seen="1.00").lower()
    )
    assert "warum Sie" in send(examiner2, address, 400, verdict="return", note="")
    send(examiner, address, 400, verdict="approve", amount_seen=amount)
    send(examiner2, address, verdict="approve", amount_seen=amount, note="Geprüft.")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REFUSED
    assert "Geprüft." in page(examiner2, address)


def test_a_decision_is_given_back_with_a_note(examiner2: Client, claims: dict[str, Claim]) -> None:
    decision = Decision.objects.get(claim=claims["approval"])
    send(examiner2, f"/claims/approvals/{decision.pk}/", verdict="return", note="Bitte ergänzen.")
    decision.refresh_from_db()
    assert decision.status == "RETURNED"


def test_an_auditor_reads_and_does_not_decide(auditor: Client, claims: dict[str, Claim]) -> None:
    claim = claims["approval"]
    decision = Decision.objects.get(claim=claim)
    assert 'name="verdict"' not in page(auditor, f"/claims/approvals/{decision.pk}/")
    assert "Vorläufig anhalten" not in page(auditor, f"/claims/{claims['paying'].pk}/decisions/")
    for path in (
        f"{claim.pk}/decisions/new/GRANT/",
        f"{claim.pk}/holds/new/",
        f"{claim.pk}/requests/new/",
        f"{claim.pk}/reviews/new/",
    ):
        assert auditor.get(f"/claims/{path}").status_code == 403
    assert auditor.post(f"/claims/approvals/{decision.pk}/").status_code == 403
    assert auditor.post("/claims/runs/", {"month": "2020-01"}).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("clerk", 403), ("hr", 404), ("stranger", 404)])
def test_nobody_else_sees_decisions(
    name: str, status: int, insurer: Insurer, claims: dict[str, Claim]
) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(insurer.people[name])
    decision = Decision.objects.get(claim=claims["approval"])
    review = Review.objects.first()
    assert review is not None
    for path in (
        f"{claims['paying'].pk}/decisions/",
        f"{claims['paying'].pk}/requests/",
        f"approvals/{decision.pk}/",
        f"reviews/{review.pk}/",
        "runs/",
    ):
        assert client.get(f"/claims/{path}").status_code == status


def test_benefit_is_held_and_paid_again(examiner: Client, claims: dict[str, Claim]) -> None:
    claim, today = claims["paying"], timezone.localdate()
    address = f"/claims/{claim.pk}/holds/new/"
    page(examiner, address)
    data: dict[str, Any] = {
        "first_day": f"{claim.benefit_from:%d.%m.%Y}",
        "percent": "0",
        "review_on": f"{today + timedelta(days=14):%d.%m.%Y}",
        "reason": MEDICAL,
    }
    assert "so weiter" in send(examiner, address, 400, **data)
    send(examiner, address, **data | {"reason": "Eine Rückfrage ist offen."})
    html = page(examiner, f"/claims/{claim.pk}/decisions/")
    assert "Berechnete Monate ändern sich um" in html
    hold = Hold.objects.get(claim=claim)
    send(examiner, f"/claims/{claim.pk}/holds/{hold.pk}/lift/")
    assert "aufgehoben" in page(examiner, f"/claims/{claim.pk}/decisions/")


def test_papers_are_asked_for_and_come(examiner: Client, claims: dict[str, Claim]) -> None:
    claim, today = claims["to_examine"], timezone.localdate()
    address = f"/claims/{claim.pk}/requests/new/"
    page(examiner, address)
    due = f"{today + timedelta(days=10):%d.%m.%Y}"
    data: dict[str, Any] = {"kind": "other", "text": "", "due_on": due}
    assert "Schreiben Sie, worum es geht" in send(examiner, address, 400, **data)
    send(examiner, address, **data | {"text": "Anschrift der Klinikverwaltung"})
    html = page(examiner, f"/claims/{claim.pk}/requests/")
    assert "steht aus" in html
    asked = DocumentRequest.objects.get(claim=claim, closed_at=None)
    send(examiner, f"/claims/{claim.pk}/requests/{asked.pk}/close/", received="1")
    html = page(examiner, f"/claims/{claim.pk}/requests/")
    assert "eingegangen" in html
    assert "kann ab" in html


def test_a_review_is_planned_and_finished(examiner: Client, claims: dict[str, Claim]) -> None:
    claim, today = claims["paying"], timezone.localdate()
    address = f"/claims/{claim.pk}/reviews/new/"
    page(examiner, address)
    due = f"{today + timedelta(days=10):%d.%m.%Y}"
    send(examiner, address, due_on=due, question="Ist der Plan fertig?")
    review = Review.objects.get(claim=claim, question="Ist der Plan fertig?")
    address = f"/claims/reviews/{review.pk}/"
    assert "Ist der Plan fertig?" in page(examiner, address)
    send(examiner, address, result="Ja.", next_on=due)
    assert "Ja." in page(examiner, address)
    assert Review.objects.filter(claim=claim, question=review.question).count() == 2


def test_a_run_is_started_and_read(
    examiner: Client, claims: dict[str, Claim], django_capture_on_commit_callbacks: Any
) -> None:
    html = page(examiner, "/claims/runs/")
    month = html.split('<option value="')[1].split('"')[0]
    send(examiner, "/claims/runs/", month=month)
    run = BenefitRun.objects.get()
    assert "Leistungsfällen" in page(examiner, f"/claims/runs/{run.pk}/")
    assert "HX-Refresh" not in examiner.get(f"/claims/runs/{run.pk}/progress/").headers
    finish_run(run=run, now=timezone.now())
    assert examiner.get(f"/claims/runs/{run.pk}/progress/").headers["HX-Refresh"] == "true"
    assert "ist berechnet" in page(examiner, f"/claims/runs/{run.pk}/")
    assert "fertig" in page(examiner, "/claims/runs/")
    assert "Wählen Sie einen" in send(examiner, "/claims/runs/", 200, month="1999-01")
