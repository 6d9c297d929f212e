"""From the first sick note to the last payment, and a refusal: each person at an own screen."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from aupolicy.kernel.month import Month
from config.local.session import PROJECT
from tests.mockbank import MockBank, running_mock_bank
from tests.portal.world import creditor
from tests.web.conftest import SIZES, Visit, visit

DAY = timedelta(days=1)
PIN = "480315"
# The constructed employer's first insured person is in the band that pays this a month.
MONTHLY = Decimal("385.00")
_ISSUE_LETTERS = """
import django
django.setup()
from django.utils import timezone
from documents.operations.claims import issue_due_letters
issue_due_letters(now=timezone.now())
"""


@dataclass
class House:
    """The browser and the portal, and a way to sit down as somebody else."""

    chromium: Browser
    site: str
    env: dict[str, str]

    @contextmanager
    def seat(
        self, name: str = "", size: str = "desktop", *, may_complain: bool = False
    ) -> Iterator[Page]:
        """A fresh browser of somebody, signed in where a name is given; it does not complain."""
        width, height = SIZES[size]
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, locale="de-DE"
        )
        seen: Visit = visit(context, self.site)
        if name:
            seen.sign_in(name)
        yield seen.page
        assert may_complain or seen.complaints == []
        context.close()

    def issue_letters(self) -> None:
        """What a worker does every minute."""
        subprocess.run(
            [sys.executable, "-c", _ISSUE_LETTERS], env=self.env, cwd=PROJECT, check=True
        )


@pytest.fixture
def house(chromium: Browser, site: str, site_env: dict[str, str]) -> House:
    return House(chromium, site, {**os.environ, **site_env})


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A certificate as a phone would scan it: a page without anything on it."""
    path = tmp_path / "AU.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    return path


def _report(house: House, person: str, first: date, sheet: Path | None) -> str:
    """The employer reports a leave and prints the sheet; gives the address of the link on it."""
    with house.seat("roper") as page:
        page.locator("summary", has_text="Menü").click()
        page.get_by_role("link", name="Krankmeldungen").click()
        page.get_by_role("link", name="Krankmeldung eingeben").first.click()
        assert page.get_by_label(re.compile("Diagnose")).count() == 0
        page.get_by_label("Person").fill(person)
        page.get_by_label("Arbeitsunfähig seit").fill(f"{first:%d.%m.%Y}")
        page.get_by_role("button", name="Krankmeldung absenden").click()
        expect(page.get_by_text("Wie es weitergeht")).to_be_visible()
        if sheet is None:
            return ""
        with page.expect_download() as download:
            page.get_by_role("button", name="Blatt als PDF").click()
        download.value.save_as(sheet)
    text = "".join("".join(p.extract_text() for p in PdfReader(sheet).pages).split())
    found = re.search(r"/my-claim/([\w-]+\.[\w-]{43})", text)
    assert found, text
    return f"{house.site}/my-claim/{found[1]}/"


def _tell_everything(house: House, link: str, note: Path, first: date, last: date) -> str:
    """The insured person on a phone: PIN, certificate, account, consents; gives the number."""
    with house.seat(size="phone") as page:
        page.goto(link)
        page.get_by_label("Neue PIN").fill(PIN)
        page.get_by_label("PIN noch einmal").fill(PIN)
        page.get_by_role("button", name="PIN festlegen").click()
        number = re.search(r"L-\d{4}-\d{6}", page.inner_text("main"))
        assert number
        page.goto(link + "documents/")
        page.locator("input[type=file]").last.set_input_files(note)
        page.get_by_label("Arbeitsunfähig von").fill(f"{first:%d.%m.%Y}")
        page.get_by_label("Arbeitsunfähig bis").fill(f"{last:%d.%m.%Y}")
        page.get_by_role("button", name="Hochladen").click()
        page.goto(link + "documents/")
        expect(page.get_by_role("cell", name=f"{last:%d.%m.%Y}")).to_be_visible()
        page.goto(link + "account/")
        page.get_by_label("Kontoinhaber").fill("Alma Reep")
        page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 51")
        page.get_by_role("button", name="Konto speichern").click()
        page.goto(link + "consents/")
        agree = page.get_by_role("button", name="Einwilligung erteilen")
        while agree.count():
            form = page.locator("form", has=agree).first
            form.get_by_label("Ihr Vor- und Nachname").fill("Alma Reep")
            form.get_by_label(re.compile("stimme zu")).check()
            agree.first.click()
            page.goto(link + "consents/")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
    return number[0]


def _open_claim(page: Page, number: str) -> None:
    page.goto(re.sub(r"(://[^/]+).*", rf"\1/claims/?q={number}&text={number}", page.url))
    page.get_by_role("link", name=number).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _decide(house: House, number: str, verb: str, **fields: str) -> None:
    """The examiner decides; the effect is shown before."""
    with house.seat("examiner") as page:
        _open_claim(page, number)
        page.get_by_role("link", name="Entscheidungen").click()
        page.get_by_role("link", name=verb).click()
        for label, value in fields.items():
            field = page.get_by_label(label)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        page.get_by_role("button", name="Wirkung ansehen").click()
        page.locator("button[name=step][value=save]").click()
        expect(page.get_by_text("Was entschieden ist")).to_be_visible()


def _approve(house: House, number: str) -> None:
    """Another examiner looks and agrees; who decided finds no button to do so."""
    with house.seat("examiner") as page:
        _open_claim(page, number)
        page.get_by_role("link", name="Entscheidungen").click()
        page.get_by_role("link", name="Ansehen und entscheiden").click()
        assert page.get_by_role("button", name="Freigeben").count() == 0
    with house.seat("examiner2") as page:
        _open_claim(page, number)
        page.get_by_role("link", name="Entscheidungen").click()
        page.get_by_role("link", name="Ansehen und entscheiden").click()
        page.get_by_role("button", name="Freigeben").click()


def _pay(house: House, target: Path) -> None:
    """Finance prepares an order, a second person releases it and takes the file along."""
    with house.seat("clerk") as page:
        page.goto(f"{house.site}/payouts/")
        page.get_by_role("link", name="Auszahlung vorbereiten").click()
        page.get_by_role("button", name="Vorschau anzeigen").click()
        page.get_by_role("button", name=re.compile("anlegen")).click()
        order = page.url
        assert page.get_by_role("button", name=re.compile("freigeben")).count() == 0
    with house.seat("finance2") as page:
        page.goto(order)
        page.get_by_role("button", name=re.compile("freigeben")).click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Bankdatei herunterladen").click()
        download.value.save_as(target)


def _transfers(bank: MockBank, file: Path) -> list[tuple[str, Decimal, str]]:
    """Name, amount and text of each transfer of a file that the bank has taken."""
    insurer = creditor()
    bank.open_account(iban=insurer.iban, name=insurer.name)
    reply = bank.submit(file.read_bytes())
    assert (reply.status, reply.body["status"], reply.body["findings"]) == (202, "ACCP", [])
    root = etree.fromstring(file.read_bytes())
    return [
        (
            str(transfer.findtext("{*}Cdtr/{*}Nm")),
            Decimal(str(transfer.findtext("{*}Amt/{*}InstdAmt"))),
            str(transfer.findtext("{*}RmtInf/{*}Ustrd")),
        )
        for transfer in root.iterfind(".//{*}CdtTrfTxInf")
    ]


def test_from_the_sick_note_to_the_last_payment(house: House, note: Path, tmp_path: Path) -> None:
    today = timezone.localdate()
    # Day 43 is the first of a month, so that whole months are paid.
    begins = Month.of(today).plus(-3)
    first = begins.first_day - 42 * DAY
    last = today + 10 * DAY
    link = _report(house, "R-1", first, tmp_path / "sheet.pdf")
    number = _tell_everything(house, link, note, first, last)
    with house.seat("examiner2") as page:
        _open_claim(page, number)
        page.get_by_role("link", name="Versicherte Person").click()
        page.get_by_role("button", name=re.compile("Konto bestätigen")).click()
    _decide(house, number, "Leistung bewilligen")
    # 1,155.00 EUR at once are more than one person may decide.
    _approve(house, number)
    _pay(house, tmp_path / "payouts.xml")
    with running_mock_bank(tmp_path, bank_time=f"{today:%Y-%m-%d}T09:00") as bank:
        paid = _transfers(bank, tmp_path / "payouts.xml")
    (mine,) = [transfer for transfer in paid if transfer[0] == "Alma Reep"]
    assert mine[1] == 3 * MONTHLY
    assert re.fullmatch(r"[A-Z][a-z]+ [\w/,. -]*GV-SEIL-1[\w/,. -]*", mine[2]), mine[2]
    _return_to_work(house, number, last)
    _end_and_read(house, number, link)


def _end_and_read(house: House, number: str, link: str) -> None:
    """The examiner ends the claim as of yesterday; the person finds money and letter."""
    today = timezone.localdate()
    _decide(
        house,
        number,
        "Leistung beenden",
        **{"Letzter bezahlter Tag": f"{today - DAY:%d.%m.%Y}", "Grund": "wieder arbeitsfähig"},
    )
    house.issue_letters()
    with house.seat(size="phone") as page:
        page.goto(link)
        page.get_by_label("Ihre PIN").fill(PIN)
        page.get_by_role("button", name="Öffnen").click()
        page.goto(link + "payments/")
        expect(page.get_by_text("385,00").first).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("Bewilligung")).first.click()
        letter = PdfReader(download.value.path())
    assert "385,00" in "".join(sheet.extract_text() for sheet in letter.pages)


def _return_to_work(house: House, number: str, last: date) -> None:
    """A plan follows the last certificate; benefit goes on meanwhile."""
    with house.seat("examiner") as page:
        _open_claim(page, number)
        page.get_by_role("link", name="Nachweise").click()
        page.get_by_role("link", name="Wiedereingliederung erfassen").click()
        begins = last + DAY
        page.get_by_label("Wiedereingliederung von").fill(f"{begins:%d.%m.%Y}")
        page.get_by_label("bis einschließlich").fill(f"{begins + 27 * DAY:%d.%m.%Y}")
        page.get_by_label(re.compile("Stunden am Tag bei voller")).fill("8")
        page.get_by_label("Stufe 1: Stunden am Tag").fill("4")
        page.get_by_role("button", name="Plan speichern").click()
        expect(page.get_by_text(f"{begins + 27 * DAY:%d.%m.%Y}").first).to_be_visible()


def test_a_refusal_is_seen_by_two_and_explained_in_a_letter(house: House) -> None:
    today = timezone.localdate()
    first = Month.of(today).plus(-2).first_day
    _report(house, "R-2", first, None)
    with house.seat("examiner") as page:
        page.goto(f"{house.site}/claims/?q=R-2&text=R-2")
        number = page.get_by_role("link", name=re.compile(r"L-\d{4}-\d{6}")).first.inner_text()
        _open_claim(page, number)
        page.get_by_role("link", name="Nachweise").click()
        page.get_by_role("link", name="Bescheinigung erfassen").click()
        page.get_by_label("Bescheinigt von").fill(f"{first:%d.%m.%Y}")
        page.get_by_label("bis einschließlich").fill(f"{today:%d.%m.%Y}")
        page.locator("main form .actions button").first.click()
    reason = "Das Ereignis fällt unter eine Klausel der Bedingungen."
    _decide(
        house,
        number,
        "Leistung ablehnen",
        Grund="anderer Grund",
        Begründung=reason,
    )
    _approve(house, number)
    house.issue_letters()
    with house.seat("examiner") as page:
        _open_claim(page, number)
        address = page.url
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("Ablehnung")).first.click()
        text = " ".join(
            "".join(s.extract_text() for s in PdfReader(download.value.path()).pages).split()
        )
    assert reason in text
    for name in ("roper", "broker", "stranger"):
        # A stranger is told by a 404 already after signing in, which the browser notes.
        with house.seat(name, may_complain=name == "stranger") as page:
            answer = page.request.get(address)
            assert answer.status == 404
            assert number not in answer.text()
