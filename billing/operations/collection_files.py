"""The file of a collection: written, kept, made again from the rows, put in the bank's folder."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from aupolicy.kernel.file_store import FileStore
from billing.exports.pain008 import write_debit_file
from billing.facts.debit import Amendment, Creditor, Debit, DebitFile, MandateFacts, Scheme
from billing.models import Collection, CollectionItem, Mandate


class UnableToReadCollection(ValueError):
    """A file that is not to be had: NOT_RELEASED, or LOST where the rows make another file."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def build_file(collection: Collection, items: Iterable[CollectionItem]) -> bytes:
    """The pain.008 file that a collection and its debits say. Raises UnableToWriteDebitFile."""
    content = BytesIO()
    created_at = timezone.localtime(collection.created_at)
    write_debit_file(
        file=DebitFile(
            message_id=collection.message_id,
            created_at=created_at.replace(tzinfo=None, microsecond=0),
            due_date=collection.due_date,
            scheme=Scheme(collection.scheme),
            creditor=_creditor(collection.creditor),
            debits=map(_debit, items),
            count=collection.debit_count,
            control_sum=collection.control_sum,
            batch_booking=collection.batch_booking,
        ),
        target=content,
    )
    return content.getvalue()


def rebuild_file(collection: Collection) -> bytes:
    """The file of a collection made again from its rows and the creditor as it was then.

    Byte for byte what it was, as long as nobody changed the rows behind the product's back: its
    SHA-256 is that of the collection.
    """
    items = collection.items.select_related("mandate").order_by("pk")
    return build_file(collection, items.iterator(chunk_size=2_000))


def is_rebuilt_alike(collection: Collection) -> bool:
    """Whether the rows still make the very file that was made from them."""
    return hashlib.sha256(rebuild_file(collection)).hexdigest() == collection.file_sha256


def read_file(collection: Collection) -> bytes:
    """The file of a collection, byte for byte as it was made; made again if the store lost it.

    Raises UnableToReadCollection (LOST).
    """
    store = FileStore(settings.FILES_ROOT)
    try:
        return store.get(collection.file_sha256)
    except FileNotFoundError:
        content = rebuild_file(collection)
    if hashlib.sha256(content).hexdigest() != collection.file_sha256:
        raise UnableToReadCollection("LOST")
    store.put(content)
    return content


def read_released_file(collection: Collection) -> bytes:
    """The file of a released collection, for the bank. Raises UnableToReadCollection."""
    if collection.released_at is None:
        raise UnableToReadCollection("NOT_RELEASED")
    return read_file(collection)


def deliver_file(collection: Collection) -> Path | None:
    """Put a released file into the folder of the bank's program, if there is one.

    Written beside and renamed, so that the program never sees half a file. A second time it
    writes the same file again. Raises OSError; then nothing is left of it.
    """
    if not settings.BANK_OUTBOX:
        return None
    folder = Path(settings.BANK_OUTBOX)
    content = read_released_file(collection)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Path(temporary).rename(folder / f"{collection.message_id}.xml")
    except OSError:
        # A full disk must not fill further with each attempt.
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _creditor(said: dict[str, Any]) -> Creditor:
    return Creditor(
        name=said["name"], identifier=said["identifier"], iban=said["iban"], bic=said["bic"]
    )


def _debit(item: CollectionItem) -> Debit:
    return Debit(
        end_to_end_id=item.end_to_end_id,
        amount=item.amount,
        mandate=_mandate_facts(item.mandate, item.amendment),
        remittance=item.remittance,
    )


def _mandate_facts(mandate: Mandate, amendment: dict[str, Any] | None) -> MandateFacts:
    return MandateFacts(
        reference=mandate.reference,
        signed_on=mandate.signed_on,
        scheme=Scheme(mandate.scheme),
        debtor_name=mandate.account_holder,
        debtor_iban=mandate.iban,
        debtor_bic=mandate.bic or None,
        amendment=Amendment(**amendment) if amendment else None,
    )
