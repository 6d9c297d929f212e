"""What a clerk does in a month, by mouse and by keyboard, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Visit, visit


def _amount(page: Page) -> str:
    found = re.search(r"[\d.]+,\d\d", page.inner_text("h1"))
    assert found
    return found[0]


def test_a_month_is_billed_and_collected(desktop: Visit, worker: None) -> None:
    page = desktop.page
    desktop.sign_in()
    page.get_by_role("link", name="Lauf vorbereiten").click()
    page.get_by_role("button", name="Vorschau berechnen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vorschau", timeout=30_000)
    amount = _amount(page)
    page.get_by_role("link", name="Luftdruck GmbH").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Woher der Unterschied")
    page.get_by_role("link", name="Alle Zeilen ansehen").click()
    expect(page.get_by_text("Noch nicht gebucht")).to_be_visible()
    page.get_by_role("link", name="zum Lauf").click()
    page.get_by_role("link", name="Lauf buchen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"4 Abrechnungen über {amount}")
    page.get_by_role("button", name="Lauf buchen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ist gebucht", timeout=30_000)
    page.get_by_role("link", name="Beiträge einziehen").click()
    due = page.locator("#id_due")
    due.fill(_latest_due(page))
    page.get_by_role("button", name="Vorschau anzeigen").click()
    collected = _amount(page)
    page.get_by_role("button", name=re.compile("anlegen")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(collected)
    file = page.url
    expect(page.get_by_text("Freigeben muss sie jemand anderes")).to_be_visible()
    page.context.clear_cookies()
    desktop.sign_in("finance2")
    page.goto(file)
    page.get_by_role("button", name=re.compile("freigeben")).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bankdatei herunterladen").click()
    content = download.value.path().read_text(encoding="utf-8")
    control_sum = collected.replace(".", "").replace(",", ".")
    assert f"<CtrlSum>{control_sum}</CtrlSum>" in content
    assert desktop.complaints == []


def _latest_due(page: Page) -> str:
    """A day by which the statement posted last is due too: three weeks from today."""
    day: str = page.evaluate(
        "() => { const d = new Date(Date.now() + 24 * 864e5); const two = n =>"
        " String(n).padStart(2, '0'); return `${two(d.getDate())}.${two(d.getMonth() + 1)}."
        "${d.getFullYear()}`; }"
    )
    return day


def test_an_amount_explains_itself_and_gives_the_focus_back(desktop: Visit) -> None:
    page = desktop.page
    desktop.sign_in()
    desktop.open("/contracts/")
    page.get_by_role("link", name="Autohaus Fahrspaß GmbH").click()
    page.locator(".figures a").first.click()
    why = page.get_by_role("link", name="Warum?").first
    why.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Erklärung eines Betrags")
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(panel).to_contain_text("Lohnstufe")
    page.keyboard.press("Escape")
    expect(panel).to_be_empty()
    expect(why).to_be_focused()
    assert desktop.complaints == []


def test_the_keyboard_reaches_content_and_search(desktop: Visit) -> None:
    page = desktop.page
    desktop.sign_in()
    desktop.open("/tariffs/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Suche überall")
    expect(search).to_be_focused()
    page.keyboard.type("haar/schön")
    expect(search).to_have_value("haar/schön")


def test_the_language_changes_where_one_is(desktop: Visit) -> None:
    page = desktop.page
    desktop.sign_in()
    desktop.open("/contracts/?q=haar")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile(r"/contracts/\?q=haar$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vertrag")


@pytest.fixture
def plain(chromium: Browser, site: str) -> Visit:
    """A signed-in browser without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, locale="de-DE")
    seen = visit(context, site)
    seen.sign_in()
    return seen


def test_everything_works_without_javascript(plain: Visit) -> None:
    page = plain.page
    page.get_by_role("link", name="Verträge", exact=True).click()
    page.fill("#q", "fahrspaß")
    page.get_by_role("button", name="Filtern").click()
    page.get_by_role("link", name="Autohaus Fahrspaß GmbH").click()
    page.get_by_role("link", name="Abrechnungen", exact=True).click()
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Warum?").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Lohnstufe", exact=True)).to_be_visible()
    assert plain.complaints == []


def test_an_auditor_is_offered_nothing_to_change(desktop: Visit) -> None:
    desktop.sign_in("auditor")
    for address in ("/", "/runs/", "/collections/new/"):
        desktop.open(address)
        forms = desktop.page.locator("main form[method=post]")
        assert forms.count() == 0
