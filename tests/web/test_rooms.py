"""What HR, a broker and the insurer do with each other, and what a stranger finds: nothing."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from aupolicy.kernel.money import parse_amount
from aupolicy.kernel.month import Month
from tests.web.conftest import Visit, visit

HEADING = "Personalnummer;Nachname;Vorname;Geburtsdatum;Meldung;Wirksam ab;Bruttoentgelt"


def _amount(text: str) -> Decimal:
    found = re.search(r"[+−-]?[\d.]+,\d\d", text)
    assert found, text
    return parse_amount(found[0].replace("−", "-").removeprefix("+"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two joiners from the first of next month, one of them with a day that does not exist."""
    day = Month.of(timezone.localdate()).plus(1).first_day
    path = tmp_path / "Zugänge nächster Monat.csv"
    rows = [
        HEADING,
        f"W-1;Adomeit;Ruth;14.05.1990;Zugang;{day:%d.%m.%Y};2.400,00",
        f"W-2;Bellmann;Kai;31.02.1985;Zugang;{day:%d.%m.%Y};3.100,00",
    ]
    path.write_text("\r\n".join(rows), encoding="cp1252")
    return path


def _next_total(page: Page) -> Decimal:
    """The next statement as the start page announces it."""
    page.get_by_role("link", name="Übersicht").click()
    return _amount(page.inner_text("h1"))


def test_hr_uploads_corrects_releases_and_sees_the_next_statement_change(
    desktop: Visit, file: Path
) -> None:
    page = desktop.page
    desktop.sign_in("hr")
    before = _next_total(page)
    page.get_by_role("link", name="Meldung", exact=True).click()
    page.get_by_role("link", name=re.compile("Viele auf einmal")).click()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Hochladen und prüfen").click()
    expect(page.get_by_text("Diesen Tag gibt es nicht")).to_be_visible()
    page.get_by_role("link", name="Berichtigen").click()
    page.get_by_label("Geburtsdatum").fill("28.02.1985")
    page.get_by_role("button", name="Berichtigen und neu prüfen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 Meldungen")
    effect = _amount(page.locator(".figures dd").first.inner_text())
    assert effect == Decimal("13.00") + Decimal("16.60")
    page.get_by_role("button", name="2 Meldungen freigeben").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sind übernommen")
    assert _next_total(page) == before + effect
    page.get_by_role("link", name="Personen").click()
    page.goto(page.url.partition("?")[0] + "?show=coming")
    expect(page.get_by_role("link", name="Bellmann, Kai")).to_be_visible()
    assert desktop.complaints == []


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A signed mandate form, as far as a file can tell."""
    path = tmp_path / "Mandat.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    return path


def test_a_broker_quotes_and_applies_and_the_insurer_accepts(
    desktop: Visit, chromium: Browser, site: str, form: Path
) -> None:
    page = desktop.page
    desktop.sign_in("broker")
    page.get_by_role("link", name="Angebot rechnen").first.click()
    page.get_by_label("Firma").fill("Tischlerei Astloch GmbH")
    page.get_by_role("button", name="Weiter zur Lohnliste").click()
    page.get_by_label("Bruttoentgelte im Monat").fill("4 x 2.400,00\n700\n4.000")
    page.get_by_role("button", name="Beitrag berechnen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("76,70")
    page.get_by_role("button", name="Angebot speichern").click()
    page.get_by_role("button", name="Antrag stellen").click()
    _fill_in_the_application(page, form)
    page.get_by_role("button", name="An den Versicherer übergeben").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("beim Versicherer")
    assert desktop.complaints == []

    clerk = visit(chromium.new_context(locale="de-DE"), site)
    clerk.sign_in("clerk")
    clerk.open("/applications/")
    clerk.page.get_by_role("link", name="Tischlerei Astloch GmbH").click()
    clerk.page.get_by_role("button", name="Antrag annehmen").click()
    expect(clerk.page.get_by_role("status").first).to_contain_text("ist angelegt")
    assert clerk.complaints == []
    clerk.page.context.close()

    page.reload()
    page.get_by_role("link", name="Zum Arbeitgeber").click()
    expect(page.get_by_text("Sie handeln für Tischlerei Astloch GmbH")).to_be_visible()


def _fill_in_the_application(page: Page, form: Path) -> None:
    further = page.get_by_role("button", name=re.compile("^Speichern und"))
    page.get_by_role("link", name=re.compile("^Straße")).click()
    page.get_by_label("Straße").fill("Hobelgasse")
    page.get_by_label("Hausnummer").fill("7")
    page.get_by_label("Postleitzahl").fill("26122")
    page.get_by_label("Ort").fill("Oldenburg")
    page.get_by_label("Ansprechperson").fill("Frieda Astloch")
    page.get_by_label("E-Mail").fill("astloch@example.org")
    further.click()
    page.get_by_label("Geschäftsführung mitversichern").check()
    further.click()
    page.get_by_label("Kontoinhaber").fill("Tischlerei Astloch GmbH")
    page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 51")
    page.get_by_label("Unterschrieben am").fill(f"{timezone.localdate():%d.%m.%Y}")
    page.set_input_files("input[type=file]", form)
    further.click()
    page.get_by_label(re.compile("^Einsehen und melden")).check()
    further.click()


def test_a_stranger_finds_nothing(desktop: Visit) -> None:
    page = desktop.page
    desktop.sign_in("stranger")
    for address in (
        "/", "/contracts/", "/contracts/1/", "/work/", "/employers/1/", "/employers/3/people/",
        "/employers/3/uploads/1/", "/brokers/1/", "/brokers/1/quotes/new/", "/nothing/",
    ):  # fmt: skip
        answer = page.request.get(desktop.site + address)
        assert answer.status == 404, address
        assert "Luftdruck" not in answer.text()
