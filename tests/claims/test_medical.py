"""Health data: sealed, seen by examiners with a reason, each look written down."""

import io
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from aupolicy.facts.scope import MEDICAL
from aupolicy.models import Role, User
from aupolicy.operations.fence import ALL, NOTHING, acting_within
from claims.facts import Channel
from claims.models import Claim, Diagnosis, MedicalDocument, MedicalNote, MedicalRead, SickLeave
from claims.operations.health_store import get_store
from claims.operations.medical import (
    LONGEST_TEXT,
    UnableToReadMedical,
    UnableToRecordMedical,
    list_documents,
    opened,
    read_document,
    read_medical,
    record_diagnosis,
    record_medical_note,
    store_document,
)
from claims.operations.reseal import reseal_all
from claims.parsing.files import UnableToTakeFile
from claims.queries.claimant import list_reads
from tests.claims.uploads import make_pdf, make_picture
from tests.claims.world import at, insure, make_contract, make_user, sick

pytestmark = pytest.mark.django_db

NOW = at("2026-03-02")
SECRET = "Bandscheibenvorfall L5/S1"
TABLES = ("claims_medicaldocument", "claims_diagnosis", "claims_medicalnote")
OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def leave() -> SickLeave:
    return sick(insure(make_contract()), "2026-02-01", "2026-02-28")


def store(
    claim: Claim, content: bytes, name: str = "Befund.pdf", **changes: Any
) -> MedicalDocument:
    values: dict[str, Any] = {"kind": "hospital", "channel": Channel.PERSON, "user": None}
    return store_document(
        claim=claim, content=content, file_name=name, now=NOW, **(values | changes)
    )


def raw(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def count_rows() -> list[int]:
    return [raw(f"SELECT COUNT(*) FROM {table}")[0][0] for table in TABLES]


def fill(leave: SickLeave, vera: User) -> MedicalDocument:
    document = store(leave.claim, make_pdf(text=SECRET.encode()), name="Bandscheibe.pdf")
    record_diagnosis(sick_leave=leave, text=SECRET, user=vera, now=NOW)
    record_medical_note(claim=leave.claim, text=f"Befund: {SECRET}", user=vera, now=NOW)
    return document


def test_an_examiner_reads_and_every_look_is_written_down(leave: SickLeave, vera: User) -> None:
    content = make_pdf(text=SECRET.encode())
    document = fill(leave, vera)
    file = read_medical(claim=leave.claim, reason="examine", user=vera, now=NOW)
    (diagnosis,), (note,), (named,) = file.diagnoses, file.notes, file.documents
    assert (diagnosis.text, diagnosis.first_day) == (SECRET, leave.first_day)
    assert (note.text, note.recorded_by) == (f"Befund: {SECRET}", vera)
    assert (named.name, named.entry.kind) == ("Bandscheibe.pdf", "hospital")
    found = read_document(
        document_id=document.pk,
        claim=leave.claim,
        reason="review",
        user=vera,
        now=at("2026-03-03"),
    )
    assert (found.content, found.media_type) == (content, "application/pdf")
    assert found.name == "Bandscheibe.pdf"
    newest, first = list_reads(leave.person)
    assert (first.document_kind, first.reason, first.reader) == ("", "examine", "Vera")
    assert (newest.document_kind, newest.reason) == ("hospital", "review")
    assert newest.claim_number == leave.claim.number


def test_nothing_of_it_can_be_read_where_it_lies(leave: SickLeave, vera: User) -> None:
    fill(leave, vera)
    with opened():
        rows = str([raw(f"SELECT t::text FROM {table} t") for table in TABLES])
    files = [
        path.read_bytes() for path in Path(django_settings.FILES_ROOT).rglob("*") if path.is_file()
    ]
    assert files
    for word in ("Bandscheibe", "L5/S1"):
        assert word not in rows
        assert not any(word.encode() in content for content in files)


def test_lists_of_documents_tell_no_name_and_are_no_look(leave: SickLeave, vera: User) -> None:
    document = fill(leave, vera)
    (entry,) = list_documents(leave.claim)
    assert entry.id == document.pk
    assert "Bandscheibe" not in repr(entry)
    assert not MedicalRead.objects.exists()


def test_rows_are_hidden_from_the_product_itself_unless_opened(
    leave: SickLeave, vera: User
) -> None:
    fill(leave, vera)
    assert count_rows() == [0, 0, 0]
    with transaction.atomic(), acting_within(ALL):
        assert count_rows() == [0, 0, 0]
        with opened():
            assert count_rows() == [1, 1, 1]
            with opened():
                pass
            assert count_rows() == [1, 1, 1]
        # Also within a transaction that goes on.
        assert count_rows() == [0, 0, 0]
        with pytest.raises(LookupError), opened():
            raise LookupError
        assert count_rows() == [0, 0, 0]
    assert raw(f"SELECT current_setting('{MEDICAL}', true)") == [("",)]


def test_nothing_is_written_or_changed_while_it_is_hidden(leave: SickLeave, vera: User) -> None:
    fill(leave, vera)
    for model in (MedicalDocument, Diagnosis, MedicalNote):
        assert model.objects.update(id=uuid.uuid4()) == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Diagnosis.objects.create(
            sick_leave=leave, sealed_text="x", recorded_by=vera, recorded_at=NOW
        )
    with opened(), pytest.raises(DatabaseError, match="claims_diagnosis"), transaction.atomic():
        Diagnosis.objects.all().delete()


def test_the_web_sees_nothing_even_if_it_says_that_it_is_open(leave: SickLeave, vera: User) -> None:
    fill(leave, vera)
    with acting_within(NOTHING):
        raw(f"SELECT set_config('{MEDICAL}', 'open', true)")
        assert count_rows() == [0, 0, 0]
    raw(f"SELECT set_config('{MEDICAL}', '', true)")


def test_an_insured_person_uploads_in_the_role_of_the_web(leave: SickLeave) -> None:
    claim = leave.claim
    with acting_within(NOTHING):
        store(claim, make_picture("HEIF"))
        assert count_rows() == [0, 0, 0]
    (entry,) = list_documents(leave.claim)
    assert (entry.media_type, entry.channel) == ("image/jpeg", "PERSON")


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.FINANCE, Role.AUDITOR])
def test_nobody_but_an_examiner(role: Role | None, leave: SickLeave, vera: User) -> None:
    document = fill(leave, vera)
    other = make_user("otto", *([role] if role else []))
    with pytest.raises(UnableToReadMedical, match="NOT_ALLOWED"):
        read_medical(claim=leave.claim, reason="examine", user=other, now=NOW)
    with pytest.raises(UnableToReadMedical, match="NOT_ALLOWED"):
        read_document(
            document_id=document.pk, claim=leave.claim, reason="examine", user=other, now=NOW
        )
    with pytest.raises(UnableToRecordMedical, match="NOT_ALLOWED"):
        record_diagnosis(sick_leave=leave, text="x", user=other, now=NOW)
    with pytest.raises(UnableToRecordMedical, match="NOT_ALLOWED"):
        record_medical_note(claim=leave.claim, text="x", user=other, now=NOW)
    with pytest.raises(UnableToRecordMedical, match="NOT_ALLOWED"):
        store(leave.claim, make_pdf(), channel=Channel.EXAMINER, user=other)
    assert not MedicalRead.objects.exists()


@pytest.mark.parametrize("channel", [Channel.EMPLOYER, Channel.BROKER, Channel.API])
def test_employers_and_brokers_send_no_medical_papers(channel: Channel, leave: SickLeave) -> None:
    with pytest.raises(UnableToRecordMedical, match="NOT_ALLOWED"):
        store(leave.claim, make_pdf(), channel=channel)


def test_a_look_needs_a_reason_and_the_right_claim(leave: SickLeave, vera: User) -> None:
    document = fill(leave, vera)
    other = sick(insure(make_contract("T-2")), "2026-02-01").claim
    for reason in ("", "curiosity"):
        with pytest.raises(UnableToReadMedical, match="REASON_MISSING"):
            read_medical(claim=leave.claim, reason=reason, user=vera, now=NOW)
    with pytest.raises(UnableToReadMedical, match="NOT_FOUND"):
        read_document(document_id=document.pk, claim=other, reason="examine", user=vera, now=NOW)
    assert not MedicalRead.objects.exists()


def test_texts_are_not_empty_and_not_endless(leave: SickLeave, vera: User) -> None:
    for text, code in (("  \n", "EMPTY"), ("x" * (LONGEST_TEXT + 1), "TOO_LONG")):
        with pytest.raises(UnableToRecordMedical, match=code):
            record_diagnosis(sick_leave=leave, text=text, user=vera, now=NOW)


def test_the_same_file_is_kept_once_a_claim(leave: SickLeave, vera: User) -> None:
    picture = make_picture("JPEG")
    first = store(leave.claim, picture)
    again = store(leave.claim, picture, name="anders.jpg", channel=Channel.EXAMINER, user=vera)
    assert again.pk == first.pk
    assert len(list_documents(leave.claim)) == 1
    other = sick(insure(make_contract("T-2")), "2026-02-01").claim
    assert store(other, picture).pk != first.pk


def test_the_name_is_only_the_last_part_and_can_be_seen(leave: SickLeave, vera: User) -> None:
    store(leave.claim, make_pdf(), name="C:\\Zoë\\../Be\u202efund\n" + "x" * 300 + ".pdf")
    file = read_medical(claim=leave.claim, reason="examine", user=vera, now=NOW)
    name = file.documents[0].name
    assert name.startswith("Befundxxx")
    assert len(name) == 150


def test_a_file_put_in_the_place_of_another_is_not_shown(leave: SickLeave, vera: User) -> None:
    one = store(leave.claim, make_pdf(text=b"one"))
    other = store(leave.claim, make_pdf(text=b"other"))
    with opened():
        MedicalDocument.objects.filter(pk=one.pk).update(sealed_sha256=other.sealed_sha256)
    with pytest.raises(UnableToReadMedical, match="SEALED"):
        read_document(document_id=one.pk, claim=leave.claim, reason="examine", user=vera, now=NOW)
    assert not MedicalRead.objects.exists()


# The scanner of the insurer.


def scanner(script: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; content = sys.stdin.buffer.read(); {script}"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (scanner("sys.exit(1 if b'EICAR' in content else 0)"), "INFECTED"),
        (scanner("sys.exit(2)"), "SCAN_FAILED"),
        (["/no/such/scanner"], "SCAN_FAILED"),
    ],
)
def test_what_the_scanner_does_not_pass_is_not_kept(
    command: list[str], code: str, leave: SickLeave, settings: Any
) -> None:
    settings.UPLOAD_SCAN_COMMAND = command
    with pytest.raises(UnableToTakeFile) as refused:
        store(leave.claim, make_pdf(text=b"EICAR"))
    assert refused.value.code == code
    assert list_documents(leave.claim) == []
    assert not get_store().root.exists()


def test_a_scanner_that_hangs_is_ended(
    leave: SickLeave, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_SCAN_COMMAND = ["sleep", "60"]
    monkeypatch.setattr("claims.operations.scanning._SECONDS", 0.05)
    with pytest.raises(UnableToTakeFile, match="SCAN_FAILED"):
        store(leave.claim, make_pdf())


def test_what_the_scanner_passes_is_kept(leave: SickLeave, settings: Any) -> None:
    settings.UPLOAD_SCAN_COMMAND = scanner("sys.exit(1 if b'EICAR' in content else 0)")
    store(leave.claim, make_pdf())
    assert len(list_documents(leave.claim)) == 1


# New keys.


@pytest.fixture
def sealed_with_old(leave: SickLeave, vera: User, settings: Any) -> Claim:
    settings.FIELD_ENCRYPTION_KEYS = {"old": OLD}
    fill(leave, vera)
    store(leave.claim, make_picture("PNG"), name="Röntgen.png")
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    return leave.claim


def look(claim: Claim, vera: User) -> list[Any]:
    file = read_medical(claim=claim, reason="examine", user=vera, now=NOW)
    documents = [
        read_document(document_id=each.entry.id, claim=claim, reason="examine", user=vera, now=NOW)
        for each in file.documents
    ]
    return [file, documents]


def list_files() -> set[str]:
    return {path.name for path in get_store().root.rglob("*") if path.is_file()}


def test_after_new_keys_everything_is_read_and_the_old_one_may_go(
    sealed_with_old: Claim,
    vera: User,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    claim = sealed_with_old
    before, files = look(claim, vera), list_files()
    # Known again between the keys, too.
    assert store(claim, make_picture("PNG")).byte_count
    assert len(list_documents(claim)) == 2
    out = io.StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("reseal_health_data", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told == {"texts": 2, "documents": 2, "failed": 0, "key": "new"}
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW}
    assert look(claim, vera) == before
    store(claim, make_picture("PNG"))
    assert len(list_documents(claim)) == 2
    assert len(list_files()) == 2
    assert not list_files() & files
    # A second run finds nothing to do.
    report = reseal_all()
    assert (report.texts, report.documents, report.failed) == (0, 0, 0)


def test_new_keys_are_taken_up_where_they_were_broken_off(
    sealed_with_old: Claim, vera: User, settings: Any
) -> None:
    claim = sealed_with_old
    before = look(claim, vera)

    def break_off(_report: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(batch=1, tell=break_off)
    assert look(claim, vera) == before
    report = reseal_all(batch=1)
    assert (report.texts, report.documents) == (1, 2)
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW}
    assert look(claim, vera) == before


def test_what_no_key_opens_stays_and_is_counted(
    sealed_with_old: Claim, vera: User, settings: Any
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW}
    with pytest.raises(CommandError, match="4 Einträge") as refused:
        call_command("reseal_health_data")
    assert "Bandscheibe" not in str(refused.value)
    with pytest.raises(UnableToReadMedical, match="SEALED"):
        look(sealed_with_old, vera)
    settings.FIELD_ENCRYPTION_KEYS = {"new": NEW, "old": OLD}
    assert len(look(sealed_with_old, vera)[1]) == 2
