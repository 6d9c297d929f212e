"""Tariffs: every value with unit and source."""

from django.test import Client

from aupolicy.queries import get_tariff
from tests.portal.conftest import Insurer


def test_all_bands_with_their_sources(insurer: Insurer, clerk: Client) -> None:
    answer = clerk.get("/tariffs/bau-2016/")
    version = answer.context["version"]
    bands = get_tariff("bau-2016").versions[0].bands
    assert [b.premium.values[0] for b in version.bands] == [str(b.premium) for b in bands]
    html = answer.content.decode()
    for text in ("nicht veröffentlicht, selbst gesetzt", "Karenzzeit", "42 Kalendertage",
                 "1 Monat<", "Wann keine Leistung gezahlt wird"):  # fmt: skip
        assert text in html


def test_every_parameter_has_german_words(insurer: Insurer, clerk: Client) -> None:
    for key in ("bau-2016", "percent-2026"):
        html = clerk.get(f"/tariffs/{key}/").content.decode()
        for raw in ("days_30", "efzg", "_", "EUR", "rule"):
            assert raw not in html.split("<main")[1].split("</main>")[0]


def test_a_percent_tariff_shows_its_rates(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get("/tariffs/percent-2026/").content.decode()
    assert "% des monatlichen Entgelts" in html
    assert "0,5000" in html


def test_an_unknown_tariff_is_not_found(clerk: Client, insurer: Insurer) -> None:
    assert clerk.get("/tariffs/nope/").status_code == 404


def test_nobody_can_change_a_tariff(clerk: Client, insurer: Insurer) -> None:
    assert clerk.post("/tariffs/bau-2016/").status_code == 405
