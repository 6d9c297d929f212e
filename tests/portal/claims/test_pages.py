"""Pages of claims: list, overview, evidence; who may read and who may write."""

import pytest
from django.test import Client

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import WorkItem
from claims.models import Claim, ClaimNote
from documents.facts import DocumentKind
from documents.models import Document
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12
# Everything that decides what somebody is owed is read anew, in seven queries.
MOST_QUERIES_OF_A_CASE = 26


STATES = {
    "reported": "REPORTED",
    "deferral": "DEFERRAL",
    "to_examine": "TO_EXAMINE",
    "gap": "TO_EXAMINE",
    "relapse": "TO_EXAMINE",
    "plan": "TO_EXAMINE",
    "merged": "TO_EXAMINE",
    "joined": "JOINED",
    "not_insured": "TO_EXAMINE",
    "paying": "PAYING",
    "evidence_missing": "EVIDENCE_MISSING",
    "held": "HELD",
    "ended": "ENDED",
    "approval": "APPROVAL",
    "refused": "REFUSED",
}


def test_the_scenes_are_what_they_say(claims: dict[str, Claim]) -> None:
    assert {name: claims[name].status for name in STATES} == STATES


@pytest.mark.parametrize("tab", ["", "evidence/", "notes/"])
@pytest.mark.parametrize("scene", sorted(STATES))
def test_every_page_of_every_scene_is_shown(
    scene: str, tab: str, claims: dict[str, Claim], examiner: Client, auditor: Client
) -> None:
    address = f"/claims/{claims[scene].pk}/{tab}"
    queries, size = count_queries(examiner, address)
    assert queries <= (MOST_QUERIES if tab else MOST_QUERIES_OF_A_CASE)
    assert size <= 100_000
    html = auditor.get(address).content.decode()
    assert 'method="post" action="/claims' not in html


def test_an_examiner_starts_with_claims(claims: dict[str, Claim], examiner: Client) -> None:
    answer = examiner.get("/")
    assert "zu prüfen, ältester seit" in answer.content.decode()
    waiting = [row.claim.pk for row in answer.context["free"]]
    assert claims["to_examine"].pk in waiting
    assert [row.claim.pk for row in answer.context["to_approve"]] == [claims["approval"].pk]
    queries, size = count_queries(examiner, "/")
    assert queries <= MOST_QUERIES
    assert size <= 100_000


def test_the_list_is_narrowed_by_what_the_address_says(
    claims: dict[str, Claim], examiner: Client
) -> None:
    def found(**wanted: str) -> set[int]:
        return {row.claim.pk for row in examiner.get("/claims/", wanted).context["rows"]}

    assert found(status="APPROVAL") == {claims["approval"].pk}
    assert claims["ended"].pk not in found()
    assert claims["ended"].pk in found(status="all")
    assert found(q=claims["gap"].number) == {claims["gap"].pk}
    assert found(q="1024") == {claims["gap"].pk}
    person = claims["gap"].person
    assert claims["gap"].pk in found(q=f"{person.last_name}, {person.first_name}")
    assert found(mine="1") == set()
    assert found(q="gibtsnicht") == set()
    assert claims["reported"].pk not in found(due="overdue")
    html = examiner.get("/claims/?status=APPROVAL&mine=1&q=x").content.decode()
    assert '<option value="APPROVAL" selected>' in html
    assert "Kein Leistungsfall passt zu diesem Filter" in html


@pytest.mark.parametrize("scene", ["refused", "ended", "joined"])
def test_a_claim_that_is_over_is_found_by_its_number(
    scene: str, claims: dict[str, Claim], examiner: Client
) -> None:
    def look(**wanted: str) -> tuple[set[int], bool]:
        answer = examiner.get("/claims/", {"q": claims[scene].number, **wanted})
        found = {row.claim.pk for row in answer.context["rows"]}
        return found, "Gesucht wird in allen Leistungsfällen" in answer.content.decode()

    assert look() == ({claims[scene].pk}, True)
    assert look(status="") == ({claims[scene].pk}, True)
    # Whoever chose what to see is taken at their word.
    assert look(status="open") == (set(), False)
    assert look(status="TO_EXAMINE") == (set(), False)
    assert look(q="")[1] is False


def test_a_claim_is_taken_and_given_back_with_its_work(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client, examiner2: Client
) -> None:
    claim, address = claims["to_examine"], f"/claims/{claims['to_examine'].pk}/examiner/"
    item = WorkItem.objects.get(kind=WorkItem.Kind.CLAIM, subject=claim.pk, done_at=None)
    examiner.post(address, {"action": "take"})
    claim.refresh_from_db()
    item.refresh_from_db()
    assert claim.examiner == item.claimed_by == insurer.people["examiner"]
    # A colleague cannot give it back, but may take it over.
    examiner2.post(address, {"action": "hand_back"})
    claim.refresh_from_db()
    assert claim.examiner == insurer.people["examiner"]
    examiner2.post(address, {"action": "take"})
    examiner2.post(address, {"action": "hand_back"})
    claim.refresh_from_db()
    item.refresh_from_db()
    assert claim.examiner_id is None
    assert item.claimed_by_id is None


def test_a_note_that_looks_medical_is_asked_about_once(
    claims: dict[str, Claim], examiner: Client, auditor: Client
) -> None:
    address = f"/claims/{claims['gap'].pk}/notes/"
    text = "Bescheinigung nennt F32.1, bitte beachten"
    answer = examiner.post(address, {"text": text})
    assert answer.status_code == 400
    assert text in answer.content.decode()
    assert not ClaimNote.objects.filter(text=text).exists()
    examiner.post(address, {"text": text, "confirmed": "1"})
    assert ClaimNote.objects.get(text=text).warned
    examiner.post(address, {"text": "Rückruf am Montag vereinbart"})
    assert not ClaimNote.objects.latest("pk").warned
    assert examiner.post(address, {"text": " "}).status_code == 400
    assert "Rückruf am Montag" in auditor.get(address).content.decode()
    assert auditor.post(address, {"text": "darf ich nicht"}).status_code == 403


def test_a_check_is_cleared_with_a_reason(
    claims: dict[str, Claim], examiner: Client, auditor: Client
) -> None:
    claim = claims["gap"]
    page, address = f"/claims/{claim.pk}/", f"/claims/{claim.pk}/checks/"
    before = examiner.get(page).context["examination"]
    assert before.checks[0].is_open
    assert examiner.post(address, {"code": "NO_GAP", "reason": ""}).status_code == 400
    refused = examiner.post(address, {"code": "NO_GAP", "reason": "wegen F32.1"})
    assert refused.status_code == 400
    assert "wegen F32.1" in refused.content.decode()
    assert auditor.post(address, {"code": "NO_GAP", "reason": "x"}).status_code == 403
    examiner.post(address, {"code": "NO_GAP", "reason": "Die Praxis hatte geschlossen."})
    after = examiner.get(page)
    assert after.context["examination"].open_checks == before.open_checks - 1
    assert "Die Praxis hatte geschlossen." in after.content.decode()
    assert examiner.post(address, {"code": "NOTHING", "reason": "x"}).status_code == 404


def test_why_explains_sum_and_day(claims: dict[str, Claim], examiner: Client) -> None:
    gap = claims["gap"]
    html = examiner.get(f"/claims/{gap.pk}/why/day/").content.decode()
    assert "20 + 22 = 42; Tag 43" in " ".join(html.split())
    assert "4 Tage ohne Bescheinigung, zählen nicht" in html
    relapse = examiner.get(f"/claims/{claims['relapse'].pk}/why/day/").content.decode()
    assert "21 mitgebrachte Tage + 21 = 42" in " ".join(relapse.split())
    part = examiner.get(f"/claims/{gap.pk}/why/sum/", headers={"hx-request": "true"})
    assert "<html" not in part.content.decode()
    assert "Lohnstufe" in part.content.decode()
    not_insured = examiner.get(f"/claims/{claims['not_insured'].pk}/why/day/").content.decode()
    assert "bestand kein Schutz" in not_insured
    assert examiner.get(f"/claims/{gap.pk}/why/else/").status_code == 404
    assert examiner.get(f"/claims/{claims['reported'].pk}/why/sum/").status_code == 404


def test_a_joined_claim_leads_to_the_one_it_went_to(
    claims: dict[str, Claim], examiner: Client
) -> None:
    html = examiner.get(f"/claims/{claims['joined'].pk}/").content.decode()
    assert f'<a href="/claims/{claims["merged"].pk}/">' in html
    assert "Fall übernehmen" not in html


def test_a_letter_is_found_in_its_claim_only(
    insurer: Insurer, claims: dict[str, Claim], examiner: Client, clerk: Client
) -> None:
    content = b"%PDF constructed"
    letter = Document.objects.create(
        kind=DocumentKind.BENEFIT_GRANT.value, claim=claims["paying"], source_digest="a" * 64,
        sha256=FileStore(insurer.world.files_root).put(content), byte_count=len(content),
        file_name="Bewilligung.pdf",
    )  # fmt: skip
    own = f"/claims/{claims['paying'].pk}/letters/{letter.pk}/"
    answer = examiner.get(own)
    assert answer.getvalue() == content
    assert "attachment" in answer.headers["Content-Disposition"]
    other = claims["gap"].pk
    assert examiner.get(f"/claims/{other}/letters/{letter.pk}/").status_code == 404
    assert clerk.get(own).status_code == 403
    assert clerk.get(f"/documents/{letter.pk}/").status_code == 404


def test_work_leads_to_the_tab_where_it_is_done(
    claims: dict[str, Claim], examiner: Client, clerk: Client
) -> None:
    address = f"/claims/work/payee/{claims['paying'].pk}/"
    assert examiner.get(address).headers["Location"].startswith(f"/claims/{claims['paying'].pk}/")
    assert clerk.get(address).status_code == 403
    assert examiner.get("/claims/work/notice/1/").status_code == 404
    assert examiner.get("/claims/work/nothing/1/").status_code == 404
