"""How health data lies: texts sealed in their fields, files sealed in a store of their own.

Each is bound to its table, field and row, so that nothing can be put in the place of another.
A sealed file begins with the SHA-256 of what was uploaded: a picture is kept anew, but must be
recognised, and its fingerprint must be made again when the keys change.
"""

import hashlib
from pathlib import Path

from django.conf import settings

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.sealing import (
    UnableToUnseal,
    list_fingerprints,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)
from claims.models import Diagnosis, MedicalDocument, MedicalNote

Sealed = Diagnosis | MedicalNote | MedicalDocument

DIGEST_BYTES = hashlib.sha256().digest_size
_TABLES: dict[type[Sealed], str] = {
    Diagnosis: "claims_diagnosis",
    MedicalNote: "claims_medicalnote",
    MedicalDocument: "claims_medicaldocument",
}


def get_store() -> FileStore:
    """Where sealed files lie, by the SHA-256 of what is sealed."""
    return FileStore(Path(settings.FILES_ROOT) / "health")


def put_file(content: bytes, *, digest: bytes, document: MedicalDocument) -> str:
    """Seal a document's content and keep it; gives the SHA-256 of the sealed file.

    `digest` is the SHA-256 of what was uploaded.
    """
    keys = settings.FIELD_ENCRYPTION_KEYS
    return get_store().put(seal_bytes(digest + content, keys=keys, place=_place(document, "file")))


def get_file(document: MedicalDocument) -> tuple[bytes, bytes]:
    """Digest and content that `put_file` was given. Raises UnableToUnseal, also without a file."""
    try:
        sealed = get_store().get(document.sealed_sha256)
    except FileNotFoundError as error:
        raise UnableToUnseal("the file is gone") from error
    keys = settings.FIELD_ENCRYPTION_KEYS
    opened = unseal_bytes(sealed, keys=keys, place=_place(document, "file"))
    return opened[:DIGEST_BYTES], opened[DIGEST_BYTES:]


def list_prints(digest: bytes) -> list[str]:
    """The fingerprints of an upload under every key, the newest key's first."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    return list_fingerprints(digest, keys=keys, purpose=_TABLES[MedicalDocument])


def seal_field(text: str, *, row: Sealed, field: str) -> str:
    """Seal a text for its field and row with the newest key."""
    return seal(text, keys=settings.FIELD_ENCRYPTION_KEYS, place=_place(row, field))


def unseal_field(sealed: str, *, row: Sealed, field: str) -> str:
    """The text of a field and row. Raises UnableToUnseal."""
    return unseal(sealed, keys=settings.FIELD_ENCRYPTION_KEYS, place=_place(row, field))


def _place(row: Sealed, field: str) -> str:
    return f"{_TABLES[type(row)]}.{field}.{row.pk}"
