"""Health data sealed anew under the first key, so that a former key can be dropped."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from aupolicy.kernel.sealing import UnableToUnseal
from claims.models import Diagnosis, MedicalDocument, MedicalNote
from claims.operations.health_store import (
    Sealed,
    get_file,
    get_store,
    list_prints,
    put_file,
    seal_field,
    unseal_field,
)
from claims.operations.medical import opened

_BATCH = 100
_LOWEST = uuid.UUID(int=0)


@dataclass(slots=True)
class ResealReport:
    """How many texts and documents were sealed anew, and how many could not be opened."""

    texts: int = 0
    documents: int = 0
    failed: int = 0


def reseal_all(
    *, batch: int = _BATCH, tell: Callable[[ResealReport], None] | None = None
) -> ResealReport:
    """Seal everything anew that another than the first key sealed.

    `batch` rows a transaction: whenever it ends, what is done is done, and another call goes on.
    What no key opens stays as it is and is counted. `tell` hears of every batch.
    """
    report = ResealReport()
    for model, field in ((Diagnosis, "sealed_text"), (MedicalNote, "sealed_text")):
        for ids in _batches(model, field, batch):
            with opened():
                _reseal_texts(model, field, ids, report)
            if tell:
                tell(report)
    for ids in _batches(MedicalDocument, "sealed_name", batch):
        with opened():
            _reseal_documents(ids, report)
        if tell:
            tell(report)
    return report


def _batches(model: type[Sealed], field: str, batch: int) -> Iterator[list[uuid.UUID]]:
    """Ids of rows under another key. A document's name and file are always under the same."""
    first = next(iter(settings.FIELD_ENCRYPTION_KEYS))
    last = _LOWEST
    while True:
        with opened():
            rows = model.objects.filter(pk__gt=last).order_by("pk")
            others = rows.exclude(**{f"{field}__startswith": f"{first}:"})
            ids = list(others.values_list("pk", flat=True)[:batch])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _reseal_texts(
    model: type[Diagnosis | MedicalNote], field: str, ids: list[uuid.UUID], report: ResealReport
) -> None:
    for row in model.objects.select_for_update().filter(pk__in=ids):
        try:
            row.sealed_text = _again(row, field)
        except UnableToUnseal:
            report.failed += 1
            continue
        row.save(update_fields=[field])
        report.texts += 1


def _reseal_documents(ids: list[uuid.UUID], report: ResealReport) -> None:
    for row in MedicalDocument.objects.select_for_update().filter(pk__in=ids):
        try:
            digest, content = get_file(row)
            row.sealed_name = _again(row, "sealed_name")
        except UnableToUnseal:
            report.failed += 1
            continue
        former = get_store().path(row.sealed_sha256)
        row.sealed_sha256 = put_file(content, digest=digest, document=row)
        row.fingerprint = list_prints(digest)[0]
        row.save(update_fields=["sealed_name", "sealed_sha256", "fingerprint"])
        # Only once the row names the new file for good.
        transaction.on_commit(_remover(former))
        report.documents += 1


def _again(row: Sealed, field: str) -> str:
    return seal_field(unseal_field(getattr(row, field), row=row, field=field), row=row, field=field)


def _remover(path: Path) -> Callable[[], None]:
    return lambda: path.unlink(missing_ok=True)
