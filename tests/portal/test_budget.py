"""Every page of a contract of 400 people: at most 12 queries, 100 KB, nothing inline."""

import re

import pytest
from django.test import Client

from tests.portal.addresses import FILES, OWN_ROWS, POST_ONLY, PUBLIC, build_addresses, list_names
from tests.portal.conftest import Insurer, count_queries

MOST_QUERIES = 12
# These also say how the mandate stands on the due day, which takes three.
MORE_QUERIES = {"statement": 14, "mandate": 13, "new_collection": 13}
MOST_BYTES = 100_000
_PAGES = sorted(set(list_names()) - PUBLIC - FILES - POST_ONLY - OWN_ROWS - {"why"})


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_is_light(name: str, insurer: Insurer, clerk: Client) -> None:
    queries, size = count_queries(clerk, build_addresses(insurer)[name])
    assert queries <= MORE_QUERIES.get(name, MOST_QUERIES)
    assert size <= MOST_BYTES


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(
    name: str, insurer: Insurer, clerk: Client
) -> None:
    html = clerk.get(build_addresses(insurer)[name]).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=", html)
    assert "<style" not in html
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_is_well_built(name: str, insurer: Insurer, clerk: Client) -> None:
    html = clerk.get(build_addresses(insurer)[name]).content.decode()
    if "<html" not in html:
        return  # a fragment of a page
    assert html.count("<h1") == 1
    assert '<a class="skip-link" href="#main">' in html
    tables = html.count("<table")
    assert html.count("<caption") == tables
    assert len(re.findall(r'<th scope="(?:col|row)"', html)) == html.count("<th ")
    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
