"""A broker's clients: figures without names, alarms, and nobody else's."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from aupolicy.kernel.period import Period
from aupolicy.models import Broker, ContractVersion, Employer, GroupContract, Right
from aupolicy.operations import give_authority
from aupolicy.queries import ContractState, get_rights
from members.facts import UploadKind, UploadStatus
from members.models import Upload
from portal.queries.broker.clients import Alarm, ClientRow, list_clients
from tests.portal.conftest import Insurer, count_queries


@pytest.fixture
def room(insurer: Insurer) -> str:
    broker = insurer.world.contract.broker
    assert broker is not None
    return f"/brokers/{broker.pk}/"


def _rows(insurer: Insurer, day: date | None = None) -> dict[str, ClientRow]:
    broker, today = insurer.world.contract.broker, day or insurer.world.today
    assert broker is not None
    rights = get_rights(insurer.people["broker"], today)
    return {row.employer: row for row in list_clients(broker, rights, today)}


def test_only_the_brokers_own_clients_are_listed(room: str, broker: Client) -> None:
    html = broker.get(f"{room}clients/").content.decode()
    assert "Luftdruck GmbH" in html
    assert "Autohaus Fahrspaß GmbH" in html
    assert "Friseursalon Haarschön" not in html


def test_figures_are_there_without_authority_but_no_way_in(
    room: str, insurer: Insurer, broker: Client
) -> None:
    answer = broker.get(f"{room}clients/")
    rows = {row.employer: row for row in answer.context["rows"]}
    dealer, large = rows["Autohaus Fahrspaß GmbH"], rows["Luftdruck GmbH"]
    assert (dealer.right, dealer.insured, dealer.premium) == (None, 15, Decimal("249.00"))
    assert large.right is Right.EDIT
    html = answer.content.decode()
    assert f"/employers/{large.employer_id}/" in html
    assert f"/employers/{dealer.employer_id}/" not in html
    assert Alarm.AUTHORITY in dealer.alarms
    assert Alarm.AUTHORITY not in large.alarms
    totals = answer.context["totals"]
    assert totals.premium == dealer.premium + large.premium
    assert totals.insured == 15 + large.insured


def test_no_person_of_a_client_is_named(room: str, insurer: Insurer, broker: Client) -> None:
    names = {"Albrecht", "Böhm", "Çelik", "Engel", "Yılmaz"}
    for page in ("", "clients/", "clients.csv"):
        text = broker.get(room + page).content.decode()
        assert not [name for name in names if name in text]


def test_filters_stay_in_the_address_and_narrow_the_sums(room: str, broker: Client) -> None:
    answer = broker.get(f"{room}clients/", {"q": "fahrspaß", "alarm": "AUTHORITY"})
    assert [row.employer for row in answer.context["rows"]] == ["Autohaus Fahrspaß GmbH"]
    assert answer.context["totals"].premium == Decimal("249.00")
    html = answer.content.decode()
    assert 'value="fahrspaß"' in html
    assert '<option value="AUTHORITY" selected>' in html
    nothing = broker.get(f"{room}clients/?state=ENDED")
    assert "Kein Arbeitgeber passt zu diesem Filter" in nothing.content.decode()
    strange = broker.get(f"{room}clients/?state=x&alarm=y&page=zz")
    assert len(strange.context["rows"]) == 2


def test_the_table_can_be_taken_along(room: str, broker: Client) -> None:
    lines = broker.get(f"{room}clients.csv?q=luftdruck").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("Arbeitgeber;Ort;Vertrag;Status;Versicherte;")
    assert lines[1].startswith("Luftdruck GmbH;Wolfsburg;")


def test_uploads_waiting_for_release_are_told(room: str, insurer: Insurer, broker: Client) -> None:
    contract = insurer.world.contract
    for number, status in enumerate((UploadStatus.CHECKED, UploadStatus.APPLIED)):
        Upload.objects.create(
            contract=contract, kind=UploadKind.CHANGES.value, file_name="a.csv",
            sha256=f"{number}" * 64, byte_count=1, status=status.value,
            received_at=insurer.world.runs[0].started_at,
        )  # fmt: skip
    row = _rows(insurer)["Luftdruck GmbH"]
    assert row.uploads == 1
    assert Alarm.UPLOADS in row.alarms
    assert "1 Meldedatei freigeben" in broker.get(f"{room}clients/").content.decode()
    assert "Meldedatei von 1 Arbeitgeber freigeben" in broker.get(room).content.decode()


def test_deadlines_are_those_of_the_contract_year(insurer: Insurer) -> None:
    start = insurer.world.contract.period.first_day
    deadline = _rows(insurer, start)["Luftdruck GmbH"].cancel_until
    assert deadline is not None
    anniversary = start.replace(year=start.year + 1)
    assert anniversary - timedelta(days=33) <= deadline <= anniversary - timedelta(days=29)
    day = timedelta(days=1)
    for when, alarm, expected in (
        (deadline - 61 * day, Alarm.CANCELLATION, False),
        (deadline - 60 * day, Alarm.CANCELLATION, True),
        (deadline, Alarm.CANCELLATION, True),
        (deadline + day, Alarm.CANCELLATION, False),
        (anniversary - 91 * day, Alarm.RENEWAL, False),
        (anniversary - 90 * day, Alarm.RENEWAL, True),
        (anniversary - day, Alarm.RENEWAL, True),
        (anniversary, Alarm.RENEWAL, False),
    ):
        alarms = _rows(insurer, when)["Luftdruck GmbH"].alarms
        assert (alarm in alarms) is expected, (when, alarm)


def test_a_cancelled_contract_neither_renews_nor_warns(insurer: Insurer) -> None:
    contract = insurer.world.contract
    first_day = contract.period.first_day
    contract.period = Period(first_day, insurer.world.today + timedelta(days=20))
    contract.save(update_fields=["period"])
    row = _rows(insurer)["Luftdruck GmbH"]
    assert row.state is ContractState.CANCELLED
    assert row.next_day == contract.period.last_day
    assert not row.alarms & {Alarm.CANCELLATION, Alarm.RENEWAL}


def test_strangers_and_other_brokers_find_nothing(
    room: str, stranger: Client, hr: Client, broker: Client
) -> None:
    other = Broker.objects.create(legal_name="Südwind", registration_number="D-2-B-2")
    for page in ("", "clients/", "clients.csv", "quotes/", "quotes/new/", "applications/"):
        assert stranger.get(room + page).status_code == 404
        assert hr.get(room + page).status_code == 404
        assert broker.get(f"/brokers/{other.pk}/{page}").status_code == 404


def test_the_insurer_looks_on_but_changes_nothing(room: str, clerk: Client) -> None:
    html = clerk.get(f"{room}clients/").content.decode()
    assert "als Versicherer" in html
    assert clerk.post(f"{room}quotes/new/", {}).status_code == 403


def test_two_thousand_clients_take_twelve_queries(
    room: str, insurer: Insurer, broker: Client
) -> None:
    own, today = insurer.world.contract.broker, insurer.world.today
    assert own is not None
    employers = Employer.objects.bulk_create(
        Employer(legal_name=f"Firma {n:04d}", street="Weg", postal_code="1", town="Ort")
        for n in range(2000)
    )
    contracts = GroupContract.objects.bulk_create(
        GroupContract(number=f"T-{e.pk}", employer=e, broker=own, period=Period(today))
        for e in employers
    )
    ContractVersion.objects.bulk_create(
        ContractVersion(contract=c, period=c.period, tariff_key="bau-2016") for c in contracts
    )
    give_authority(employer=employers[0], broker=own, right=Right.READ, first_day=today)
    for page in ("", "clients/", "clients/?page=9&q=firma"):
        queries, size = count_queries(broker, room + page)
        assert queries <= 12, page
        assert size <= 100_000, page


def test_the_way_in_works_and_leads_back(room: str, insurer: Insurer, broker: Client) -> None:
    large = insurer.world.contract.employer_id
    dealer = insurer.world.contracts["Autohaus Fahrspaß GmbH"].employer_id
    answer = broker.get(f"/employers/{large}/")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Sie handeln für Luftdruck GmbH als Vermittler." in html
    assert f'href="{room}clients/"' in html
    assert broker.get(f"/employers/{dealer}/").status_code == 404
