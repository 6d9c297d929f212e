"""A broker's files: the page, the download, what is refused, and whose names are in it."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from billing.parsing.gdv import GdvReader
from tests.portal.conftest import Insurer


@pytest.fixture
def page(insurer: Insurer) -> str:
    broker = insurer.world.contract.broker
    assert broker is not None
    return f"/brokers/{broker.pk}/files/"


def test_the_page_says_what_is_in_the_file(page: str, broker: Client) -> None:
    html = broker.get(page).content.decode()
    # The large employer gave authority, the car dealer did not.
    assert "Bestandsdatei: 2 Verträge, 1 mit den versicherten Personen" in html
    assert "Krankmeldungen, Leistungsfälle und Zahlungen an Versicherte" in html
    assert 'aria-current="page"' in html
    assert "ist bei uns nicht hinterlegt" in html


def test_the_file_is_sound_and_holds_no_name_without_authority(
    page: str, broker: Client, insurer: Insurer
) -> None:
    world = insurer.world
    first = world.first_month.first_day
    answer = broker.get(f"{page}portfolio.gdv", {"as_of": str(world.today), "since": str(first)})
    assert answer["Content-Disposition"] == f'attachment; filename="Bestand-{world.today}.gdv"'
    assert "no-store" in answer["Cache-Control"]
    reader = GdvReader(io.BytesIO(answer.getvalue()))
    records = list(reader)
    assert reader.faults == []
    assert reader.kinds["0200-1"] == 2
    named = [r for r in records if r.table and r.table.name == "0220.030-1"]
    assert len(named) > 390
    assert {r.values["policy_number"] for r in named} == {world.contract.number.replace("-", "")}
    # The car dealer's account is not the broker's business either.
    assert reader.kinds["0100-4"] == 1


def test_days_that_make_no_sense_are_told_at_the_field(
    page: str, broker: Client, insurer: Insurer
) -> None:
    today = str(insurer.world.today)
    tomorrow = str(insurer.world.today + timedelta(days=1))
    for days, text in (
        ({"as_of": tomorrow, "since": today}, "Dieser Tag liegt in der Zukunft."),
        ({"as_of": today, "since": tomorrow}, "Dieser Tag liegt nach dem Stichtag."),
        ({"as_of": "31.02.2026", "since": today}, "Diesen Tag gibt es nicht."),
        ({}, "Geben Sie einen Tag an"),
    ):
        answer = broker.get(f"{page}portfolio.gdv", days)
        assert answer["Content-Type"].startswith("text/html")
        assert text in answer.content.decode()


def test_a_file_that_cannot_be_made_says_why(page: str, broker: Client, settings: Settings) -> None:
    settings.GDV = {**settings.GDV, "insurer_number": ""}
    answer = broker.get(f"{page}portfolio.gdv", {"as_of": "2026-01-31", "since": "2026-01-01"})
    assert "GDV_INSURER_NUMBER" in answer.content.decode()


def test_nobody_else_gets_the_file(page: str, hr: Client, stranger: Client) -> None:
    for client in (hr, stranger):
        assert client.get(page).status_code == 404
        assert client.get(f"{page}portfolio.gdv").status_code == 404
