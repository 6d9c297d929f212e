"""The same notices by file, by form and on the command line: alike in notices, errors, effects."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from aupolicy.kernel.money import ZERO
from aupolicy.models import GroupContract
from billing.operations.uploads import check_upload
from billing.queries.effect import preview_notices
from members.facts import Channel, Notice, NoticeKind, NoticeStatus, UploadKind
from members.models import InsuredPay, NoticeRecord
from members.operations import apply_notices
from members.operations.uploads import apply_upload, receive_upload, release_upload
from tests.laws.world import agree, at, bill, notice, rolled_back, settle, tell

pytestmark = pytest.mark.django_db
JAN, TODAY = date(2026, 1, 1), date(2026, 3, 10)
NOW = at(TODAY)
HEAD = (
    "Meldung;Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt;"
    "Beschäftigungsart;Grund;Referenz;Berichtigt Referenz"
)
SAID = [
    "personnel_number", "kind", "effective", "pay", "reason", "first_name", "last_name",
    "birth_date", "employment", "reference", "corrects", "status", "codes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A row of a file, and what a form makes of the same."""

    row: str
    form: Notice


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: notices as stored, cover, reasons of refusals, EUR on the next statement."""

    notices: list[tuple[Any, ...]]
    cover: list[tuple[str, str, Decimal]]
    errors: list[str]
    effect: Decimal


def form(kind: str, number: str, day: date, **said: Any) -> Notice:
    return Notice(
        kind=NoticeKind(kind), personnel_number=number, effective=day, received_at=NOW, **said
    )


_ANNE = {"first_name": "Änne", "last_name": "Öhler", "birth_date": date(1991, 2, 1)}
MARCH = date(2026, 3, 1)
CASES = {
    "join": Case(
        "Zugang;7;Öhler;Änne;01.02.1991;01.03.2026;2.600,00;Angestellte;;;",
        form("JOIN", "7", MARCH, pay=Decimal(2600), **_ANNE),
    ),
    "raise": Case(
        "Gehaltsänderung;2;;;;15.01.2026;2.600,50;;;R-9;",
        form("PAY_CHANGE", "2", date(2026, 1, 15), pay=Decimal("2600.50"), reference="R-9"),
    ),
    "leave": Case("Abgang;2;;;;31.01.2026;;;;;", form("LEAVE", "2", date(2026, 1, 31))),
    "parental leave": Case(
        "Elternzeit;2;;;;16.03.2026;;;;;", form("PARENTAL_LEAVE", "2", date(2026, 3, 16))
    ),
    "return": Case(
        "Rückkehr;3;;;;01.03.2026;2000;;;;", form("RETURN", "3", MARCH, pay=Decimal(2000))
    ),
    "death": Case("Todesfall;1;;;;05.03.2026;;;;;", form("DEATH", "1", date(2026, 3, 5))),
    "name": Case(
        "Namensänderung;1;Neu;Zoë;;01.03.2026;;;;;",
        form("NAME_CHANGE", "1", MARCH, first_name="Zoë", last_name="Neu"),
    ),
    "correction": Case(
        "Berichtigung;1;;;;10.03.2026;;;;;R-1", form("CORRECTION", "1", TODAY, corrects="R-1")
    ),
    "known": Case(
        "Gehaltsänderung;1;;;;01.02.2026;5000;;;R-1;",
        form("PAY_CHANGE", "1", date(2026, 2, 1), pay=Decimal(5000), reference="R-1"),
    ),
    "no cover": Case("Abgang;999;;;;31.03.2026;;;;;", form("LEAVE", "999", date(2026, 3, 31))),
    "covered": Case(
        "Zugang;1;Öhler;Änne;01.02.1991;01.03.2026;2600;;;;",
        form("JOIN", "1", MARCH, pay=Decimal(2600), **_ANNE),
    ),
    "marginal": Case(
        "Zugang;7;Öhler;Änne;01.02.1991;01.03.2026;500;Minijob;;;",
        form("JOIN", "7", MARCH, pay=Decimal(500), employment="marginal", **_ANNE),
    ),
    "too young": Case(
        "Zugang;7;Öhler;Änne;01.02.2012;01.03.2026;2600;;;;",
        form("JOIN", "7", MARCH, pay=Decimal(2600), **_ANNE | {"birth_date": date(2012, 2, 1)}),
    ),
    "outside": Case(
        "Zugang;7;Öhler;Änne;01.02.1991;31.12.2025;2600;;;;",
        form("JOIN", "7", date(2025, 12, 31), pay=Decimal(2600), **_ANNE),
    ),
}


@pytest.fixture
def contract() -> GroupContract:
    """Three people of whom one is on leave, billed through February."""
    contract = agree(start=JAN)
    joins = [notice("JOIN", number, JAN, "2400") for number in ("1", "2", "3")]
    raised = form("PAY_CHANGE", "1", date(2026, 2, 1), pay=Decimal(5000), reference="R-1")
    tell(contract, *joins, notice("PARENTAL_LEAVE", "3", date(2026, 2, 1)), raised)
    bill("2026-02")
    return contract


def by_upload(contract: GroupContract, case: Case, folder: Path) -> tuple[list[str], Decimal]:
    upload = receive_upload(
        contract=contract, kind=UploadKind.CHANGES, file_name="x.csv", effective=None,
        content=f"{HEAD}\n{case.row}\n".encode(), sender=None, now=NOW,
    )  # fmt: skip
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    if upload.summary["outcomes"]["apply"] + upload.summary["outcomes"]["clerk"]:
        release_upload(upload=upload, skips_failed_rows=True, by=None, now=NOW)
        assert apply_upload(upload_id=upload.pk, now=NOW)
    return list(upload.summary["errors"]), Decimal(upload.summary["effect"])


def by_form(contract: GroupContract, case: Case, folder: Path) -> tuple[list[str], Decimal]:
    preview = preview_notices(contract=contract, notices=[case.form], today=TODAY)
    (result,) = preview.plan.results
    if result.status is NoticeStatus.REFUSED:
        return [code.value for code in result.codes], preview.effect.total
    apply_notices(contract=contract, notices=[case.form], channel=Channel.FORM)
    return [], preview.effect.total


def by_command(contract: GroupContract, case: Case, folder: Path) -> tuple[list[str], Decimal]:
    path = folder / "x.csv"
    path.write_text(f"{HEAD}\n{case.row}\n", encoding="utf-8")
    out = io.StringIO()
    call_command(
        "import_notices", str(path), "--contract", contract.number, "--json", "--skip-failed",
        stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    found = json.loads(out.getvalue())
    return list(found["errors"]), Decimal(found["effect"])


Way = Callable[[GroupContract, Case, Path], tuple[list[str], Decimal]]


def outcome(way: Way, contract: GroupContract, case: Case, folder: Path) -> Outcome:
    """Go one way, look, and undo it."""
    with rolled_back():
        last = NoticeRecord.objects.latest("id").pk
        errors, effect = way(contract, case, folder)
        settle()
        stored = NoticeRecord.objects.filter(pk__gt=last).order_by("id").values_list(*SAID)
        pays = InsuredPay.objects.filter(membership__contract=contract).order_by("membership_id")
        cover = sorted(
            (pay.membership.person.personnel_number, str(pay.period), pay.amount)
            for pay in pays.select_related("membership__person")
        )
        return Outcome(list(stored), cover, errors, effect)


@pytest.mark.parametrize("name", CASES)
def test_three_ways_are_one(
    name: str, contract: GroupContract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The command reads the clock itself.
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    case = CASES[name]
    upload, typed, command = (
        outcome(way, contract, case, tmp_path) for way in (by_upload, by_form, by_command)
    )
    assert upload == typed == command
    assert bool(upload.notices) != (bool(upload.errors) or name == "known")
    moves_money = {"join", "raise", "leave", "parental leave", "return", "death", "correction"}
    assert (upload.effect != ZERO) is (name in moves_money)
