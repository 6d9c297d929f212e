"""Every page of every room, light and dark, wide and narrow: no serious finding, no strangers."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.web.conftest import SIZES, Visit, visit

# Each theme and each size once: what is wrong with one of them is wrong in every combination.
LOOKS = [("desktop", "light"), ("phone", "dark")]
_SERIOUS = frozenset({"serious", "critical"})
# Where people start; the other pages are found by following links, one of each kind.
# A page that several people see is looked at with the first of them.
STARTS = {
    "clerk": ("/", "/contracts/", "/notices/", "/notices/?status=all", "/runs/", "/runs/new/",
              "/collections/", "/collections/new/", "/tariffs/"),
    "hr": ("/",),
    "hairdresser": ("/",),
    "broker": ("/",),
}  # fmt: skip
# Kinds of pages that must be among those found.
EXPECTED = {
    "clerk": {
        "/", "/contracts/", "/contracts/N/", "/contracts/N/people/", "/contracts/N/people/N/",
        "/contracts/N/statements/", "/contracts/N/agreement/", "/contracts/N/papers/",
        "/contracts/N/cancellation/", "/statements/N/", "/statements/N/people/N/N/", "/runs/",
        "/runs/N/", "/runs/new/", "/collections/", "/collections/N/", "/collections/new/",
        "/notices/", "/tariffs/", "/tariffs/bau-N/", "/runs/N/contracts/N/",
        "/mandates/", "/mandates/N/", "/bank/", "/bank/files/N/", "/bank/upload/",
        "/bank/unclear/", "/bank/entries/N/", "/bank/returns/", "/bank/returns/N/",
        "/bank/returns/new/", "/bank/reactions/", "/bank/reactions/N/", "/open-items/",
        "/open-items/N/", "/write-offs/", "/write-offs/N/", "/instalments/", "/instalments/N/",
        "/contracts/N/account/", "/contracts/N/instalments/new/", "/arrears/", "/arrears/N/",
        "/ledger/", "/ledger/journal/", "/ledger/bookings/N/", "/ledger/close/", "/commission/",
        "/commission/brokers/N/", "/commission/statements/N/", "/commission/entries/N/why/",
        "/payouts/refunds/",
    },
    "hr": {
        "/employers/N/", "/employers/N/people/", "/employers/N/people/N/",
        "/employers/N/people/N/why/", "/employers/N/notices/", "/employers/N/notices/N/",
        "/employers/N/notices/new/", "/employers/N/notices/new/join/",
        "/employers/N/notices/new/leave/",
        "/employers/N/statements/", "/employers/N/statements/N/", "/employers/N/documents/",
        "/employers/N/benefits-in-kind/", "/employers/N/mandate/", "/employers/N/uploads/",
        "/employers/N/uploads/N/", "/employers/N/uploads/new/", "/employers/N/uploads/N/rows/N/",
        "/employers/N/uploads/N/columns/", "/employers/N/programs/", "/employers/N/programs/N/",
        "/employers/N/programs/new/", "/employers/N/programs/N/keys/N/rotate/", "/api/vN/docs",
    },
    "hairdresser": {"/employers/N/documents/", "/employers/N/mandate/change/"},
    "broker": {"/brokers/N/", "/employers/N/"},
}  # fmt: skip
_KINDS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=/reactions/)[A-Z]+\d*|\d+(-\d\d)?"
)
_FILES = re.compile(
    r"/(file|signature|source|letters)/$|\.(zip|csv|xlsx|pdf)|/documents/\d|^/admin/|^/static/|^/api/v1/schema"
)
# What others look at already.
ELSEWHERE = {
    "clerk": re.compile(r"^/(employers|brokers)/"),
    "hr": re.compile(r"^$"),
    "hairdresser": re.compile(r"^/(?!$|employers/\d+/(documents|mandate)/|employers/\d+/$)"),
    "broker": re.compile(r"^/(?!$|brokers/|employers/\d+/$)"),
}
_LINK = re.compile(r"""<a\s[^>]*href=["']([^"']+)["']""")


def _kind(address: str) -> str:
    return _KINDS.sub("N", address.partition("?")[0])


def find_addresses(seen: Visit, person: str) -> list[str]:
    """The starts and one page of each kind that links lead to, without downloads."""
    found: dict[str, str] = {}
    waiting = list(STARTS[person])
    while waiting:
        address = waiting.pop(0)
        if _kind(address) in found:
            continue
        answer = seen.page.request.get(seen.site + address)
        assert answer.ok, address
        address = answer.url.removeprefix(seen.site)
        # It may have led elsewhere.
        if _kind(address) in found:
            continue
        found[_kind(address)] = address
        for link in _LINK.findall(answer.text()):
            target = urljoin(answer.url, unescape(link)).removeprefix(seen.site).partition("#")[0]
            is_page = target.startswith("/") and not _FILES.search(target)
            if is_page and not ELSEWHERE[person].search(target) and _kind(target) not in found:
                waiting.append(target)
    return list(found.values())


@pytest.fixture(scope="module", params=STARTS)
def person(request: pytest.FixtureRequest) -> str:
    """Who looks at the pages."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def addresses(person: str, chromium: Browser, site: str) -> list[str]:
    """One address of each kind of page that a person finds."""
    context = chromium.new_context(locale="de-DE")
    seen = visit(context, site)
    seen.sign_in(person)
    found = find_addresses(seen, person)
    context.close()
    return found


def test_the_pages_are_found(person: str, addresses: list[str]) -> None:
    assert {_kind(address) for address in addresses} >= EXPECTED[person]


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_every_page(
    look: tuple[str, str], person: str, addresses: list[str], chromium: Browser, site: str
) -> None:
    for seen in _look(look, person, chromium, site):
        findings = [finding for address in addresses for finding in _inspect(seen, address)]
        assert findings == []
        assert seen.complaints == []


def _look(look: tuple[str, str], person: str, chromium: Browser, site: str) -> Iterator[Visit]:
    """A signed-in page in one size and theme."""
    size, theme = look
    context = chromium.new_context(
        viewport={"width": SIZES[size][0], "height": SIZES[size][1]},
        color_scheme="dark" if theme == "dark" else "light",
        locale="de-DE",
        reduced_motion="reduce",
    )
    seen = visit(context, site)
    seen.sign_in(person)
    yield seen
    context.close()


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
        context = chromium.new_context(
            color_scheme="dark" if theme == "dark" else "light", locale="de-DE"
        )
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
