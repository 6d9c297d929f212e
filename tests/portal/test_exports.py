"""Tables as CSV."""

import csv
import io
from decimal import Decimal

from django.test import Client

from aupolicy.models import WorkItem
from billing.models import Collection, Statement
from members.models import NoticeRecord
from portal.exports.sheet import write_csv
from portal.exports.table_list import TABLES
from portal.exports.tables import (
    APPLICATIONS,
    COLLECTIONS,
    NOTICES,
    PAYOUT_ORDERS,
    QUOTES,
    RECOVERIES,
    STATEMENTS,
    WORK,
    Table,
)
from tests.portal.conftest import Insurer


def _read_table(client: Client, address: str, table: Table) -> list[dict[str, str]]:
    """The rows of a file that must have a table's headings."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert reader.fieldnames == table.headings
    return list(reader)


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _read(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_all_people_of_a_contract_not_one_page(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    rows = _read(clerk.get(f"/contracts/{contract.pk}/people.csv").content)
    sums = clerk.get(f"/contracts/{contract.pk}/people/").context["sums"]
    assert len(rows) == sums.insured
    premiums = (Decimal(row["Beitrag, €"].replace(",", ".")) for row in rows)
    assert sum(premiums) == sums.premium


def test_a_statement_line_by_line(insurer: Insurer, clerk: Client) -> None:
    statement = Statement.objects.filter(
        contract=insurer.world.contract, number__isnull=False
    ).latest("month")
    answer = clerk.get(f"/statements/{statement.pk}/lines.csv")
    rows = _read(answer.content)
    assert len(rows) == statement.line_count
    assert sum(Decimal(r["Betrag, €"].replace(",", ".")) for r in rows) == statement.total
    assert f"{statement.number}.csv" in answer["Content-Disposition"]


def test_contracts_as_filtered(insurer: Insurer, clerk: Client) -> None:
    rows = _read(clerk.get("/contracts.csv?q=haar").content)
    assert [row["Arbeitgeber"] for row in rows] == ["Friseursalon Haarschön"]


def test_a_name_that_looks_like_a_formula_stays_a_name() -> None:
    content = write_csv(["Name"], [["=HYPERLINK(1)"], ["-1"], [Decimal("-1.50")]])
    assert content.decode("utf-8-sig").split("\r\n")[1:4] == ["'=HYPERLINK(1)", "'-1", "-1,50"]


def test_no_table_has_a_heading_twice() -> None:
    for table in TABLES:
        assert len(set(table.headings)) == len(table.headings), table.name


def test_an_employers_statements(insurer: Insurer, hr_reader: Client) -> None:
    contract = insurer.world.contract
    room = f"/employers/{contract.employer_id}"
    rows = _read_table(hr_reader, f"{room}/statements.csv", STATEMENTS)
    posted = Statement.objects.filter(contract=contract, number__isnull=False).order_by("-month")
    assert [(row["Nummer"], _amount(row["Betrag, €"])) for row in rows] == [
        (statement.number, statement.total) for statement in posted
    ]
    assert rows[0]["Monat"] == f"{posted[0].month:%Y-%m}"
    assert {row["Vertrag"] for row in rows} == {contract.number}


def test_a_contracts_statements_for_the_insurer(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    rows = _read_table(clerk, f"/contracts/{contract.pk}/statements.csv", STATEMENTS)
    assert len(rows) == contract.statements.filter(number__isnull=False).count() > 0


def test_headings_are_the_same_in_english(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    clerk.cookies["django_language"] = "en"
    answer = clerk.get("/notices.csv", headers={"accept-language": "en"})
    assert answer.content.decode("utf-8-sig").split(";")[0] == "Meldung"
    _read_table(clerk, f"/contracts/{contract.pk}/statements.csv", STATEMENTS)


def test_notices_as_filtered_in_both_rooms(
    insurer: Insurer, clerk: Client, hr_reader: Client
) -> None:
    contract = insurer.world.contract
    rows = _read_table(clerk, "/notices.csv", NOTICES)
    open_ones = NoticeRecord.objects.filter(status="NEEDS_CLERK").order_by("-pk")
    assert [row["Personalnummer"] for row in rows] == [n.personnel_number for n in open_ones]
    assert rows
    assert all(row["Gründe"] for row in rows)
    everything = _read_table(clerk, "/notices.csv?status=all", NOTICES)
    assert len(everything) == NoticeRecord.objects.count()
    room = f"/employers/{contract.employer_id}"
    own = _read_table(hr_reader, f"{room}/notices.csv", NOTICES)
    assert len(own) == NoticeRecord.objects.filter(contract=contract).count()
    assert {row["Vertrag"] for row in own} == {contract.number}
    some = _read_table(hr_reader, f"{room}/notices.csv?status=NEEDS_CLERK", NOTICES)
    assert 0 < len(some) < len(own)


def test_work_collections_payouts_and_recoveries(insurer: Insurer, clerk: Client) -> None:
    work = _read_table(clerk, "/work.csv?show=open", WORK)
    assert len(work) == WorkItem.objects.filter(done_at=None).count() > 0
    assert all(row["Aufgabe"] and row["Art"] and not row["erledigt"] for row in work)
    collections = _read_table(clerk, "/collections.csv", COLLECTIONS)
    kept = Collection.objects.order_by("-due_date", "-pk")
    assert [(row["Nachricht"], _amount(row["Kontrollsumme, €"])) for row in collections] == [
        (collection.message_id, collection.control_sum) for collection in kept
    ]
    assert _read_table(clerk, "/payouts.csv", PAYOUT_ORDERS) == []
    assert _read_table(clerk, "/payouts/recoveries.csv?settled", RECOVERIES) == []


def test_a_brokers_quotes_and_applications(insurer: Insurer, broker: Client) -> None:
    grant = insurer.people["broker"].grants.get()
    room = f"/brokers/{grant.broker_id}"
    quotes = _read_table(broker, f"{room}/quotes.csv", QUOTES)
    assert len(quotes) == 1
    assert _amount(quotes[0]["Beitrag, € im Monat"]) > 0
    assert quotes[0]["Antrag"]
    applications = _read_table(broker, f"{room}/applications.csv", APPLICATIONS)
    assert [row["Angebot"] for row in applications] == [quotes[0]["Angebot"]]
    nothing = _read_table(broker, f"{room}/applications.csv?q=gibt-es-nicht", APPLICATIONS)
    assert nothing == []
