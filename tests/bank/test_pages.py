"""The bank's pages: handing files in, clearing what is unclear, returned debits, their rules."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from aupolicy.kernel.period import Period
from aupolicy.models import Grant, Role, User
from aupolicy.operations.progress import keep_progress
from billing.models import BankDelivery, BankEntry, BankStatus, OpenItem, ReturnedDebit
from billing.operations import bank_deliveries
from billing.operations.bank_deliveries import read_delivery
from billing.operations.bank_matching import entries
from tests.bank.world import (
    BACK,
    FIRST,
    came_back,
    collect_two,
    credited,
    entry,
    insure,
    notification,
    open_amounts,
    receive,
    transaction,
    transfer,
)
from tests.laws.world import at, bill
from tests.parsing.bank_samples import UNPAID, make_report, make_status
from tests.portal.conftest import count_queries

pytestmark = pytest.mark.django_db


def sign_in(role: Role) -> Client:
    user = User.objects.create(username=f"bank-{role}")
    Grant.objects.create(user=user, role=role, period=Period(date(2020, 1, 1)))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def finance(settings: object) -> Client:
    settings.MFA_REQUIRED = False  # type: ignore[attr-defined]
    return sign_in(Role.FINANCE)


def read(client: Client, name: str, *keys: object, query: str = "") -> str:
    response = client.get(reverse(f"insurer:{name}", args=keys) + query)
    assert response.status_code == 200, response
    return response.content.decode()


def hand_in(client: Client, content: bytes, name: str = "camt.xml") -> str:
    file = SimpleUploadedFile(name, content, content_type="text/xml")
    response = client.post(reverse("insurer:bank_upload"), {"file": file})
    assert response.status_code == 302
    return client.get(response["Location"]).content.decode()


def test_without_files_the_page_says_what_will_be_here(finance: Client) -> None:
    assert "Noch keine Datei der Bank" in read(finance, "bank")
    assert "Alles ist zugeordnet" in read(finance, "bank_unclear")
    assert "Keine Lastschrift kam zurück" in read(finance, "returned_debits")


def test_a_file_is_handed_in_and_shown(finance: Client) -> None:
    first, _ = collect_two()
    page = hand_in(finance, notification(credited(first), came_back(first)))
    assert "2 Umsätze eingelesen" in page
    assert "Gutschrift eines Einzugs" in page
    assert "camt.xml" in read(finance, "bank")
    table = finance.get(reverse("insurer:bank_csv")).content.decode("utf-8-sig")
    assert "camt.xml" in table
    file = BankEntry.objects.order_by("pk")[0].file_id
    table = finance.get(reverse("insurer:bank_file_csv", args=[file])).content.decode("utf-8-sig")
    assert "-16,00" in table
    source: Any = finance.get(reverse("insurer:bank_source", args=[file]))
    assert b"".join(source.streaming_content).startswith(b"<?xml")


def test_the_same_bytes_and_damaged_ones_are_told(finance: Client) -> None:
    content = notification(transfer("5.00", "Spende"))
    hand_in(finance, content)
    assert "Diese Datei war schon eingelesen" in hand_in(finance, content)
    assert "Die Datei ist beschädigt oder unvollständig" in hand_in(finance, content[:-9])
    assert BankEntry.objects.count() == 1


def test_a_big_file_is_read_by_a_worker(finance: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_deliveries, "SMALL_BYTES", 10)
    page = hand_in(finance, notification(transfer("5.00", "Spende")))
    assert "Die Datei wird eingelesen" in page
    delivery = BankDelivery.objects.get()
    progress = reverse("insurer:bank_progress", args=[delivery.pk])
    assert "HX-Refresh" not in finance.get(progress)
    read_delivery(delivery_id=delivery.pk, now=at(BACK))
    assert finance.get(progress)["HX-Refresh"] == "true"


def test_whoever_waits_for_a_big_file_sees_how_far_it_is(
    finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_deliveries, "SMALL_BYTES", 10)
    monkeypatch.setattr(entries, "_AT_ONCE", 2)
    seen: list[str] = []

    def keep_and_look(job: str, told: tuple[int, int]) -> None:
        keep_progress(job, told)
        seen.append(read(finance, "bank_progress", BankDelivery.objects.get().pk))

    monkeypatch.setattr(bank_deliveries, "keep_progress", keep_and_look)
    amounts = ("5.00", "6.00", "7.00")
    hand_in(finance, notification(*(transfer(amount, "Spende") for amount in amounts)))
    delivery = BankDelivery.objects.get()
    read_delivery(delivery_id=delivery.pk, now=at(BACK))
    told = ["2 von 3 gelesenen Umsätzen", "3 von 3 gelesenen Umsätzen"]
    assert all(text in page for text, page in zip(told, seen, strict=True))
    assert "gelesenen Umsätzen" not in read(finance, "bank_progress", delivery.pk)


def test_an_unclear_transfer_is_proposed_and_given(finance: Client) -> None:
    insure()
    bill("2026-01")
    item = OpenItem.objects.get()
    receive(notification(transfer(FIRST, "Beitrag")))
    page = read(finance, "bank_unclear")
    assert "1 Umsatz ist zu klären, 13,00" in page
    assert item.number in page
    assert "gleicher Betrag" in page
    unclear = BankEntry.objects.get()
    page = read(finance, "bank_entry", unclear.pk)
    assert 'value="13,00"' in page
    address = reverse("insurer:clear_items", args=[unclear.pk])
    wrong = finance.post(address, {f"item-{item.pk}": "14,00", "note": ""})
    assert "Sie verteilen mehr, als eingegangen ist." in wrong.content.decode()
    done = finance.post(address, {f"item-{item.pk}": "13,00", "note": ""})
    assert done.status_code == 302
    assert open_amounts() == {item.number: 0}
    assert "Zahlungseingang zugeordnet" in read(finance, "bank_entry", unclear.pk)


def test_a_demand_is_searched_for(finance: Client) -> None:
    contract = insure()
    bill("2026-01")
    receive(notification(transfer("5.00", "x", name="Y", iban="DE89370400440532013000")))
    unclear = BankEntry.objects.get()
    assert "Kein Vorschlag passt" in read(finance, "bank_entry", unclear.pk)
    found = read(finance, "bank_entry", unclear.pk, query=f"?q={contract.employer.legal_name}")
    assert "AB-2026-0000001" in found


def test_something_else_needs_a_note(finance: Client) -> None:
    receive(notification(entry("7.50", "DBIT", code=UNPAID, reference="F1")))
    unclear = BankEntry.objects.get()
    address = reverse("insurer:clear_other", args=[unclear.pk])
    refused = finance.post(address, {"what": "fee", "note": ""})
    assert "Schreiben Sie dazu, was es ist." in refused.content.decode()
    assert finance.post(address, {"what": "fee", "note": "Konto"}).status_code == 302
    unclear.refresh_from_db()
    assert (unclear.outcome, unclear.note) == ("cleared", "Konto")


def test_an_unclear_return_is_given_to_its_debit(finance: Client) -> None:
    debit, _ = collect_two()
    told = entry("16.00", "DBIT", transaction("16.00", "DBIT", reason="AM04"), code=UNPAID)
    receive(notification(told))
    unclear = BankEntry.objects.get()
    assert debit.end_to_end_id in read(finance, "bank_entry", unclear.pk)
    address = reverse("insurer:clear_debit", args=[unclear.pk])
    finance.post(address, {"debit": debit.pk, "code": "", "note": "Telefonat"})
    assert ReturnedDebit.objects.get().debit == debit
    assert "Rücklastschrift" in read(finance, "bank_entry", unclear.pk)


def test_a_return_is_recorded_by_hand(finance: Client) -> None:
    debit, _ = collect_two()
    address = reverse("insurer:new_returned_debit")
    told = {"end_to_end_id": "X", "reason_code": "md01", "returned_on": "19.01.2026", "fee": "3,00"}
    assert "Diese Lastschrift gibt es nicht." in finance.post(address, told).content.decode()
    told["end_to_end_id"] = debit.end_to_end_id
    page = finance.post(address, told, follow=True).content.decode()
    assert "MD01: kein gültiges Mandat" in page
    assert "von Hand erfasst" in page
    again = finance.post(address, told).content.decode()
    assert "schon zurückgekommen" in again
    listed = read(finance, "returned_debits", query="?code=MD01")
    assert debit.end_to_end_id in listed
    assert "Sachbearbeitung, Mandat ruht" in listed
    assert "MD01" in finance.get(reverse("insurer:returned_debits_csv")).content.decode()


def test_a_status_is_shown_and_an_unclear_one_cleared(finance: Client) -> None:
    first, _ = collect_two()
    receive(
        make_report(
            make_status(first.end_to_end_id, amount="13.00"), make_status("NOBODY", amount="1.00")
        )
    )
    known, unclear = BankStatus.objects.order_by("pk")
    assert first.end_to_end_id in read(finance, "bank_status", known.pk)
    assert "NOBODY" in read(finance, "bank_unclear")
    address = reverse("insurer:bank_status", args=[unclear.pk])
    assert finance.post(address, {"note": "fremd"}).status_code == 302
    assert "fremd" in read(finance, "bank_status", unclear.pk)
    assert "NOBODY" in read(finance, "bank_file", unclear.file_id)


def test_a_rule_is_seen_and_changed(finance: Client) -> None:
    page = read(finance, "reactions")
    assert page.count("/bank/reactions/") >= 31
    assert "nach 10 Tagen" in page
    told = {
        "occurrence": "first", "mandate_effect": "suspend", "next_step": "clerk",
        "retry_after_days": "5", "valid_from": "01.01.2099", "reason": "Häufung",
    }  # fmt: skip
    address = reverse("insurer:reaction", args=["MS03"])
    refused = finance.post(address, told).content.decode()
    assert "Ein ruhendes Mandat trägt keinen zweiten Einzug." in refused
    done = finance.post(address, told | {"retry_after_days": ""}, follow=True).content.decode()
    assert "Häufung" in done
    assert "01.01.2099" in done
    assert finance.get(reverse("insurer:reaction", args=["XX99"])).status_code == 404
    assert "MS03" in finance.get(reverse("insurer:reactions_csv")).content.decode()


def test_others_of_the_insurer_read_and_do_not_write(finance: Client) -> None:
    receive(notification(transfer("5.00", "Spende")))
    unclear = BankEntry.objects.get()
    auditor = sign_in(Role.AUDITOR)
    assert "So klären" not in read(auditor, "bank_entry", unclear.pk)
    address = reverse("insurer:clear_other", args=[unclear.pk])
    assert auditor.post(address, {"what": "fee", "note": "x"}).status_code == 403
    assert auditor.get(reverse("insurer:bank_source", args=[unclear.file_id])).status_code == 302


def test_pages_cost_few_queries(finance: Client) -> None:
    first, _ = collect_two()
    told = [transfer(f"{n}.00", f"Nr {n}", reference=f"T{n}") for n in range(1, 30)]
    receive(notification(credited(first), came_back(first), *told))
    file, some = BankEntry.objects.order_by("pk")[0].file_id, BankEntry.objects.latest("pk")
    returned = ReturnedDebit.objects.get()
    pages = [
        ("bank",), ("bank_file", file), ("bank_unclear",), ("bank_entry", some.pk),
        ("returned_debits",), ("returned_debit", returned.pk), ("reactions",), ("reaction", "MS03"),
    ]  # fmt: skip
    for name, *keys in pages:
        queries, size = count_queries(finance, reverse(f"insurer:{name}", args=keys))
        assert queries <= 12, name
        assert size <= 100_000, name
