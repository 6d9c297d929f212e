"""Health data: the only place that opens it, seals it, and writes down who reads it and why.

The rows lie behind `bau.medical`, texts and files under AES-256-GCM, each bound to its row. Whoever
reads is an examiner with a reason, and the insured person can see that it was read.
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.db import connection
from django.utils import timezone

from aupolicy.facts.scope import MEDICAL
from aupolicy.kernel.sealing import UnableToUnseal
from aupolicy.models import Role, User
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.queries import has_role
from claims.facts import Channel
from claims.models import Claim, Diagnosis, MedicalDocument, MedicalNote, MedicalRead, SickLeave
from claims.operations.health_store import (
    Sealed,
    get_file,
    list_prints,
    put_file,
    seal_field,
    unseal_field,
)
from claims.operations.scanning import scan_file
from claims.parsing.files import take_file
from claims.queries.claimant import READ_DOCUMENT, READ_FILE
from claims.queries.parameters import get_claims_parameters

LONGEST_TEXT = 5_000
_LONGEST_NAME = 150


class UnableToReadMedical(ValueError):
    """Health data that is not shown; the error never holds anything of it.

    `code` is NOT_ALLOWED (no examiner), REASON_MISSING, NOT_FOUND (no such document of this
    claim), or SEALED (its key or file is gone).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


class UnableToRecordMedical(ValueError):
    """Health data that is not taken; `code` is NOT_ALLOWED, EMPTY or TOO_LONG (`most`)."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """That there is a document; nothing that is in it or that it is called."""

    id: uuid.UUID
    kind: str
    media_type: str
    byte_count: int
    received_at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document as a browser can show it, with the name it came under."""

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class MedicalText:
    """A diagnosis of a sick leave (`first_day` tells which), or a note."""

    text: str
    recorded_at: datetime
    recorded_by: User
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document with its name."""

    entry: DocumentEntry
    name: str


@dataclass(frozen=True, slots=True)
class MedicalFile:
    """Everything medical of a claim but the contents of its documents; the newest first."""

    diagnoses: tuple[MedicalText, ...]
    notes: tuple[MedicalText, ...]
    documents: tuple[NamedDocument, ...]


@contextmanager
def opened() -> Iterator[None]:
    """One transaction, or a part of one, that sees the rows with health data.

    Afterwards they are hidden again, also within an outer transaction and after an error.
    """
    with acting_within(ALL):
        before = _set_medical("open")
        yield
        # After an error the rollback puts it back.
        _set_medical(before)


def _set_medical(value: str) -> str:
    """Set the setting until the transaction ends; gives what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [MEDICAL])
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config(%s, %s, true)", [MEDICAL, value])
    return before or ""


def store_document(
    *,
    claim: Claim,
    kind: str,
    content: bytes,
    file_name: str,
    channel: Channel,
    user: User | None,
    now: datetime,
) -> MedicalDocument:
    """Keep a paper of a claim, sealed; the same file again is found and not kept twice.

    `kind` is a `MedicalDocument.Kind`. From the insured person (`user` None) or an examiner.
    Raises UnableToTakeFile, UnableToRecordMedical (NOT_ALLOWED).
    """
    if channel is not Channel.PERSON or user is not None:
        _check_may_record(user, now)
    kind = MedicalDocument.Kind(kind).value
    parameters = get_claims_parameters(timezone.localdate(now))
    taken = take_file(content, largest=parameters.largest_upload_bytes)
    scan_file(content)
    digest = hashlib.sha256(content).digest()
    prints = list_prints(digest)
    with opened():
        Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        known = MedicalDocument.objects.filter(claim=claim, fingerprint__in=prints).first()
        if known is not None:
            return known
        row = MedicalDocument(
            claim=claim,
            kind=kind,
            media_type=taken.media_type,
            byte_count=len(taken.content),
            fingerprint=prints[0],
            channel=channel.value,
            uploaded_by=user,
            received_at=now,
        )
        row.sealed_name = seal_field(_clean_name(file_name), row=row, field="sealed_name")
        row.sealed_sha256 = put_file(taken.content, digest=digest, document=row)
        row.save(force_insert=True)
        return row


def list_documents(claim: Claim) -> list[DocumentEntry]:
    """Which documents there are, the newest first. Not a read: nothing of them is told."""
    with opened():
        return list(map(_entry, claim.medical_documents.order_by("-received_at", "id")))


def read_document(
    *, document_id: uuid.UUID, claim: Claim, reason: str, user: User, now: datetime
) -> OpenedDocument:
    """A document of a claim for an examiner, written down. Raises UnableToReadMedical."""
    _check_may_read(user, reason, now)
    with opened():
        document = claim.medical_documents.filter(pk=document_id).first()
        if document is None:
            raise UnableToReadMedical("NOT_FOUND")
        _write_read(claim, f"{READ_DOCUMENT}:{document.kind}", reason, user, now)
        return OpenedDocument(
            content=_open_file(document), media_type=document.media_type, name=_open_name(document)
        )


def read_medical(*, claim: Claim, reason: str, user: User, now: datetime) -> MedicalFile:
    """Diagnoses, notes and names of documents for an examiner, written down.

    Raises UnableToReadMedical.
    """
    _check_may_read(user, reason, now)
    with opened():
        _write_read(claim, READ_FILE, reason, user, now)
        diagnoses = Diagnosis.objects.filter(sick_leave__claim=claim)
        diagnoses = diagnoses.select_related("sick_leave", "recorded_by").order_by("-recorded_at")
        notes = claim.medical_notes.select_related("recorded_by").order_by("-recorded_at")
        documents = claim.medical_documents.order_by("-received_at", "id")
        return MedicalFile(
            diagnoses=tuple(_open_text(row, row.sick_leave.first_day) for row in diagnoses),
            notes=tuple(_open_text(row) for row in notes),
            documents=tuple(NamedDocument(_entry(row), _open_name(row)) for row in documents),
        )


def record_diagnosis(*, sick_leave: SickLeave, text: str, user: User, now: datetime) -> uuid.UUID:
    """An examiner writes down what the illness is; the newest counts.

    Raises UnableToRecordMedical (NOT_ALLOWED, EMPTY, TOO_LONG).
    """
    _check_may_record(user, now)
    row = Diagnosis(sick_leave=sick_leave, recorded_by=user, recorded_at=now)
    return _save_text(row, text)


def record_medical_note(*, claim: Claim, text: str, user: User, now: datetime) -> uuid.UUID:
    """An examiner notes something with medical content, such as what evidence shows.

    Raises UnableToRecordMedical (NOT_ALLOWED, EMPTY, TOO_LONG).
    """
    _check_may_record(user, now)
    return _save_text(MedicalNote(claim=claim, recorded_by=user, recorded_at=now), text)


def _save_text(row: Diagnosis | MedicalNote, text: str) -> uuid.UUID:
    text = text.strip()
    if not text:
        raise UnableToRecordMedical("EMPTY")
    if len(text) > LONGEST_TEXT:
        raise UnableToRecordMedical("TOO_LONG", most=str(LONGEST_TEXT))
    row.sealed_text = seal_field(text, row=row, field="sealed_text")
    with opened():
        row.save(force_insert=True)
    return row.id


def _check_may_record(user: User | None, now: datetime) -> None:
    if user is None or not _is_examiner(user, now):
        raise UnableToRecordMedical("NOT_ALLOWED")


def _check_may_read(user: User, reason: str, now: datetime) -> None:
    if not _is_examiner(user, now):
        raise UnableToReadMedical("NOT_ALLOWED")
    if reason not in MedicalRead.Reason.values:
        raise UnableToReadMedical("REASON_MISSING")


def _is_examiner(user: User, now: datetime) -> bool:
    return has_role(user, {Role.EXAMINER}, timezone.localdate(now))


def _write_read(claim: Claim, what: str, reason: str, user: User, now: datetime) -> None:
    MedicalRead.objects.create(
        person_id=claim.person_id, claim=claim, what=what, reason=reason, read_by=user, read_at=now
    )


def _entry(row: MedicalDocument) -> DocumentEntry:
    return DocumentEntry(
        row.pk, row.kind, row.media_type, row.byte_count, row.received_at, row.channel
    )


def _clean_name(file_name: str) -> str:
    """The last part of a name, without what cannot be seen."""
    bare = PurePath(file_name.replace("\\", "/")).name
    return "".join(char for char in bare if char.isprintable())[:_LONGEST_NAME]


def _open_text(row: Diagnosis | MedicalNote, first_day: date | None = None) -> MedicalText:
    text = _unseal(row.sealed_text, row, "sealed_text")
    return MedicalText(text, row.recorded_at, row.recorded_by, first_day)


def _open_name(row: MedicalDocument) -> str:
    return _unseal(row.sealed_name, row, "sealed_name")


def _open_file(row: MedicalDocument) -> bytes:
    try:
        return get_file(row)[1]
    except UnableToUnseal:
        raise UnableToReadMedical("SEALED") from None


def _unseal(sealed: str, row: Sealed, field: str) -> str:
    try:
        return unseal_field(sealed, row=row, field=field)
    except UnableToUnseal:
        raise UnableToReadMedical("SEALED") from None
