"""A run beside the run before: contracts sorted and narrowed, people with their reasons, files."""

import csv
import io
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.test import Client

from billing.queries.contract_difference import compare_contract
from tests.portal.conftest import Insurer


@pytest.fixture
def address(insurer: Insurer) -> str:
    """The page of the preview."""
    return f"/runs/{insurer.preview.month:%Y-%m}/"


@pytest.fixture
def contract_address(insurer: Insurer, address: str) -> str:
    """The page of the large employer in it."""
    return f"{address}contracts/{insurer.world.contract.pk}/"


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_contracts_are_sorted_and_narrowed_by_the_address(
    insurer: Insurer, clerk: Client, address: str
) -> None:
    found = clerk.get(f"{address}?sort=-total").context
    totals = [hinted.row.total for hinted in found["rows"]]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == 3
    assert found["shown_sums"].total == sum(totals)
    differs = clerk.get(f"{address}?show=differs").context
    assert [hinted.row.employer for hinted in differs["rows"]] == ["Luftdruck GmbH"]
    assert differs["shown_sums"].difference == found["shown_sums"].difference
    # What an address does not know is left out.
    assert len(clerk.get(f"{address}?show=x&sort=y&page=z").context["rows"]) == 3


def test_reasons_of_a_contract_are_shown_with_links_to_their_lines(
    insurer: Insurer, clerk: Client, contract_address: str
) -> None:
    answer = clerk.get(contract_address)
    compared = compare_contract(insurer.preview, insurer.world.contract)
    sums = answer.context["found"].sums
    assert sum(part.amount for part in sums) == compared.difference
    html = answer.content.decode()
    assert "Gehaltsänderung vom 1. " in html
    assert "Lohnstufe 5 auf 6, 1 Monat nachberechnet, +" in html
    person = next(p for p in answer.context["people"] if p.months)
    assert compared.now is not None
    why = f"/statements/{compared.now.pk}/people/{person.person_id}/{person.months[0]}/"
    assert why in html
    assert clerk.get(why).status_code == 200


def test_people_are_narrowed_by_kind_and_name(
    insurer: Insurer, clerk: Client, contract_address: str
) -> None:
    people = clerk.get(f"{contract_address}?kind=JOIN&sort=-difference").context["people"]
    assert [p.personnel_number for p in people] == ["2003"]
    name = people[0].last_name
    found = clerk.get(f"{contract_address}?q={name.lower()}").context["people"]
    assert people[0] in found
    assert "Prüfen Sie die Schreibweise" in clerk.get(f"{contract_address}?q=xyz").content.decode()


def test_the_files_hold_the_same_figures(
    insurer: Insurer, clerk: Client, address: str, contract_address: str
) -> None:
    rows = _read(clerk.get(f"{address}contracts.csv").getvalue())
    page = clerk.get(address).context
    assert [row["Arbeitgeber"] for row in rows] == [h.row.employer for h in page["rows"]]
    assert sum(_amount(row["Unterschied, €"]) for row in rows) == page["shown_sums"].difference
    reasons = _read(clerk.get(f"{contract_address}reasons.csv").getvalue())
    compared = compare_contract(insurer.preview, insurer.world.contract)
    assert sum(_amount(row["Betrag, €"]) for row in reasons) == compared.difference
    assert {row["Art"] for row in reasons} >= {"Zugang", "Abgang", "Gehaltsänderung"}
    for file in (f"{address}contracts.xlsx", f"{contract_address}reasons.xlsx"):
        with ZipFile(io.BytesIO(clerk.get(file).getvalue())) as archive:
            assert "xl/worksheets/sheet1.xml" in archive.namelist()
    assert clerk.get(f"{address}contracts.pdf").status_code == 404


def test_a_contract_that_does_not_differ_says_so(
    insurer: Insurer, clerk: Client, address: str
) -> None:
    salon = insurer.world.contracts["Friseursalon Haarschön"]
    html = clerk.get(f"{address}contracts/{salon.pk}/").content.decode()
    assert "76,70\u00a0€, wie davor" in html
    assert "Niemand kostet mehr oder weniger" in html


def test_only_the_insurers_people_see_it(
    auditor: Client, hr: Client, broker: Client, stranger: Client, contract_address: str
) -> None:
    assert auditor.get(contract_address).status_code == 200
    for other in (hr, broker, stranger):
        assert other.get(contract_address).status_code == 404
        assert other.get(f"{contract_address}reasons.csv").status_code == 404
