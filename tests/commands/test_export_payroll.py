"""The command that writes an employer's file for payroll."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aupolicy.models import Employer, GroupContract
from billing.facts.payroll_file import PayrollFormat, PayrollTarget
from billing.models import PayrollFile
from billing.operations.payroll_files import save_payroll_target
from tests.laws.world import agree, at, bill, notice, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)


@pytest.fixture
def contract() -> GroupContract:
    """One person, 13.00 a month, billed for January; Lohn und Gehalt is set up."""
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "7", JAN, "2400"))
    bill("2026-01")
    target = PayrollTarget(
        PayrollFormat.LUG, wage_type="235", consultant_number=12345, client_number=678
    )
    save_payroll_target(employer=contract.employer, target=target, by=None, now=at(JAN))
    return contract


def call(*arguments: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("export_payroll", *map(str, arguments), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def refusal(*arguments: Any) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("export_payroll", *map(str, arguments), stdout=io.StringIO())
    assert caught.value.returncode == 1
    return str(caught.value)


def test_a_file_is_written_once(contract: GroupContract, tmp_path: Path) -> None:
    january = ("--contract", contract.number, "--month", "2026-01")
    assert call(*january, "--dry-run")["amount"] == "13.00"
    assert not PayrollFile.objects.exists()
    folder = tmp_path / "new"
    answer = call(*january, "--format", "csv", "--out", folder)
    path = folder / "Geldwerter_Vorteil_2026-01_0001_csv.csv"
    assert (answer["file"], answer["people"], answer["amount"]) == (str(path), 1, "13.00")
    assert (
        path.read_bytes().decode("utf-8-sig").splitlines()[1].startswith("7;Müller 7;Zoë;2026-01")
    )
    assert refusal(*january, "--out", folder) == (
        "Für Januar 2026 gibt es nichts Neues: alles ist schon übergeben."
    )


def test_without_a_format_the_settings_say_it(contract: GroupContract, tmp_path: Path) -> None:
    name = contract.employer.legal_name
    answer = call("--employer", name, "--month", "2026-01", "--out", tmp_path)
    assert Path(answer["file"]).read_bytes()[:2] == b"PK"


def test_what_cannot_be_written_is_not_made(contract: GroupContract, tmp_path: Path) -> None:
    january = ("--contract", contract.number, "--month", "2026-01")
    blocked = tmp_path / "Geldwerter_Vorteil_2026-01_0001_lug.zip"
    blocked.write_bytes(b"other")
    assert "gibt es schon" in refusal(*january, "--out", tmp_path)
    assert "nicht zu schreiben" in refusal(*january, "--out", blocked / "below")
    assert blocked.read_bytes() == b"other"
    assert not PayrollFile.objects.exists()


def test_errors_say_what_to_do(contract: GroupContract, tmp_path: Path) -> None:
    number = contract.number
    assert refusal("--contract", number, "--month", "2026-01") == (
        "Nennen Sie mit --out den Ordner für die Datei."
    )
    assert refusal("--contract", number, "--month", "01/2026", "--out", tmp_path) == (
        "Diesen Monat gibt es nicht: 01/2026. Erwartet JJJJ-MM."
    )
    assert refusal("--contract", "GV-0", "--month", "2026-01") == "Vertrag GV-0 gibt es nicht."
    assert "gibt es nicht" in refusal("--employer", "Niemand", "--month", "2026-01")
    assert refusal("--contract", number, "--month", "2026-02", "--dry-run") == (
        "Februar 2026 ist noch nicht abgerechnet."
    )
    lodas = ("--contract", number, "--month", "2026-01", "--format", "lodas", "--out", tmp_path)
    assert refusal(*lodas) == (
        "Für DATEV LODAS fehlt in den Einstellungen: Bearbeitungsschlüssel, 1 bis 99."
    )
    Employer.objects.create(
        legal_name=contract.employer.legal_name, street="Weg", postal_code="12345", town="Ort"
    )
    assert "mehrere" in refusal("--employer", contract.employer.legal_name, "--month", "2026-01")
    assert list(tmp_path.iterdir()) == []


def test_people_that_datev_does_not_take_are_named(contract: GroupContract, tmp_path: Path) -> None:
    tell(contract, notice("JOIN", "A-17", JAN.replace(month=2), "2400"))
    bill("2026-02")
    arguments = ("--contract", contract.number, "--month", "2026-02", "--out", tmp_path)
    assert "Müller A-17, Zoë (A-17)" in refusal(*arguments)
    assert list(tmp_path.iterdir()) == []
