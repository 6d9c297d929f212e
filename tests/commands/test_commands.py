"""The commands as a person or a program calls them: answers, exit status, clear errors."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from aupolicy.models import GroupContract
from billing.exports.pain008_check import read_control
from billing.models import BillingRun, Collection, Statement
from config.demonstration import EXAMPLES, load_employers
from config.demonstration_rooms import provide_clerk
from members.models import Membership, NoticeRecord

pytestmark = pytest.mark.django_db
HEAD = (
    "Meldung;Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt;"
    "Beschäftigungsart"
)


def call(*arguments: Any) -> tuple[str, dict[str, Any]]:
    """What a command says to people, and to programs."""
    out = io.StringIO()
    call_command(*map(str, arguments), "--json", stdout=out, stderr=io.StringIO())
    return out.getvalue(), json.loads(out.getvalue())


def refusal(*arguments: Any) -> str:
    """The errors of a command that must refuse with status 1."""
    with pytest.raises(CommandError) as caught:
        call_command(*map(str, arguments), stdout=io.StringIO(), stderr=io.StringIO())
    assert caught.value.returncode == 1
    return str(caught.value)


@pytest.fixture
def contract() -> GroupContract:
    """The hair salon of the examples, insured from 1 December 2026."""
    load_employers(date(2026, 12, 1))
    return GroupContract.objects.get(number="BAU-100001")


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "insured", "payroll", "premium"),
    [
        ("haarschoen", 6, "14300.00", "76.70"),
        ("fahrspass", 15, "48750.00", "249.00"),
        ("luftdruck", 400, "1200000.00", "5920.00"),
    ],
)
def test_quote(name: str, insured: int, payroll: str, premium: str) -> None:
    _, found = call("quote", EXAMPLES / f"{name}.csv", "--as-of", "2026-12-01")
    assert (found["insured"], found["payroll"], found["premium"]) == (insured, payroll, premium)
    assert sum(band["insured"] for band in found["bands"]) == insured


def test_quote_leaves_out_whom_nobody_can_insure(tmp_path: Path) -> None:
    path = tmp_path / "payroll.csv"
    path.write_text("Gehalt;Beschäftigung\n2400;\n500;Minijob\n", encoding="utf-8")
    _, found = call("quote", path)
    assert (found["insured"], found["premium"]) == (1, "13.00")
    assert found["left_out"] == [{"row": 3, "reason": "MARGINAL_EMPLOYMENT"}]


def test_quote_refuses_in_the_language_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "payroll.csv"
    path.write_text("Gehalt\nzweitausend\n", encoding="utf-8")
    assert refusal("quote", path).startswith("Zeile 2, Gehalt zweitausend: Das ist kein Betrag.")
    assert refusal("quote", path, "--language", "en").startswith("Row 2, Gehalt zweitausend: ")
    assert "ist nicht lesbar" in refusal("quote", tmp_path / "missing.csv")
    assert "Bekannt sind: bau-2016, percent-2026" in refusal("quote", path, "--tariff", "gold")


def test_import_applies_all_rows_once(contract: GroupContract, tmp_path: Path) -> None:
    path = write(
        tmp_path / "dezember.csv",
        "Zugang;7;Öhler;Änne;01.02.1991;01.12.2026;2.600,00;Angestellte",
        "Gehaltsänderung;6;;;;01.01.2027;750,00;",
        "Abgang;2;;;;31.12.2026;;",
    )
    _, dry = call("import_notices", path, "--contract", contract.number, "--dry-run")
    assert (dry["applied"], Membership.objects.filter(contract=contract).count()) == (3, 6)
    _, found = call("import_notices", path, "--contract", contract.number)
    assert (found["applied"], found["already_known"]) == (3, 0)
    _, again = call("import_notices", path, "--contract", contract.number)
    assert (again["applied"], again["already_known"]) == (0, 3)
    assert Membership.objects.filter(contract=contract).count() == 7


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (
            "Zugang;8;A;B;01.02.2012;01.12.2026;2600;",
            (
                "Zeile 3, Zugang Personalnummer 8 zum 01.12.2026: Geburtsdatum 01.02.2012:"
                " Versicherbar ist erst, wer 16 Jahre alt ist."
            ),
        ),
        (
            "Zugang;8;A;B;01.02.1991;01.12.2026;500;Minijob",
            (
                "Zeile 3, Zugang Personalnummer 8 zum 01.12.2026: Beschäftigungsart Minijob:"
                " Geringfügig Beschäftigte sind nicht versicherbar."
            ),
        ),
        ("Zugang;8;A;B;01.02.2030;01.12.2026;2600;", "Zeile 3, Geburtsdatum 01.02.2030: "),
        ("Zugang;7;Öhler;Änne;01.02.1991;01.12.2026;2600;", "steht schon in Zeile 2"),
        (
            "Beförderung;7;;;;01.12.2026;2600;",
            "Meldung Beförderung: Diese Meldung kennen wir nicht",
        ),
    ],
)
def test_one_bad_row_refuses_the_file(
    contract: GroupContract, tmp_path: Path, row: str, text: str
) -> None:
    before = NoticeRecord.objects.count(), Membership.objects.count()
    good = "Zugang;7;Öhler;Änne;01.02.1991;01.12.2026;2.600,00;Angestellte"
    assert text in refusal(
        "import_notices", write(tmp_path / "x.csv", good, row), "--contract", contract.number
    )
    assert (NoticeRecord.objects.count(), Membership.objects.count()) == before


def test_what_does_not_fit_goes_to_a_clerk(contract: GroupContract, tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.csv",
        "Zugang;2;Großmann;Bärbel;03.11.1984;01.12.2026;2500;",
        "Abgang;999;;;;31.12.2026;;",
    )
    _, found = call("import_notices", path, "--contract", contract.number)
    assert found["needs_clerk"] == [
        f"Zeile {row}, {what}: Die Person ist an diesem Tag {how} versichert."
        for row, what, how in (
            (2, "Zugang Personalnummer 2 zum 01.12.2026", "schon"),
            (3, "Abgang Personalnummer 999 zum 31.12.2026", "nicht"),
        )
    ]
    assert (found["applied"], found["effect"]) == (0, "0.00")


def test_a_complete_payroll_shows_its_effect_first(
    contract: GroupContract, tmp_path: Path, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    path = tmp_path / "liste.csv"
    rows = ["Personalnummer;Name;Vorname;Geburtsdatum;Gehalt", "7;Öhler;Änne;01.02.1991;2600"]
    path.write_text("\n".join([*rows, "8;Fehler;B;30.02.1990;2600"]), encoding="utf-8")
    options = ("--kind", "full_list", "--effective", "2027-01-01", "--contract", contract.number)
    assert "gibt es nicht" in refusal("import_notices", path, *options)
    _, found = call("import_notices", path, *options, "--dry-run", "--skip-failed")
    assert (found["kinds"], len(found["left_out"])) == ({"JOIN": 1, "LEAVE": 6}, 1)
    assert not [kept for kept in settings.FILES_ROOT.rglob("*") if kept.is_file()]
    out = io.StringIO()
    call_command("import_notices", str(path), *options, "--skip-failed", stdout=out)
    said = out.getvalue()
    assert "7 Meldungen sind wirksam" in said
    assert "Wirkung auf die Abrechnung 20" in said
    assert "1 Zeile ist fehlerhaft" in said


def test_import_into_a_contract_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "Abgang;1;;;;31.12.2026;;")
    assert refusal("import_notices", path, "--contract", "X-1") == "Vertrag X-1 gibt es nicht."


def test_errors_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command(
            "import_notices", str(tmp_path / "x"), "--contract", "X-1", "--json", stdout=out
        )
    assert caught.value.code == 1
    assert json.loads(out.getvalue()) == {"errors": ["Vertrag X-1 gibt es nicht."]}


def test_billing_and_collection(contract: GroupContract, tmp_path: Path) -> None:
    _, preview = call("run_billing", "2026-12", "--dry-run")
    assert (preview["total"], preview["statements"][0]["number"]) == ("6245.70", None)
    assert not BillingRun.objects.exists()
    _, billed = call("run_billing", "2026-12")
    assert (billed["total"], billed["insured"], billed["new"]) == ("6245.70", 421, True)
    _, again = call("run_billing", "2026-12")
    assert again == {**billed, "new": False}
    assert Statement.objects.count() == 3

    out = tmp_path / "einzug.xml"
    due = max(statement["due_date"] for statement in billed["statements"])
    _, unreleased = call("create_collection", "--due", due, "--out", out)
    assert (unreleased["files"], unreleased["waiting"], unreleased["new"]) == ([], 1, True)
    assert not out.exists()
    clerk = provide_clerk(timezone.localdate()).username
    _, collected = call("create_collection", "--due", due, "--out", out, "--release-by", clerk)
    assert (collected["debits"], collected["control_sum"]) == (3, "6245.70")
    assert collected["waiting"] == 0
    count, control_sum, amounts = read_control(out)
    assert (count, str(control_sum), control_sum) == (3, "6245.70", amounts)
    first = out.read_bytes()
    _, repeated = call("create_collection", "--due", due, "--out", out)
    assert (repeated["new"], out.read_bytes()) == (False, first)
    assert Collection.objects.count() == 1


def test_billing_refusals(contract: GroupContract, tmp_path: Path) -> None:
    assert "Erwartet JJJJ-MM" in refusal("run_billing", "Dezember")
    call("run_billing", "2027-01")
    assert "2027-01 ist schon abgerechnet" in refusal("run_billing", "2026-12")
    nothing = refusal("create_collection", "--due", "2026-01-05", "--out", tmp_path / "x.xml")
    assert nothing == "Zu diesem Tag ist nichts einzuziehen."
    assert not (tmp_path / "x.xml").exists()
    unknown = ("--due", "2026-01-05", "--out", tmp_path / "x.xml", "--release-by", "niemand")
    assert refusal("create_collection", *unknown) == "Diese Person gibt es nicht: niemand"


def test_check_cases(tmp_path: Path) -> None:
    _, found = call("check_cases", Path(settings.BASE_DIR) / "tests" / "cases")
    assert found["checked"] > 50
    assert found["differences"] == []
    (tmp_path / "a.yaml").write_text(
        "case: a\nsource: b\nkind: quote\n"
        "given: {tariff: bau-2016, payroll: [1000.00]}\nexpected: {premium: 6.81}\n"
    )
    assert refusal("check_cases", tmp_path) == "a.yaml: premium erwartet 6.81, erhalten 6.80"
    (tmp_path / "b.yaml").write_text("case: b\nsource: b\nkind: quote\ngiven: {}\nexpected: {}\n")
    assert "b.yaml: given" in refusal("check_cases", tmp_path)
    assert "liegt kein Fall" in refusal("check_cases", tmp_path / "none")


def test_import_contracts(tmp_path: Path) -> None:
    path = EXAMPLES / "employers.yaml"
    _, dry = call("import_contracts", path, "--start", "2027-01-01", "--dry-run")
    assert (len(dry["recorded"]), GroupContract.objects.count()) == (3, 0)
    call("import_contracts", path, "--start", "2027-01-01")
    _, again = call("import_contracts", path)
    assert (again["recorded"], again["already_known"]) == ([], 3)
    contract = GroupContract.objects.get(number="BAU-100002")
    assert contract.period.first_day == date(2027, 1, 1)
    assert contract.mandates.get().iban == "DE02100500000054540402"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            "DE89370400440532013000",
            "DE89 3704 0044 0532 0130 01",
            "employers[0].iban DE89 3704 0044 0532 0130 01: Die Prüfziffer stimmt nicht.",
        ),
        ("bau-2016", "gold", "BAU-100001: Tarif gold gibt es nicht."),
        ("town: Musterstadt", "city: Musterstadt", "employers[0]"),
        ("scheme: CORE", "scheme: COR1", "employers[0].scheme COR1"),
        ("BAU-100001-M1", "BAU//1", "employers[0].mandate_reference BAU//1"),
    ],
)
def test_a_wrong_contract_file_changes_nothing(
    tmp_path: Path, old: str, new: str, error: str
) -> None:
    text = (EXAMPLES / "employers.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "contracts.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert error in refusal("import_contracts", path)
    assert not GroupContract.objects.exists()
