"""Confirmations that came back signed and were filed by the employer."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from aupolicy.models import User
from documents.facts import DocumentKind
from documents.models import Document, Filing


class UnableToFile(ValueError):
    """A paper that cannot be marked; `code` says why, `params` with what."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def file_confirmations(
    *, documents: Sequence[Document], signed_on: date, filed_by: User, now: datetime, today: date
) -> int:
    """Mark the employer's copies as signed on a day and filed; returns how many are new.

    A paper marked already stays as it is. Raises UnableToFile for other papers, for a signature
    in the future and for one before the paper was made.
    """
    if signed_on > today:
        raise UnableToFile("SIGNED_IN_FUTURE", day=signed_on.isoformat())
    _check(documents, signed_on)
    with transaction.atomic():
        standing = _lock_and_list_standing(documents)
        new = [d for d in documents if d.pk not in standing]
        Filing.objects.bulk_create(
            Filing(document=d, signed_on=signed_on, filed_by=filed_by, filed_at=now) for d in new
        )
    return len(new)


def _check(documents: Sequence[Document], signed_on: date) -> None:
    for document in documents:
        if document.kind != DocumentKind.CONFIRMATION_EMPLOYER:
            raise UnableToFile("NOT_FOR_FILING", document=document.file_name)
        if signed_on < document.created_at.date():
            raise UnableToFile("SIGNED_BEFORE_ISSUED", document=document.file_name)


def revoke_filing(*, document: Document, revoked_by: User, now: datetime) -> None:
    """Take a mistaken mark back; the mark stays on record. Nothing happens without one."""
    with transaction.atomic():
        if document.pk in _lock_and_list_standing([document]):
            Filing.objects.create(
                document=document, revoked=True, filed_by=revoked_by, filed_at=now
            )


def _lock_and_list_standing(documents: Sequence[Document]) -> set[int]:
    """Ids of the papers whose latest mark stands; others have to wait to mark them."""
    ids = [document.pk for document in documents]
    list(Document.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    latest = (
        Filing.objects.filter(document__in=ids)
        .order_by("document_id", "-pk")
        .distinct("document_id")
    )
    return {filing.document_id for filing in latest if not filing.revoked}
