"""The watched folder: complete files are read once and put aside, with a reason if refused."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from billing.models import BankDelivery, BankEntry, BankFile
from billing.operations.bank_deliveries import deliver_bank_file, read_delivery
from billing.operations.bank_folder import FolderReport, watch_folder
from billing.words.bank import describe_problem
from tests.bank.world import BACK, notification, transfer
from tests.laws.world import at

pytestmark = pytest.mark.django_db
NOW = at(BACK)


def put(folder: Path, name: str, content: bytes, *, seconds: int = 60) -> Path:
    path = folder / name
    path.write_bytes(content)
    moment = (NOW - timedelta(seconds=seconds)).timestamp()
    os.utime(path, (moment, moment))
    return path


def look(folder: Path) -> FolderReport:
    return watch_folder(folder=folder, now=NOW, explain=describe_problem)


def test_a_complete_file_is_read_and_put_aside(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", notification(transfer("5.00", "Spende")))
    assert look(tmp_path) == FolderReport(read=1)
    assert (tmp_path / "done" / "a.xml").exists()
    assert BankEntry.objects.count() == 1
    assert BankFile.objects.get().source == "folder"
    assert look(tmp_path) == FolderReport()


def test_the_same_bytes_again_are_put_aside_and_book_nothing(tmp_path: Path) -> None:
    content = notification(transfer("5.00", "Spende"))
    for _ in range(2):
        put(tmp_path, "a.xml", content)
        look(tmp_path)
    assert BankEntry.objects.count() == 1
    states = BankDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["read", "known"]
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_refused_file_lies_beside_its_reason(tmp_path: Path) -> None:
    put(tmp_path, "b.xml", notification(transfer("5.00", "Spende"))[:-9])
    assert look(tmp_path) == FolderReport(refused=1)
    why = (tmp_path / "refused" / "b.xml.txt").read_text("utf-8")
    assert why.startswith("Die Datei ist beschädigt oder unvollständig. Stelle: Zeile")
    assert not BankFile.objects.exists()


def test_what_is_still_written_is_left_alone(tmp_path: Path) -> None:
    content = notification(transfer("5.00", "Spende"))
    put(tmp_path, "young.xml", content, seconds=5)
    put(tmp_path, "c.xml.part", content)
    put(tmp_path, ".hidden", content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.xml").symlink_to(tmp_path / "c.xml.part")
    assert look(tmp_path) == FolderReport()
    assert not BankDelivery.objects.exists()


def test_a_file_that_cannot_be_moved_stays_and_is_booked_once(tmp_path: Path) -> None:
    path = put(tmp_path, "d.xml", notification(transfer("5.00", "Spende")))
    # A file where the folder should be: as a full disk, it lets nothing be put aside.
    (tmp_path / "refused").write_text("")
    assert look(tmp_path) == FolderReport(left=1)
    assert path.exists()
    (tmp_path / "refused").unlink()
    assert look(tmp_path) == FolderReport(read=1)
    assert BankEntry.objects.count() == 1


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert look(tmp_path / "nowhere") == FolderReport()


def test_only_one_looks_at_a_time(tmp_path: Path) -> None:
    put(tmp_path, "e.xml", notification(transfer("5.00", "Spende")))
    other = connection.copy("other")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(6820013)")
            assert look(tmp_path) == FolderReport()
            cursor.execute("SELECT pg_advisory_unlock(6820013)")
    finally:
        other.close()
    assert look(tmp_path) == FolderReport(read=1)


def test_a_delivery_is_read_once() -> None:
    content = notification(transfer("5.00", "Spende"))
    delivery = deliver_bank_file(
        content=content, name="f.xml", source=BankFile.Source.UPLOAD, user=None, now=NOW
    )
    assert read_delivery(delivery_id=delivery.pk, now=NOW) is not None
    assert read_delivery(delivery_id=delivery.pk, now=NOW) is None


def test_the_command_reads_files_and_says_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = put(tmp_path, "g.xml", notification(transfer("5.00", "Spende")))
    call_command("read_bank_file", str(good))
    assert "g.xml: 1 Angabe der Bank eingelesen." in capsys.readouterr().out
    call_command("read_bank_file", str(good))
    assert "schon eingelesen" in capsys.readouterr().out
    bad = put(tmp_path, "h.xml", b"<x/>")
    with pytest.raises(CommandError, match="keine Nachricht einer Bank"):
        call_command("read_bank_file", str(bad))
