"""Confirmations: who gets which, when a new one is due, and what the ZIP holds."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from aupolicy.models import GroupContract
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations import UnableToIssue, issue_confirmations, zip_papers
from documents.queries import list_confirmations, read_document
from documents.tasks import issue_contract_confirmations
from members.models import Membership
from tests.documents import world
from tests.documents.printing import find_faults, read_text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def contract() -> GroupContract:
    contract = world.sign()
    world.join_everybody(contract)
    return contract


def test_everybody_gets_both_copies_with_their_own_figures(contract: GroupContract) -> None:
    seen: list[tuple[int, int]] = []
    report = issue_confirmations(
        contract=contract, as_of=TODAY, progress=lambda done, count: seen.append((done, count))
    )
    assert report.created == 12
    assert (seen[0], seen[-1]) == ((0, 12), (12, 12))
    by_name = {document.file_name: document for document in report.documents}
    assert set(by_name) == {
        f"Versicherungsbestaetigung{copy}_{number}_{name}.pdf"
        for copy in ("", "_Arbeitgeber")
        for number, name in (
            (1001, "Mueller"),
            (1002, "Weiss"),
            (1003, "Oeztuerk"),
            (1004, "Grossmann-Aepfelstaedt"),
            (1005, "Azubi"),
            (1006, "Haarschoen"),
        )
    }
    for document in report.documents:
        assert find_faults(read_document(document)) == []
    text = read_text(read_document(by_name["Versicherungsbestaetigung_1005_Azubi.pdf"]))
    assert "165,00 € im Monat, vom 43. bis zum 546. Tag" in text
    assert "1 (Monatsentgelt bis 1.000,00 €)" in text
    owner = read_text(read_document(by_name["Versicherungsbestaetigung_1006_Haarschoen.pdf"]))
    assert "470,00 € im Monat" in owner
    copy = read_text(
        read_document(by_name["Versicherungsbestaetigung_Arbeitgeber_1001_Mueller.pdf"])
    )
    assert "Unterschrift Anna Müller" in copy
    assert "Friseursalon Haarschön Karl Haarschön Lockengasse 3" in copy


def test_a_second_time_nothing_is_new(contract: GroupContract) -> None:
    first = issue_confirmations(contract=contract, as_of=TODAY)
    second = issue_confirmations(contract=contract, as_of=date(2027, 2, 1))
    assert second.created == 0
    assert second.documents == first.documents


class Stop(Exception):
    """The power goes."""


def test_a_run_that_was_stopped_goes_on(
    contract: GroupContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, _count: int) -> None:
        if done == 8:
            raise Stop

    monkeypatch.setattr("documents.operations.issue.STORE_BATCH", 4)
    with pytest.raises(Stop):
        issue_confirmations(contract=contract, as_of=TODAY, progress=stop)
    assert Document.objects.count() == 8
    report = issue_confirmations(contract=contract, as_of=TODAY)
    assert (report.created, len(report.documents)) == (4, 12)


def test_a_new_one_is_due_only_when_it_says_something_new(contract: GroupContract) -> None:
    issue_confirmations(contract=contract, as_of=TODAY)
    world.change_pay(contract, "1001", date(2026, 11, 1), "2450")
    assert issue_confirmations(contract=contract, as_of=TODAY).created == 0, "same band"
    world.change_pay(contract, "1002", date(2026, 11, 10), "2600")
    report = issue_confirmations(contract=contract, as_of=TODAY)
    assert report.created == 2
    newest = Document.objects.filter(kind=DocumentKind.CONFIRMATION).latest("id")
    text = read_text(read_document(newest))
    assert "385,00 € im Monat" in text
    assert "gültig ab 10.11.2026" in text


def test_a_later_change_is_not_told_before_its_day(contract: GroupContract) -> None:
    world.change_pay(contract, "1001", date(2027, 1, 1), "2600")
    terms = {
        as_of: list_confirmations(contract, as_of=as_of)
        for as_of in (TODAY, date(2026, 12, 31), date(2027, 1, 1))
    }
    benefits = {
        as_of: next(p.context.terms for p in papers if p.context.personnel_number == "1001")
        for as_of, papers in terms.items()
    }
    assert [found.benefit for found in benefits.values()] == [
        Decimal("335.00"),
        Decimal("335.00"),
        Decimal("385.00"),
    ]
    assert benefits[date(2027, 1, 1)].valid_from == date(2027, 1, 1)


def test_whose_cover_begins_later_gets_one_and_whose_ended_none(contract: GroupContract) -> None:
    world.join(contract, "1010", effective=date(2027, 3, 1))
    world.leave(contract, "1001", date(2026, 11, 20))
    numbers = {
        paper.context.personnel_number for paper in list_confirmations(contract, as_of=TODAY)
    }
    assert numbers == {"1002", "1003", "1004", "1005", "1006", "1010"}
    still = list_confirmations(contract, as_of=date(2026, 11, 20))
    leaver = next(paper.context for paper in still if paper.context.personnel_number == "1001")
    assert leaver.cover_ends == date(2026, 11, 20)


def test_a_minor_needs_a_guardian(contract: GroupContract) -> None:
    world.join(contract, "1011", pay="700", birth_date=date(2009, 5, 1))
    papers = list_confirmations(contract, as_of=TODAY)
    minors = {p.context.personnel_number for p in papers if p.context.signs_by_guardian}
    assert minors == {"1011"}


def test_a_percent_contract_follows_every_change_of_pay() -> None:
    contract = world.sign(tariff_key="percent-2026")
    world.join_everybody(contract)
    assert issue_confirmations(contract=contract, as_of=TODAY).created == 12
    world.change_pay(contract, "1001", date(2026, 11, 1), "2410")
    assert issue_confirmations(contract=contract, as_of=TODAY).created == 2


def test_a_cover_that_never_was_gets_no_paper(contract: GroupContract) -> None:
    Membership.objects.filter(person__personnel_number="1001").update(period=None)
    assert len(list_confirmations(contract, as_of=TODAY)) == 10


def test_the_zip_is_the_same_whenever_it_is_made(contract: GroupContract, tmp_path: Path) -> None:
    issue_confirmations(contract=contract, as_of=TODAY)
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert zip_papers(contract=contract, as_of=TODAY, out=one).count == 12
    zip_papers(contract=contract, as_of=TODAY, out=two)
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
        assert "Fuer_die_versicherten_Personen/Versicherungsbestaetigung_1001_Mueller.pdf" in names
        assert (
            "Fuer_die_Personalakte/Versicherungsbestaetigung_Arbeitgeber_1001_Mueller.pdf" in names
        )
        assert all(archive.read(name).startswith(b"%PDF-1.7") for name in names)


def test_the_zip_holds_the_newest_of_the_insured_only(
    contract: GroupContract, tmp_path: Path
) -> None:
    issue_confirmations(contract=contract, as_of=TODAY)
    world.leave(contract, "1006", date(2026, 11, 10))
    world.change_pay(contract, "1002", date(2026, 11, 10), "2600")
    report = issue_confirmations(contract=contract, as_of=TODAY)
    archive = zip_papers(contract=contract, as_of=TODAY, out=tmp_path / "x.zip")
    assert archive.count == len(report.documents) == 10
    newest = next(
        d for d in report.documents if d.file_name.endswith("bestaetigung_1002_Weiss.pdf")
    )
    with zipfile.ZipFile(archive.path) as opened:
        content = opened.read(f"Fuer_die_versicherten_Personen/{newest.file_name}")
    assert content == read_document(newest)


def test_one_person_twice_gets_two_files(contract: GroupContract, tmp_path: Path) -> None:
    world.leave(contract, "1001", date(2026, 12, 31))
    world.join(contract, "1001", effective=date(2027, 2, 1), name=("Anna", "Müller"))
    issue_confirmations(contract=contract, as_of=TODAY)
    archive = zip_papers(contract=contract, as_of=TODAY, out=tmp_path / "x.zip")
    with zipfile.ZipFile(archive.path) as opened:
        names = [name for name in opened.namelist() if "bestaetigung_1001_Mueller" in name]
    assert [name.rpartition("/")[2] for name in names] == [
        "Versicherungsbestaetigung_1001_Mueller.pdf",
        "Versicherungsbestaetigung_1001_Mueller_2.pdf",
    ]


def test_nobody_insured_gives_no_zip(tmp_path: Path) -> None:
    with pytest.raises(UnableToIssue) as caught:
        zip_papers(contract=world.sign(), as_of=TODAY, out=tmp_path / "x.zip")
    assert caught.value.code == "NO_PAPERS"
    assert list(tmp_path.iterdir()) == []


def test_papers_are_never_changed_nor_stored_twice(contract: GroupContract) -> None:
    document = issue_confirmations(contract=contract, as_of=TODAY).documents[0]
    for change in (
        "UPDATE documents_document SET file_name = 'x'",
        "DELETE FROM documents_document",
    ):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
    document.pk, document.public_id = None, uuid4()
    with pytest.raises(IntegrityError, match="document_same_content_once"), transaction.atomic():
        Document.objects.bulk_create([document])


def test_a_worker_issues_what_is_due(contract: GroupContract) -> None:
    issue_contract_confirmations(contract.pk)
    assert Document.objects.count() == 12
    issue_contract_confirmations(-1)


def _call(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("issue_confirmations", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_tells_what_is_new_and_writes_the_zip(
    contract: GroupContract, tmp_path: Path
) -> None:
    args = ("--contract", contract.number, "--out", str(tmp_path))
    out, err = _call(*args)
    path = tmp_path / "Versicherungsbestaetigungen_GV-10001.zip"
    assert out == f"12 neue von 12 Bestätigungen für 6 Personen, alle in {path}\n"
    assert err.splitlines()[-1] == "12 von 12 Bestätigungen"
    first = path.read_bytes()
    out, _ = _call(*args)
    assert out == f"Nichts Neues: 12 Bestätigungen für 6 Personen liegen wieder in {path}\n"
    assert path.read_bytes() == first
    out, err = _call(*args, "--json", "--single-files")
    assert err == ""
    assert json.loads(out) == {
        "contract": "GV-10001",
        "persons": 6,
        "count": 12,
        "new": 0,
        "zip": str(path),
    }
    assert len(list(tmp_path.glob("*.pdf"))) == 12


def test_the_command_says_what_is_wrong(contract: GroupContract, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Vertrag GV-0 gibt es nicht\."):
        _call("--contract", "GV-0", "--out", str(tmp_path))
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(CommandError, match="ist kein Ordner"):
        _call("--contract", contract.number, "--out", str(blocked))
    empty = world.sign(number="GV-10002")
    with pytest.raises(CommandError, match="niemand versichert"):
        _call("--contract", empty.number, "--out", str(tmp_path))
