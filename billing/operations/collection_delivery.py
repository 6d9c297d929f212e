"""Released files on their way into the folder of the bank's program: each arrives, once."""

import structlog
from django.conf import settings
from django.db import transaction

from billing.models import Collection
from billing.operations.collection_files import UnableToReadCollection, deliver_file
from billing.operations.crash_points import crash_point

_log = structlog.get_logger(__name__)


def deliver_collection(*, collection_id: int) -> bool:
    """Put a released file that is not there yet into the folder; False if it needs nothing.

    Waits for whoever is at it. A process that dies in between leaves it to the next one,
    which writes the same file under the same name and message id. Raises OSError, and
    UnableToReadCollection where the file is lost.
    """
    with transaction.atomic():
        collection = (
            Collection.objects.select_for_update(no_key=True)
            .filter(pk=collection_id, undelivered=True)
            .first()
        )
        if collection is None or deliver_file(collection) is None:
            return False
        crash_point("collection.delivered")
        collection.undelivered = False
        collection.save(update_fields=["undelivered"])
    return True


def deliver_waiting() -> int:
    """Try again for every released file that is not in the folder yet; how many arrived."""
    if not settings.BANK_OUTBOX:
        return 0
    arrived = 0
    waiting = Collection.objects.filter(undelivered=True).order_by("pk")
    for key in waiting.values_list("pk", flat=True):
        try:
            arrived += deliver_collection(collection_id=key)
        except (OSError, UnableToReadCollection):
            # The page of the collection says so; the others may be smaller.
            _log.exception("collection_not_delivered", collection=key)
    return arrived
