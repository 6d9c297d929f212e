"""Pages of claims: list, overview, evidence; who may read and who may write."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from aupolicy.models import WorkItem
from aupolicy.operations.work import open_work
from claims.models import Claim
from tests.portal.claims_scenes import build_claims
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12
# Everything that decides what somebody is owed is read anew, in seven queries.
MOST_QUERIES_OF_A_CASE = 26


@pytest.fixture(scope="module")
def claims(insurer_data: Insurer, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Claim]]:
    """Claims in many states, built once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_claims(insurer_data.world, insurer_data.people)
        transaction.set_rollback(True)


def test_without_claims_the_list_says_what_will_be_here(examiner: Client) -> None:
    html = examiner.get("/claims/").content.decode()
    assert "Kein offener Leistungsfall" in html
    assert "Noch kein Leistungsfall" in html


@pytest.mark.parametrize(
    ("name", "status"),
    [("auditor", 200), ("examiner2", 200), ("clerk", 403), ("hr", 404), ("broker", 404),
     ("stranger", 404)],
)  # fmt: skip
def test_only_examiners_and_auditors_see_the_list(name: str, status: int, insurer: Insurer) -> None:
    client = Client(headers={"accept-language": "de"})
    client.force_login(insurer.people[name])
    assert client.get("/claims/").status_code == status


def test_the_list_is_light(examiner: Client) -> None:
    queries, size = count_queries(examiner, "/claims/")
    assert queries <= MOST_QUERIES
    assert size <= 100_000


def test_work_about_claims_is_seen_by_examiners_only(
    insurer: Insurer, clerk: Client, examiner: Client
) -> None:
    title = "Leistungsfall L-2026-000001 prüfen"
    open_work(
        kind=WorkItem.Kind.CLAIM,
        titles={1: title},
        employer=insurer.world.contract.employer,
        due=insurer.world.today,
        now=timezone.now(),
    )
    item = WorkItem.objects.get(kind=WorkItem.Kind.CLAIM)
    assert title in examiner.get("/work/?show=open").content.decode()
    assert title not in clerk.get("/work/?show=open").content.decode()
    assert clerk.get(f"/work/{item.pk}/").status_code == 404
    assert clerk.post(f"/work/{item.pk}/change/", {"action": "claim"}).status_code == 404
    assert examiner.post("/work/next/").headers["Location"] == "/claims/1/"
    # Nobody else can be given what they may not see.
    examiner.post(
        f"/work/{item.pk}/change/", {"action": "hand_over", "to": insurer.people["clerk"].pk}
    )
    item.refresh_from_db()
    assert item.claimed_by == insurer.people["examiner"]


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
