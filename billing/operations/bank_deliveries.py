"""Files of the bank as they are handed in: small ones are read at once, big ones by a worker."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Role, User
from aupolicy.operations.progress import forget_progress, keep_progress
from aupolicy.queries import has_role
from billing.models import BankDelivery, BankFile
from billing.operations.bank_files import UnableToReceive, receive_bank_file
from billing.parsing.bank_files import UnableToReadBankFile
from billing.queries.bank_deliveries import name_job

# About a second's work; a larger file may come as a ZIP of this size, too, and takes longer.
SMALL_BYTES: Final = 300_000
_NAME_LENGTH = 200


def deliver_bank_file(
    *, content: bytes, name: str, source: BankFile.Source, user: User | None, now: datetime
) -> BankDelivery:
    """Take in bytes that are said to be a file of the bank; they are kept, but not read yet.

    Raises UnableToReceive (NOT_ALLOWED).
    """
    if user is not None and not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToReceive("NOT_ALLOWED")
    return BankDelivery.objects.create(
        file_name=name[:_NAME_LENGTH],
        sha256=FileStore(settings.FILES_ROOT).put(content),
        size=len(content),
        source=source,
        received_at=now,
        received_by=user,
    )


def is_small(delivery: BankDelivery) -> bool:
    """Whether a file is read while its sender waits."""
    return delivery.size <= SMALL_BYTES


def read_delivery(*, delivery_id: int, now: datetime) -> BankDelivery | None:
    """Read what was handed in, once; None if it is done already or another worker is at it.

    A file that is refused is kept with the reason. What ends a worker leaves it waiting.
    """
    with transaction.atomic():
        delivery = (
            BankDelivery.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(pk=delivery_id, state=BankDelivery.State.WAITING)
            .first()
        )
        if delivery is None:
            return None
        _read(delivery, now)
        delivery.done_at = now
        delivery.save(update_fields=["state", "problem", "done_at", "file"])
    forget_progress(name_job(delivery_id))
    return delivery


def _read(delivery: BankDelivery, now: datetime) -> None:
    job = name_job(delivery.pk)
    try:
        # A transaction within: what a refused file had done is taken back, the refusal stays.
        report = receive_bank_file(
            content=FileStore(settings.FILES_ROOT).get(delivery.sha256),
            name=delivery.file_name,
            source=BankFile.Source(delivery.source),
            user=delivery.received_by,
            now=now,
            tell=lambda done, read: keep_progress(job, (done, read)),
        )
    except UnableToReadBankFile as error:
        delivery.state = BankDelivery.State.REFUSED
        delivery.problem = {"code": error.code, "params": dict(error.params)}
    except UnableToReceive as error:
        delivery.state = BankDelivery.State.REFUSED
        delivery.problem = {"code": error.code, "params": {}}
    else:
        delivery.file = report.file
        read, known = BankDelivery.State.READ, BankDelivery.State.KNOWN
        delivery.state = read if report.is_new else known
