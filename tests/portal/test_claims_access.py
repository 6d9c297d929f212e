"""The claims' part of the insurer's room before there is a claim: who comes in, what is said."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aupolicy.models import WorkItem
from aupolicy.operations.work import open_work
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12


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
    assert examiner.post(reverse("insurer:next_work")).headers["Location"] == "/claims/1/"
    # Nobody else can be given what they may not see.
    examiner.post(
        f"/work/{item.pk}/change/", {"action": "hand_over", "to": insurer.people["clerk"].pk}
    )
    item.refresh_from_db()
    assert item.claimed_by == insurer.people["examiner"]
