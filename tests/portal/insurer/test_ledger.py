"""Open items, accounts, write-offs, instalments, journal, balance and month close as pages."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations import give_grant
from billing.models import (
    ClosedMonth,
    Collection,
    InstalmentPlan,
    LedgerTransaction,
    OpenItem,
    WriteOff,
)
from billing.operations.charges import charge
from billing.queries.audit import audit_ledger
from billing.queries.open_items import get_open_amount, list_open_items
from billing.queries.trial_balance import list_booked_months
from billing.rules.ages import Age
from portal.templatetags.portal import money
from tests.portal.conftest import Insurer, count_queries

D = Decimal


@pytest.fixture
def item(insurer: Insurer) -> OpenItem:
    """Reminder costs of the large employer, overdue for forty days."""
    today = insurer.world.today
    return charge(
        contract=insurer.world.contract,
        kind=OpenItem.Kind.COSTS,
        amount=D("90.00"),
        cause=OpenItem.objects.filter(contract=insurer.world.contract).earliest("pk"),
        due_date=today - timedelta(days=40),
        text="Mahnung",
        booked_on=today,
    )


@pytest.fixture
def second(insurer: Insurer) -> Client:
    """Somebody else of finance."""
    user = User.objects.create_user("fina", first_name="Fina", last_name="Zwei")
    give_grant(user=user, role=Role.FINANCE, first_day=insurer.world.today)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _books_stay_right(insurer: Insurer) -> Iterator[None]:
    yield
    assert audit_ledger().differences == ()


def text(client: Client, address: str) -> str:
    """A page as people read it."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("\xa0", " ")


def rows(client: Client, address: str) -> list[list[str]]:
    """A table that was taken along, with its headings."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_open_items_say_what_is_overdue_and_how_old(clerk: Client, item: OpenItem) -> None:
    answer = clerk.get("/open-items/")
    html = answer.content.decode().replace("\xa0", " ")
    sums = answer.context["sums"]
    assert sums.ages[Age.TWO_MONTHS] == item.amount
    overdue = money(sums.overdue).replace("\xa0", " ")
    assert f"{sums.overdue_count} Posten über {overdue}" in html
    assert "31 bis 60 Tage" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True), ("?show=overdue", True), ("?show=credit", False), ("?show=plan", False),
        ("?kind=costs", True), ("?kind=interest", False), ("?age=60", True), ("?age=30", False),
        ("?q=luftdruck", True), ("?q=haarschön", False), ("?sort=-open", True),
        ("?show=unsinn&sort=unsinn&age=unsinn", True),
    ],
)  # fmt: skip
def test_open_items_are_narrowed(clerk: Client, item: OpenItem, query: str, *, found: bool) -> None:
    assert (item.number in text(clerk, f"/open-items/{query}")) is found
    taken = rows(clerk, f"/open-items.csv{query}")[1:]
    assert (item.number in {row[2] for row in taken}) is found


def test_an_item_tells_what_it_is_about(clerk: Client, item: OpenItem) -> None:
    html = text(clerk, f"/open-items/{item.pk}/")
    assert f"Mahnkosten {item.number}: 90,00 € offen" in html
    assert item.cause is not None
    assert f"Verzug mit {item.cause.number}" in html
    collected = text(clerk, f"/open-items/{item.cause.pk}/")
    assert "ausgeglichen" in collected
    assert "Lastschrifteinzug" in collected
    assert "Was der Verzug gekostet hat" in collected


def test_two_people_write_a_demand_off(
    clerk: Client, second: Client, auditor: Client, item: OpenItem
) -> None:
    address = f"/open-items/{item.pk}/"
    refused = clerk.post(address, {"amount": "90,01", "reason": "Insolvenz"})
    assert "Offen sind nur 90,00 €" in refused.content.decode()
    assert "Nennen Sie den Grund" in clerk.post(address, {"amount": "1"}).content.decode()
    assert auditor.post(address, {"amount": "1", "reason": "x"}).status_code == 403
    clerk.post(address, {"amount": "90,00", "reason": "Insolvenz"})
    asked = WriteOff.objects.get()
    page = f"/write-offs/{asked.pk}/"
    assert "Entscheiden muss jemand anderes" in text(clerk, page)
    answer = clerk.post(page, {"decision": "approve"})
    assert "entscheidet nicht über sie" in answer.content.decode()
    assert "1 Ausbuchung wartet" in text(second, "/write-offs/")
    work = WorkItem.objects.get(kind="write_off")
    assert page in text(second, "/work/?show=unclaimed")
    assert "Bitte nennen Sie den Grund" in (
        second.post(page, {"decision": "refuse"}).content.decode()
    )
    second.post(page, {"decision": "approve"})
    assert get_open_amount(item) == 0
    work.refresh_from_db()
    assert work.done_at is not None
    assert "90,00 € von" in text(auditor, page)
    booking = LedgerTransaction.objects.get(kind="WRITE_OFF")
    assert "Ausbuchung, von zweien entschieden" in text(auditor, f"/ledger/bookings/{booking.pk}/")


def test_a_plan_is_shown_before_it_is_agreed(
    clerk: Client, hr: Client, insurer: Insurer, item: OpenItem
) -> None:
    contract = insurer.world.contract
    address = f"/contracts/{contract.pk}/instalments/new/"
    first = timezone.localdate() + timedelta(days=10)
    given = {"items": [item.pk], "count": "3", "first": f"{first:%d.%m.%Y}", "reason": "Engpass"}
    html = clerk.post(address, {**given, "preview": "1"}).content.decode().replace("\xa0", " ")
    assert "90,00 € in 3 Raten" in html
    assert not InstalmentPlan.objects.exists()
    assert "Bitte wählen Sie" in clerk.post(address, {**given, "items": []}).content.decode()
    past = f"{timezone.localdate() - timedelta(days=1):%d.%m.%Y}"
    refused = clerk.post(address, {**given, "first": past, "agree": "1"})
    assert "nicht in der Vergangenheit" in refused.content.decode()
    clerk.post(address, {**given, "agree": "1"})
    plan = InstalmentPlan.objects.get()
    html = text(clerk, f"/instalments/{plan.pk}/")
    assert "90,00 € von 90,00 €" in html
    assert html.count("30,00") == 6
    assert "wird eingehalten" in text(clerk, "/instalments/")
    assert item.number in text(clerk, "/open-items/?show=plan")
    assert item.number not in text(clerk, address)
    assert "Ratenplan vom" in text(hr, f"/employers/{contract.employer_id}/account/")
    clerk.post(f"/instalments/{plan.pk}/", {"reason": "Nicht gezahlt"})
    assert "Nicht gezahlt" in text(clerk, f"/instalments/{plan.pk}/")
    assert clerk.get("/instalments/999999/").status_code == 404


def test_every_room_shows_the_same_account(  # noqa: PLR0917 - one of each room
    clerk: Client, hr: Client, broker: Client, stranger: Client, insurer: Insurer, item: OpenItem
) -> None:
    contract = insurer.world.contract
    assert contract.broker is not None
    tables = [
        rows(clerk, f"/contracts/{contract.pk}/account.csv"),
        rows(hr, f"/employers/{contract.employer_id}/account.csv"),
        rows(broker, f"/brokers/{contract.broker_id}/contracts/{contract.pk}/account.csv"),
    ]
    assert tables[0] == tables[1] == tables[2]
    statements, collections = len(insurer.world.runs), len(insurer.world.collections)
    assert len(tables[0]) == 1 + statements + collections + 1
    assert tables[0][-1][4] == "90,00"
    owed = list_open_items(OpenItem.objects.filter(contract=contract))
    assert _read(tables[0][-1][5]) == total(row.open_amount for row in owed)
    for client, address in (
        (clerk, f"/contracts/{contract.pk}/account/"),
        (hr, f"/employers/{contract.employer_id}/account/"),
        (broker, f"/brokers/{contract.broker_id}/contracts/{contract.pk}/account/"),
    ):
        html = text(client, address)
        assert item.number in html
        assert tables[0][-1][5] in html.replace(".", "")
        assert count_queries(client, address)[0] <= 12
    assert stranger.get(f"/contracts/{contract.pk}/account/").status_code == 404
    other = insurer.world.contracts["Friseursalon Haarschön"]
    foreign = f"/brokers/{contract.broker_id}/contracts/{other.pk}/account"
    assert broker.get(f"{foreign}/").status_code == 404
    assert broker.get(f"{foreign}.csv").status_code == 404


def test_every_booking_of_an_account_leads_to_its_cause(clerk: Client, insurer: Insurer) -> None:
    html = text(clerk, f"/contracts/{insurer.world.contract.pk}/account/")
    for kind, cause in (("STATEMENT", "Abrechnung AB-"), ("COLLECTION", "Lastschrift AB-")):
        booking = LedgerTransaction.objects.filter(
            kind=kind, contract=insurer.world.contract
        ).latest("pk")
        assert f"/ledger/bookings/{booking.pk}/" in html
        page = text(clerk, f"/ledger/bookings/{booking.pk}/")
        assert cause in page
        # On both sides, and on neither with a sign.
        assert "\u2212" not in page


def test_the_trial_balance_adds_up_to_nothing(clerk: Client, insurer: Insurer) -> None:
    month = _last_month()
    assert "noch offen" in text(clerk, "/ledger/")
    taken = rows(clerk, f"/ledger/balance.csv?month={month}")
    assert {row[0] for row in taken[1:]} == {"1360", "1400", "4000"}
    sums = [sum(_read(row[column]) for row in taken[1:]) for column in (2, 5)]
    assert sums == [0, 0]
    assert clerk.get("/ledger/?month=unsinn").status_code == 404


def _last_month() -> Month:
    return list_booked_months()[0]


def _read(cell: str) -> Decimal:
    return Decimal(cell.replace(",", ".")) if cell else D(0)


def test_the_journal_is_narrowed_by_account_contract_and_kind(
    clerk: Client, insurer: Insurer
) -> None:
    contract = insurer.world.contract
    month = _last_month()
    address = f"?month={month}&account=1400&contract={contract.number}&kind=STATEMENT"
    taken = rows(clerk, f"/ledger/journal.csv{address}")[1:]
    statement = OpenItem.objects.filter(contract=contract).latest("pk")
    assert [(row[3], row[5], _read(row[8])) for row in taken] == [
        (statement.number, "1400", statement.amount)
    ]
    assert statement.number in text(clerk, f"/ledger/journal/{address}")
    everything = rows(clerk, f"/ledger/journal.csv?month={month}&account=9999")[1:]
    assert sum(_read(row[8]) - _read(row[9]) for row in everything) == 0
    assert "Keine Buchung" in text(clerk, f"/ledger/journal/?month={month}&contract=gibtsnicht")


def test_the_month_is_taken_to_datev(clerk: Client, insurer: Insurer, settings: object) -> None:
    month = _last_month().plus(-1)
    detail = clerk.get(f"/ledger/batch.csv?month={month}").getvalue().decode("cp1252")
    head, _columns, *lines = detail.split("\r\n")[:-1]
    assert head.split(";")[10:12] == ["1001", "1"]
    booked = LedgerTransaction.objects.filter(booked_on__range=(month.first_day, month.last_day))
    assert len(lines) == booked.count()
    cells = lines[0].split(";")
    assert (cells[1], cells[6], cells[7]) == ('"S"', "1400", "4000")
    assert cells[13].startswith('"Sollstellung GV-')
    sums = clerk.get(f"/ledger/batch.csv?month={month}&sums=1").getvalue().decode("cp1252")
    condensed = sums.split("\r\n")[2:-1]
    assert 0 < len(condensed) < len(lines)
    assert sum(_read(line.split(";")[0]) for line in condensed) == sum(
        _read(line.split(";")[0]) for line in lines
    )
    settings.INSURER_BOOKS = {"consultant": 0, "client": 0, "fiscal_year_month": 1}  # type: ignore[attr-defined]
    answer = clerk.get(f"/ledger/batch.csv?month={month}", follow=True)
    assert "BOOKS_CONSULTANT_NUMBER" in answer.content.decode()


def test_a_month_is_closed_from_its_checklist(
    clerk: Client, auditor: Client, insurer: Insurer
) -> None:
    first = list_booked_months()[-1]
    Collection.objects.update(released_at=None, released_by=None)
    assert "kann noch nicht abgeschlossen werden" in text(clerk, "/ledger/close/")
    answer = clerk.post("/ledger/close/", {"month": str(first)}, follow=True)
    assert "weder freigegeben noch verworfen" in answer.content.decode()
    Collection.objects.update(released_at=timezone.now())
    html = text(clerk, "/ledger/close/")
    assert "kann abgeschlossen werden" in html
    assert "wird beim Abschluss geprüft" in html
    assert "Das Hauptbuch stimmt" in text(clerk, "/ledger/close/?check=1")
    assert '<button class="btn btn-primary">' not in text(auditor, "/ledger/close/")
    assert auditor.post("/ledger/close/", {"month": str(first)}).status_code == 403
    wrong = clerk.post("/ledger/close/", {"month": str(first.plus(1))}, follow=True)
    assert "der Reihe nach" in wrong.content.decode()
    assert not ClosedMonth.objects.exists()
    answer = clerk.post("/ledger/close/", {"month": str(first)}, follow=True)
    assert "ist abgeschlossen" in answer.content.decode()
    assert ClosedMonth.objects.get().month == first.first_day
    assert "abgeschlossen" in text(clerk, f"/ledger/?month={first}")
    clerk.post("/ledger/close/", {"month": str(first)})
    assert ClosedMonth.objects.count() == 1
