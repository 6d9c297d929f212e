"""Courtage, refunds and their orders as pages of the insurer, and the broker's own pages."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client

from aupolicy.kernel.month import Month
from aupolicy.models import Broker, GroupContract, Role, User
from aupolicy.operations import give_grant
from billing.models import (
    BrokerAccount,
    CollectionItem,
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
    OpenItem,
    Payout,
    PayoutOrder,
    Statement,
)
from billing.operations.commission import accrue_commission, issue_commission_statements
from billing.queries.audit import audit_ledger
from billing.queries.open_items import get_open_amount
from billing.queries.statement_tax import list_taxed_parts
from documents.models import Document
from tests.commission.world import IBAN, credit, give_account, promise, send_back
from tests.laws.world import at, settle
from tests.portal.conftest import Insurer, count_queries

D = Decimal
LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def second(insurer: Insurer) -> Client:
    """Somebody else of finance."""
    client = Client(headers={"accept-language": "de"})
    client.force_login(_finance("fina", insurer.world.today))
    return client


def _finance(name: str, since: date) -> User:
    user = User.objects.create_user(name, first_name="Fina", last_name="Zwei")
    give_grant(user=user, role=Role.FINANCE, first_day=since)
    return user


@pytest.fixture
def contract(insurer: Insurer) -> GroupContract:
    """The large employer's, read anew: tests change its broker."""
    return GroupContract.objects.select_related("broker").get(pk=insurer.world.contract.pk)


@pytest.fixture
def own(contract: GroupContract) -> Broker:
    assert contract.broker is not None
    return contract.broker


@pytest.fixture
def stated(insurer: Insurer, contract: GroupContract, own: Broker) -> CommissionStatement:
    """The broker's statement of the month before last: two debits credited, one came back."""
    today = insurer.world.today
    day = Month.of(today).plus(-2).first_day
    promise(own, _finance("fred", LONG_AGO), "12.5", "4", since=LONG_AGO)
    debits = CollectionItem.objects.filter(open_item__contract=contract).order_by("pk")[:2]
    for debit in debits:
        credit(debit.collection, day)
    accrue_commission(now=at(day))
    send_back(debits[1], day)
    accrue_commission(now=at(day))
    (statement,) = issue_commission_statements(month=Month.of(day), now=at(today))
    return statement


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


def test_percentages_are_agreed_on_the_broker_s_page(
    clerk: Client, auditor: Client, contract: GroupContract, own: Broker
) -> None:
    address = f"/commission/brokers/{own.pk}/"
    assert "Nichts ist vereinbart" in text(clerk, address)
    form = {"first_day": "01.01.2026", "first_year_percent": "12,5", "running_percent": "4"}
    assert clerk.post(address, form).status_code == 302
    assert clerk.post(address, {**form, "contract": contract.pk}).status_code == 302
    told = [(a.contract, a.first_year_percent) for a in CommissionAgreement.objects.order_by("pk")]
    assert told == [(None, D("12.5")), (contract, D("12.5"))]
    again = clerk.post(address, form)
    assert "beginnt am 01.01.2026" in again.content.decode()
    wrong = clerk.post(address, {**form, "running_percent": "viel"}).content.decode()
    assert "Das ist kein Satz in Prozent" in wrong
    assert "12,5" in text(auditor, address)
    assert auditor.post(address, form).status_code == 403


def test_an_entry_says_why(clerk: Client, own: Broker, stated: CommissionStatement) -> None:
    page = text(clerk, f"/commission/brokers/{own.pk}/")
    assert stated.number in page
    assert "Storno" in page
    entry = CommissionEntry.objects.earliest("pk")
    why = text(clerk, f"/commission/entries/{entry.pk}/why/")
    assert "× 12,5 % =" in why
    assert "allgemeine Vereinbarung" in why
    back = CommissionEntry.objects.latest("pk")
    assert "− " in text(clerk, f"/commission/entries/{back.pk}/why/")
    head, *table = rows(
        clerk, f"/commission/brokers/{own.pk}/entries.csv?q={entry.open_item.number}"
    )
    assert head[-1] == "Abrechnung"
    assert {row[3] for row in table} == {entry.open_item.number}


def test_a_statement_is_paid_by_two_people_to_a_confirmed_account(
    clerk: Client, second: Client, broker: Client, own: Broker, stated: CommissionStatement
) -> None:
    room = f"/brokers/{own.pk}/commission/"
    assert "zur Auszahlung" in text(broker, room)
    account = {"holder": "Makler", "iban": IBAN}
    assert broker.post(room, account).status_code == 302
    recorded = BrokerAccount.objects.get()
    assert "wartet auf eine zweite Person" in text(broker, room)
    broker.post(f"{room}accounts/{recorded.pk}/confirm/")
    assert "wartet auf ein bestätigtes Konto" in text(clerk, "/commission/pay/")
    assert clerk.post(f"/commission/accounts/{recorded.pk}/confirm/").status_code == 302
    assert "1 Vermittler bekommt" in text(clerk, "/commission/pay/")
    page = clerk.get("/commission/pay/")
    day = page.context["form"].data["day"]
    answer = clerk.post("/commission/pay/", {"day": day})
    order = PayoutOrder.objects.get(kind="commission")
    assert answer["Location"] == f"/payouts/orders/{order.pk}/"
    assert own.legal_name in text(clerk, f"/payouts/orders/{order.pk}/")
    second.post(f"/payouts/orders/{order.pk}/release/")
    order.refresh_from_db()
    assert order.released_at is not None
    payout = Payout.objects.get()
    assert stated.number in text(second, f"/payouts/{payout.pk}/")
    assert "angewiesen" in text(broker, f"{room}{stated.pk}/")
    assert "Courtage" in text(clerk, "/payouts/")
    settle()
    assert audit_ledger().differences == ()


def test_the_broker_takes_statement_letter_and_entries_along(
    broker: Client, clerk: Client, own: Broker, stated: CommissionStatement, contract: GroupContract
) -> None:
    room = f"/brokers/{own.pk}/commission/{stated.pk}/"
    assert contract.number in text(broker, room)
    letter = broker.get(f"{room}file/")
    assert b"".join(letter.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert Document.objects.filter(commission_statement=stated).count() == 1
    table = rows(broker, f"{room}entries.csv")
    assert len(table) == 1 + stated.entries.count()
    assert rows(clerk, f"/commission/statements/{stated.pk}/entries.csv") == table
    # The contract goes to nobody: what the broker earned on it stays to be read.
    contract.broker = None
    contract.save(update_fields=["broker"])
    assert rows(broker, f"{room}entries.csv") == table
    assert contract.number in text(broker, room)


def test_a_month_is_stated_on_demand(
    clerk: Client, insurer: Insurer, contract: GroupContract, own: Broker
) -> None:
    promise(own, _finance("fred", LONG_AGO), since=LONG_AGO)
    last_month = Month.of(insurer.world.today).first_day - timedelta(days=5)
    debit = CollectionItem.objects.filter(open_item__contract=contract).earliest("pk")
    credit(debit.collection, last_month)
    accrue_commission(now=at(last_month))
    page = clerk.post("/commission/issue/", follow=True).content.decode()
    assert "Courtageabrechnung ist ausgestellt" in page
    assert CommissionStatement.objects.get().number in text(clerk, f"/commission/brokers/{own.pk}/")
    assert (
        "nichts mehr abzurechnen" in clerk.post("/commission/issue/", follow=True).content.decode()
    )


def test_a_credit_is_paid_back(
    clerk: Client, second: Client, insurer: Insurer, contract: GroupContract
) -> None:
    assert "Kein Guthaben" in text(clerk, "/payouts/refunds/")
    owed = OpenItem.objects.create(
        contract=contract, kind="costs", number="NF-2026-9000000", amount=D("-12.50"),
        due_date=insurer.world.today, created_on=insurer.world.today,
    )  # fmt: skip
    page = clerk.get("/payouts/refunds/")
    assert owed.number in page.content.decode()
    day = page.context["form"].data["day"]
    none = clerk.post("/payouts/refunds/", {"day": day}).content.decode()
    assert "Wählen Sie mindestens ein Guthaben" in none
    answer = clerk.post("/payouts/refunds/", {"day": day, "items": [owed.pk]})
    order = PayoutOrder.objects.get(kind="refund")
    assert answer["Location"] == f"/payouts/orders/{order.pk}/"
    assert contract.number in text(clerk, f"/payouts/orders/{order.pk}/")
    payout = Payout.objects.get()
    assert owed.number in text(clerk, f"/payouts/{payout.pk}/")
    second.post(f"/payouts/orders/{order.pk}/discard/")
    assert get_open_amount(owed) == D("-12.50")


def test_pages_are_cheap(
    clerk: Client, broker: Client, own: Broker, stated: CommissionStatement
) -> None:
    give_account(own, _finance("finn", LONG_AGO), _finance("fanny", LONG_AGO))
    for client, address in (
        (clerk, "/commission/"),
        (clerk, f"/commission/brokers/{own.pk}/"),
        (clerk, "/commission/pay/"),
        (clerk, f"/commission/statements/{stated.pk}/"),
        (clerk, "/payouts/refunds/"),
        (broker, f"/brokers/{own.pk}/commission/"),
        (broker, f"/brokers/{own.pk}/commission/{stated.pk}/"),
    ):
        queries, size = count_queries(client, address)
        assert queries <= 12, (address, queries)
        assert size <= 100_000, address
    assert rows(clerk, "/commission.csv?q=Nordlicht&sort=unpaid")[1][0] == own.legal_name


def test_a_statement_says_how_it_is_taxed(
    clerk: Client, hr: Client, contract: GroupContract
) -> None:
    statement = Statement.objects.filter(contract=contract, number__isnull=False).latest("pk")
    for client, address in (
        (clerk, f"/statements/{statement.pk}/"),
        (hr, f"/employers/{contract.employer_id}/statements/{statement.pk}/"),
    ):
        assert "steuerfrei nach § 4 Abs. 1 Nr. 5" in text(client, address)
    # One that bears tax: what the operations write of it is tried in tests/operations.
    statement.tax, statement.tax_lines = (
        D("19.00"),
        [
            {
                "month": f"{statement.month:%Y-%m}",
                "beneficiary": "employer",
                "net": "100.00",
                "tax": "19.00",
            }
        ],
    )
    html = render_to_string(
        "portal/parts/statement_tax.html",
        {"statement": statement, "taxes": list_taxed_parts(statement)},
    )
    assert "19,00" in html
    assert "§ 6 Abs. 1 VersStG" in html
    assert "von der Versicherungsteuer befreit" in text(
        clerk, f"/contracts/{contract.pk}/agreement/"
    )
