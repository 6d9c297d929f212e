"""Files of notices from receiving to applying: results, refusals, run twice."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import Settings

from aupolicy.models import GroupContract, User
from billing.operations.uploads import check_upload
from members.facts import UploadKind, UploadStatus
from members.models import ColumnMapping, Membership, NoticeRecord, Upload, UploadRow
from members.operations.progress import tell_progress
from members.operations.uploads import (
    UnableToTakeUpload,
    apply_upload,
    correct_row,
    discard_upload,
    receive_upload,
    release_upload,
    set_mapping,
)
from members.queries.uploads import (
    Progress,
    Step,
    get_columns,
    get_failed_rows,
    get_progress,
    page_of_rows,
)
from tests.laws.world import agree, at, notice, settle, tell

pytestmark = pytest.mark.django_db
NOW = at(date(2026, 3, 10))
MARCH = date(2026, 3, 1)
HEAD = "Meldung;Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt"
JOIN = "Zugang;7;Öhler;Änne;01.02.1991;01.03.2026;2.600,00"
RAISE = "Gehaltsänderung;1;;;;01.03.2026;2.500,00"
LEAVE = "Abgang;2;;;;31.03.2026;"


@pytest.fixture
def contract() -> GroupContract:
    """Two people insured since January."""
    contract = agree(start=date(2026, 1, 1))
    joins = [notice("JOIN", number, date(2026, 1, 1), "2400") for number in ("1", "2")]
    tell(contract, *joins)
    return contract


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("hr@example.com")


def hand_in(
    contract: GroupContract,
    *rows: str,
    head: str = HEAD,
    kind: UploadKind = UploadKind.CHANGES,
    effective: date | None = None,
) -> Upload:
    """A file received and checked."""
    upload = receive(contract, *rows, head=head, kind=kind, effective=effective)
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def receive(
    contract: GroupContract,
    *rows: str,
    head: str = HEAD,
    kind: UploadKind = UploadKind.CHANGES,
    effective: date | None = None,
) -> Upload:
    return receive_upload(
        contract=contract,
        kind=kind,
        file_name="märz.csv",
        content="\n".join([head, *rows]).encode(),
        effective=effective,
        sender=None,
        now=NOW,
    )


def refused(code: str, call: object, **arguments: object) -> None:
    with pytest.raises(UnableToTakeUpload) as caught:
        call(**arguments)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_file_is_previewed_released_and_applied(contract: GroupContract) -> None:
    upload = hand_in(contract, JOIN, RAISE, LEAVE)
    assert upload.status == UploadStatus.CHECKED
    assert upload.summary["outcomes"] == {
        "apply": 3, "clerk": 0, "known": 0, "none": 0, "failed": 0,
    }  # fmt: skip
    assert upload.summary["kinds"] == {"JOIN": 1, "PAY_CHANGE": 1, "LEAVE": 1}
    rows = list(upload.rows.order_by("row"))
    assert [(r.row, r.kind, r.personnel_number, r.name) for r in rows] == [
        (2, "JOIN", "7", "Öhler, Änne"),
        (3, "PAY_CHANGE", "1", "Müller 1, Zoë"),
        (4, "LEAVE", "2", "Müller 2, Zoë"),
    ]
    assert (rows[1].pay_before, rows[1].pay) == (Decimal(2400), Decimal(2500))
    assert sum(row.premium_change for row in rows) == Decimal(upload.summary["effect"])
    assert NoticeRecord.objects.count() == 2

    release_upload(upload=upload, skips_failed_rows=False, by=None, now=NOW)
    assert apply_upload(upload_id=upload.pk, now=NOW)
    assert not apply_upload(upload_id=upload.pk, now=NOW)
    settle()
    upload.refresh_from_db()
    assert upload.status == UploadStatus.APPLIED
    assert Membership.objects.filter(contract=contract).count() == 3
    records = NoticeRecord.objects.filter(upload=upload)
    assert sorted(records.values_list("row", "kind", "status", "channel", "source_name")) == [
        (2, "JOIN", "APPLIED", "FILE", "märz.csv"),
        (3, "PAY_CHANGE", "APPLIED", "FILE", "märz.csv"),
        (4, "LEAVE", "APPLIED", "FILE", "märz.csv"),
    ]


def test_the_same_file_twice_is_the_first_one(contract: GroupContract) -> None:
    first = hand_in(contract, JOIN)
    assert receive(contract, JOIN).pk == first.pk
    assert receive(contract, JOIN, effective=MARCH).pk != first.pk
    discard_upload(upload=first)
    assert receive(contract, JOIN).pk != first.pk
    # What is known already changes nothing, whichever file says it.
    release_upload(
        upload=(second := hand_in(contract, JOIN)), skips_failed_rows=False, by=None, now=NOW
    )
    apply_upload(upload_id=second.pk, now=NOW)
    third = hand_in(contract, JOIN, "", head=HEAD + ";Notiz")
    assert third.summary["outcomes"]["known"] == 1
    refused(
        "NOTHING_TO_DO", release_upload, upload=third, skips_failed_rows=False, by=None, now=NOW
    )


def test_errors_hold_a_file_back_unless_they_are_left_out(contract: GroupContract) -> None:
    bad = "Zugang;8;A;B;30.02.1990;01.03.2026;2600"
    young = "Zugang;9;C;D;01.02.2012;01.03.2026;2600"
    upload = hand_in(contract, JOIN, bad, young)
    assert upload.summary["errors"] == {"NO_SUCH_DAY": 1, "TOO_YOUNG": 1}
    failed = page_of_rows(upload=upload, outcome="failed")
    assert [(row.row, row.kind) for row in failed.rows] == [(3, ""), (4, "JOIN")]
    assert (failed.rows[0].cells or {})["birth_date"] == "30.02.1990"
    errors = get_failed_rows(upload).errors
    assert "Diesen Tag gibt es nicht" in errors[3][0]
    assert errors[4] == ["Geburtsdatum 01.02.2012: Versicherbar ist erst, wer 16 Jahre alt ist."]

    release = {"upload": upload, "by": None, "now": NOW}
    refused("ERRORS_LEFT", release_upload, skips_failed_rows=False, **release)
    release_upload(skips_failed_rows=True, **release)  # type: ignore[arg-type]
    refused("NOT_OPEN", release_upload, skips_failed_rows=True, **release)
    assert apply_upload(upload_id=upload.pk, now=NOW)
    assert list(NoticeRecord.objects.filter(upload=upload).values_list("row", flat=True)) == [2]
    refused("NOT_OPEN", discard_upload, upload=upload)


def test_a_row_is_put_right_on_the_screen_and_the_file_stays(
    contract: GroupContract, clerk: User
) -> None:
    upload = hand_in(contract, JOIN, "Zugang;8;A;B;30.02.1990;01.03.2026;zwei")
    digest = upload.sha256
    right = {"upload": upload, "by": clerk, "now": NOW, "row": 3}
    correct_row(cells={"birth_date": "28.02.1990"}, **right)  # type: ignore[arg-type]
    upload.refresh_from_db()
    assert upload.status == UploadStatus.RECEIVED
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert upload.summary["errors"] == {"NO_AMOUNT": 1}
    correct_row(cells={"pay": "2.000,00"}, **right)  # type: ignore[arg-type]
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert (upload.summary["outcomes"]["apply"], upload.sha256) == (2, digest)
    assert upload.rows.get(row=3).pay == Decimal(2000)
    refused("NO_SUCH_ROW", correct_row, cells={"pay": "1"}, **(right | {"row": 99}))
    refused("UNKNOWN_FIELD", correct_row, cells={"shoe_size": "1"}, **right)


def test_unclear_columns_are_asked_for_and_remembered(contract: GroupContract) -> None:
    head = HEAD.replace("Personalnummer", "Kennung").replace("Bruttoentgelt", "Vergütung XY")
    upload = hand_in(contract, JOIN, head=head)
    assert upload.status == UploadStatus.RECEIVED
    assert {problem["code"] for problem in upload.problems} == {"MISSING_COLUMN"}
    columns = get_columns(upload).columns
    assert columns.unmapped == ("Kennung", "Vergütung XY")
    # Waiting for a person, it is not taken up again and again.
    mapping = {"Kennung": "personnel_number", "Vergütung XY": "pay"}
    said = {"upload": upload, "by": None, "now": NOW}
    refused("UNKNOWN_FIELD", set_mapping, mapping={"Kennung": "x"}, remember=False, **said)
    twice = {"Kennung": "pay", "Vergütung XY": "pay"}
    refused("FIELD_TWICE", set_mapping, mapping=twice, remember=False, **said)
    set_mapping(mapping=mapping, remember=True, **said)  # type: ignore[arg-type]
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert upload.summary["outcomes"]["apply"] == 1
    assert ColumnMapping.objects.get().mapping == mapping
    later = hand_in(contract, JOIN.replace("Zugang;7", "Zugang;8"), head=head)
    assert later.summary["outcomes"]["apply"] == 1


def test_a_file_that_is_no_table_is_refused_and_may_come_again(contract: GroupContract) -> None:
    upload = hand_in(contract, head="%PDF-1.7 irgendwas")
    assert (upload.status, upload.problems[0]["code"]) == (UploadStatus.REFUSED, "OTHER_FORMAT")
    assert receive(contract, head="%PDF-1.7 irgendwas").pk != upload.pk


@pytest.mark.parametrize(
    ("content", "kind", "effective", "code"),
    [
        (b"", UploadKind.CHANGES, None, "EMPTY_FILE"),
        (b"x" * (20 * 1024 * 1024 + 1), UploadKind.CHANGES, None, "FILE_TOO_LARGE"),
        (b"x", UploadKind.FULL_LIST, None, "EFFECTIVE_MISSING"),
        (b"x", UploadKind.FULL_LIST, date(2025, 12, 31), "EFFECTIVE_OUTSIDE_CONTRACT"),
    ],
)
def test_files_that_are_not_received(
    contract: GroupContract, content: bytes, kind: UploadKind, effective: date | None, code: str
) -> None:
    refused(
        code, receive_upload, contract=contract, kind=kind, file_name="x.csv", content=content,
        effective=effective, sender=None, now=NOW,
    )  # fmt: skip
    assert not Upload.objects.exists()


def test_what_changed_since_the_check_is_shown_again(contract: GroupContract) -> None:
    upload = hand_in(contract, JOIN, RAISE)
    release_upload(upload=upload, skips_failed_rows=False, by=None, now=NOW)
    tell(contract, notice("LEAVE", "1", date(2026, 1, 31)))
    before = NoticeRecord.objects.count()
    assert not apply_upload(upload_id=upload.pk, now=NOW)
    assert NoticeRecord.objects.count() == before
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    assert (upload.status, upload.summary["changed_since_check"]) == (UploadStatus.CHECKED, True)
    assert upload.summary["outcomes"]["clerk"] == 1
    release_upload(upload=upload, skips_failed_rows=False, by=None, now=NOW)
    assert apply_upload(upload_id=upload.pk, now=NOW)


def test_warnings(contract: GroupContract) -> None:
    upload = hand_in(
        contract,
        "Gehaltsänderung;1;;;;01.03.2026;3.600,01",
        "Abgang;2;;;;;",
        "Zugang;3;Müller 1;Zoë;24.12.1990;01.03.2026;31.200,00",
        "Zugang;4;MÜLLER 1;Zoë;24.12.1990;01.03.2026;2.400,00",
        effective=date(2026, 3, 31),
    )
    assert upload.summary["warnings"] == {
        "PAY_JUMP": 1, "LEAVE_WITHOUT_DAY": 1, "PAY_UNUSUAL": 1, "SAME_PERSON": 2,
    }  # fmt: skip
    assert upload.rows.get(row=5).findings[0]["params"]["number"] in {"1", "3"}
    usual = hand_in(contract, "Gehaltsänderung;1;;;;01.03.2026;3.600,00")
    assert usual.summary["warnings"] == {}


def test_nothing_about_people_is_logged(
    contract: GroupContract, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG", logger="")
    upload = hand_in(contract, JOIN, "Zugang;8;Geheim;B;30.02.1990;01.03.2026;zweitausend")
    release_upload(upload=upload, skips_failed_rows=True, by=None, now=NOW)
    apply_upload(upload_id=upload.pk, now=NOW)
    hand_in(contract, head="%PDF Geheim")
    # Statements carry their values apart; Django logs them together, and only where DEBUG is on.
    logged = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
    said = "".join(logged) + "".join(capfd.readouterr())
    for word in ("Öhler", "Geheim", "zweitausend", "2600", "2.600", "01.02.1991", "1991-02-01"):
        assert word not in said


def test_pages_of_rows(contract: GroupContract) -> None:
    joins = [f"Zugang;{number};A{number};B;01.02.1991;01.03.2026;2600" for number in range(10, 21)]
    upload = hand_in(contract, *joins)
    page = page_of_rows(upload=upload, page=2, size=5)
    assert [row.row for row in page.rows] == [7, 8, 9, 10, 11]
    assert (page.page, page.pages, page.count) == (2, 3, 11)
    assert page_of_rows(upload=upload, page=9, size=5).page == 3
    assert page_of_rows(upload=upload, only_findings=True).count == 0
    assert UploadRow.objects.count() == 11


def test_progress_is_told_while_it_lasts_and_nothing_depends_on_it(
    contract: GroupContract, settings: Settings
) -> None:
    upload = receive(contract, JOIN)
    tell_progress(upload.pk)(Step.WRITE, 3, 10)
    assert get_progress(upload) == Progress(Step.WRITE, 3, 10)
    check_upload(upload_id=upload.pk, now=NOW)
    assert get_progress(upload) is None
    nobody = {"BACKEND": settings.CACHES["default"]["BACKEND"], "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": nobody}
    second = hand_in(contract, RAISE)
    assert (second.status, get_progress(second)) == (UploadStatus.CHECKED, None)
