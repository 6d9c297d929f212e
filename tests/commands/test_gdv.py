"""export_gdv and check_gdv as a person or a program calls them."""

from pathlib import Path

import pytest

from aupolicy.models import Broker
from tests.commands.test_commands import call, refusal
from tests.exports.test_gdv_portfolio import GOLDEN

EXAMPLE = GOLDEN / "portfolio-030.gdv"


def damaged(path: Path) -> Path:
    """The golden file with a premium that its trailer does not know."""
    content = bytearray(EXAMPLE.read_bytes())
    place = content.index(b"0200", 257 * 2) + 126
    content[place : place + 1] = b"1"
    path.write_bytes(content)
    return path


def test_check_tells_what_a_file_holds() -> None:
    text, found = call("check_gdv", EXAMPLE)
    assert found["kinds"]["0220.030-1"] == 2
    assert (found["records"], found["premium_total"]) == (23, "32.10")
    assert found["faults"] == []
    assert '"faults": []' in text


def test_check_ends_with_every_fault(tmp_path: Path) -> None:
    text = refusal("check_gdv", damaged(tmp_path / "kaputt.gdv"))
    assert text == "Satz 25, Stelle 25: „Gesamtbeitrag“ ist 32.10, die Summe der Sätze 32.11."


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "ist nicht lesbar" in refusal("check_gdv", tmp_path / "fehlt.gdv")


@pytest.mark.django_db
def test_export_writes_a_file_that_passes_its_check(tmp_path: Path) -> None:
    Broker.objects.create(legal_name="Makler", registration_number="D-1", agency_number="0815")
    out = tmp_path / "neu" / "bestand.gdv"
    options = ("--as-of", "2026-01-31", "--from", "2026-01-01", "--out", out)
    _, report = call("export_gdv", "--broker", "D-1", *options)
    assert (report["contracts"], report["records"]) == (0, 0)
    assert [path.name for path in out.parent.iterdir()] == ["bestand.gdv"]
    assert len(out.read_bytes()) == 2 * 257
    assert call("check_gdv", out)[1]["faults"] == []


@pytest.mark.django_db
def test_export_refuses_in_words_and_leaves_nothing_behind(tmp_path: Path) -> None:
    Broker.objects.create(legal_name="Makler", registration_number="D-1")
    days = ("--as-of", "2026-01-31", "--from", "2026-02-01")
    out = tmp_path / "bestand.gdv"
    assert "D-2 gibt es nicht" in refusal("export_gdv", "--broker", "D-2", *days, "--out", out)
    text = refusal("export_gdv", "--broker", "D-1", *days, "--out", out)
    assert text == "Der Zeitraum beginnt nach dem Stichtag."
    assert list(tmp_path.iterdir()) == []
