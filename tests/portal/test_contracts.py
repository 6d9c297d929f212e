"""The list of contracts: search, states, totals."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.facts import Party
from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from aupolicy.operations import receive_cancellation
from aupolicy.queries import ContractState, get_contract_state
from billing.models import Statement
from portal.queries.insurer.contracts import ContractFilter, filter_contracts
from tests.portal.conftest import Insurer


def test_a_row_shows_insured_and_the_last_premium(insurer: Insurer, clerk: Client) -> None:
    rows = {row.employer: row for row in clerk.get("/contracts/").context["rows"]}
    salon = rows["Friseursalon Haarschön"]
    assert (salon.insured, str(salon.premium), salon.state) == (6, "76.70", "IN_FORCE")
    assert str(rows["Autohaus Fahrspaß GmbH"].premium) == "249.00"


def test_totals_are_of_everything_found(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/contracts/?q=fahrspaß")
    totals = answer.context["totals"]
    assert (totals.contracts, totals.insured, str(totals.premium)) == (1, 15, "249.00")
    everything = clerk.get("/contracts/").context["totals"]
    last = [
        Statement.objects.filter(contract=c, number__isnull=False).latest("month").total
        for c in GroupContract.objects.all()
    ]
    assert everything.premium == sum(last)


@pytest.mark.parametrize("text", ["Wolfsburg", "-0003", "luftDRUCK"])
def test_search_finds_by_town_number_and_name(text: str, clerk: Client) -> None:
    rows = clerk.get("/contracts/", {"q": text}).context["rows"]
    assert [row.employer for row in rows] == ["Luftdruck GmbH"]


def test_the_filter_stays_in_the_page_and_nothing_found_helps(clerk: Client) -> None:
    html = clerk.get("/contracts/?q=gibtsnicht&state=ENDED").content.decode()
    assert 'value="gibtsnicht"' in html
    assert "Kein Vertrag passt zu diesem Filter" in html
    assert '<option value="ENDED" selected>' in html


def test_states_asked_of_the_table_are_those_of_the_query(insurer: Insurer) -> None:
    today = insurer.world.today
    day = timedelta(days=1)
    periods = [
        Period(today - 40 * day, today - day),
        Period(today - 40 * day, today),
        Period(today, today + 40 * day),
        Period(today + day),
        Period(today + day, today + 40 * day),
        Period(today),
    ]
    employer = insurer.world.contract.employer
    for index, period in enumerate(periods):
        GroupContract.objects.create(number=f"T-{index}", employer=employer, period=period)
    for state in ContractState:
        found = set(filter_contracts(ContractFilter(state=state), today))
        assert found == {
            c for c in GroupContract.objects.all() if get_contract_state(c, today) is state
        }


def test_a_cancelled_contract_says_so(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    receive_cancellation(
        contract=contract, party=Party.POLICYHOLDER, received_at=timezone.now(),
        document_name="brief.pdf", document=b"%PDF constructed",
    )  # fmt: skip
    rows = clerk.get("/contracts/?state=CANCELLED").context["rows"]
    assert [row.number for row in rows] == [contract.number]
    assert "gekündigt" in clerk.get("/contracts/").content.decode()


def test_a_strange_page_number_shows_a_page(clerk: Client) -> None:
    for page in ("0", "999", "x", "-1"):
        assert clerk.get("/contracts/", {"page": page}).status_code == 200
