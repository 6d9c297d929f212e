"""Every page, light and dark, wide and narrow: no serious finding, nothing from elsewhere."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.conftest import SIZES, Visit, visit

LOOKS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]
_SERIOUS = frozenset({"serious", "critical"})
# Pages that are reached by their own address; the others are found by following links.
ROOMS = ("/", "/contracts/", "/notices/", "/notices/?status=all", "/runs/", "/runs/new/",
         "/collections/", "/collections/new/", "/tariffs/")  # fmt: skip
# One page of each kind, found by the shape of its address.
_KINDS = re.compile(r"\d+(-\d\d)?")


@pytest.fixture(scope="module", params=LOOKS, ids="-".join)
def look(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visit]:
    """A signed-in page in one size and theme."""
    size, theme = request.param
    context = chromium.new_context(
        viewport={"width": SIZES[size][0], "height": SIZES[size][1]},
        color_scheme=theme,
        locale="de-DE",
        reduced_motion="reduce",
    )
    seen = visit(context, site)
    seen.sign_in()
    yield seen
    context.close()


def find_addresses(seen: Visit) -> list[str]:
    """The rooms and one page of each kind that links lead to, without downloads."""
    found: dict[str, str] = {_KINDS.sub("N", room): room for room in ROOMS}
    waiting = list(ROOMS)
    while waiting:
        seen.open(waiting.pop(0))
        links = seen.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        for link in links:
            address = link.removeprefix(seen.site).partition("#")[0]
            kind = _KINDS.sub("N", address.partition("?")[0])
            is_file = re.search(r"/file/$|\.zip$|\.csv|/documents/", address)
            if address.startswith("/") and not is_file and kind not in found:
                found[kind] = address
                waiting.append(address)
    return list(found.values())


@pytest.fixture(scope="module")
def addresses(chromium: Browser, site: str) -> list[str]:
    """One address of each kind of page."""
    context = chromium.new_context(locale="de-DE")
    seen = visit(context, site)
    seen.sign_in()
    found = find_addresses(seen)
    context.close()
    return found


def test_the_pages_are_found(addresses: list[str]) -> None:
    kinds = {_KINDS.sub("N", address.partition("?")[0]) for address in addresses}
    assert kinds >= {
        "/", "/contracts/", "/contracts/N/", "/contracts/N/people/", "/contracts/N/people/N/",
        "/contracts/N/statements/", "/contracts/N/agreement/", "/contracts/N/papers/",
        "/contracts/N/cancellation/", "/statements/N/", "/statements/N/people/N/N/", "/runs/",
        "/runs/N/", "/runs/new/", "/collections/", "/collections/N/", "/collections/new/",
        "/notices/", "/tariffs/", "/tariffs/bau-N/",
    }  # fmt: skip


def test_every_page_in_every_look(look: Visit, addresses: list[str]) -> None:
    findings = [finding for address in addresses for finding in _inspect(look, address)]
    assert findings == []
    assert look.complaints == []


def _inspect(seen: Visit, address: str) -> list[str]:
    seen.open(address)
    page = seen.page
    findings = [f"{address}: {text}" for text in _list_violations(page)]
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow > 0:
        findings.append(f"{address}: {overflow} pixels too wide")
    levels = page.eval_on_selector_all(
        "h1, h2, h3, h4", "all => all.map(h => Number(h.tagName[1]))"
    )
    if levels[:1] != [1] or any(b - a > 1 for a, b in pairwise(levels)):
        findings.append(f"{address}: headings {levels}")
    return findings


def _list_violations(page: Page) -> list[str]:
    result = Axe().run(page)
    return [
        f"{v['id']} {[node['target'] for node in v['nodes']][:3]}"
        for v in result.response["violations"]
        if v["impact"] in _SERIOUS
    ]


def test_the_sign_in_has_no_serious_finding(chromium: Browser, site: str) -> None:
    for theme in ("light", "dark"):
        context = chromium.new_context(color_scheme=theme, locale="de-DE")
        seen = visit(context, site)
        seen.open("/sign-in/")
        assert _list_violations(seen.page) == []
        seen.page.fill("#id_login", "clerk")
        seen.page.fill("#id_password", "wrong")
        seen.page.click("form[novalidate] button")
        seen.page.wait_for_selector("[data-errors]")
        assert _list_violations(seen.page) == []
        assert seen.complaints == []
        context.close()
