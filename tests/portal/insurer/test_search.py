"""Search over everything: every group, cut at ten, nothing for too little."""

import pytest
from django.test import Client

from aupolicy.models import Employer
from billing.models import Mandate, Statement
from members.models import Person
from portal.queries.insurer.search import Group
from tests.portal.conftest import Insurer


def _groups(client: Client, text: str) -> dict[str, list[str]]:
    found = client.get("/search/", {"q": text}).context["found"]
    return {result.group.value: [hit.name for hit in result.hits] for result in found}


def test_employers_and_contracts(insurer: Insurer, clerk: Client) -> None:
    assert _groups(clerk, "luftdruck")["employers"] == ["Luftdruck GmbH"]
    number = insurer.world.contract.number
    assert number in _groups(clerk, number)["contracts"]


def test_people_by_name_number_and_birth_date(insurer: Insurer, clerk: Client) -> None:
    person = Person.objects.filter(employer=insurer.world.contract.employer).earliest("pk")
    for text in (
        f"{person.last_name} {person.first_name}",
        f"{person.last_name[:4]} {person.personnel_number}",
        f"{person.birth_date:%d.%m.%Y} {person.last_name}",
    ):
        assert str(person) in _groups(clerk, text)["people"]
    born = f"{person.birth_date:%d.%m.%Y}"
    hits = next(r for r in clerk.get("/search/", {"q": born}).context["found"]).hits
    assert all(born in hit.detail for hit in hits)


def test_statements_mandates_brokers_and_users(insurer: Insurer, clerk: Client) -> None:
    statement = Statement.objects.filter(number__isnull=False).earliest("pk")
    assert statement.number in _groups(clerk, str(statement.number))["statements"]
    mandate = Mandate.objects.earliest("pk")
    assert mandate.reference in _groups(clerk, mandate.reference)["mandates"]
    spaced = " ".join(mandate.iban[i : i + 4] for i in range(0, len(mandate.iban), 4))
    assert mandate.reference in _groups(clerk, spaced)["mandates"]
    assert _groups(clerk, "nordlicht")["brokers"] == ["Maklerkontor Nordlicht GmbH"]
    assert "Jana Petersen" in _groups(clerk, "Petersen")["users"]


def test_every_hit_leads_to_a_page(insurer: Insurer, clerk: Client) -> None:
    for text in ("luft", "nord", "M-GV", "Petersen", "100", insurer.world.contract.number):
        for result in clerk.get("/search/", {"q": text}).context["found"]:
            assert clerk.get(result.hits[0].address).status_code == 200, result.hits[0]


def test_ten_of_each_and_the_rest_by_page(insurer: Insurer, clerk: Client) -> None:
    found = {r.group: r for r in clerk.get("/search/", {"q": "1"}).context["found"]}
    assert found == {}
    people = {r.group: r for r in clerk.get("/search/", {"q": "10"}).context["found"]}[Group.PEOPLE]
    assert len(people.hits) == 10
    assert people.has_more
    first = clerk.get("/search/", {"q": "10", "only": "people"}).context["only"]
    second = clerk.get("/search/", {"q": "10", "only": "people", "page": "2"}).context["only"]
    assert len(first.hits) == 50
    assert {hit.address for hit in first.hits}.isdisjoint(hit.address for hit in second.hits)


@pytest.mark.parametrize("text", ["%", "_", "%%%", "\\", "'", "%d", "<script>", "31.02.1990"])
def test_strange_input_is_only_text(text: str, insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/search/", {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_a_wildcard_finds_nothing_by_itself(insurer: Insurer, clerk: Client) -> None:
    assert _groups(clerk, "%%") == {}


def test_an_employer_without_contract_is_found_too(insurer: Insurer, clerk: Client) -> None:
    Employer.objects.create(legal_name="Ohnevertrag AG", street="A", postal_code="1", town="B")
    hit = clerk.get("/search/", {"q": "ohnevertrag"}).context["found"][0].hits[0]
    assert clerk.get(hit.address).status_code == 200
