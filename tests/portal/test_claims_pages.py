"""Pages of claims: list, overview, evidence; who may read and who may write."""

import pytest
from django.test import Client

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
