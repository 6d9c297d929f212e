"""That letters wait for room on the disk, told to whoever looks at their run. Volatile."""

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from documents.queries.stored import FULL_STORE_SECONDS, full_store_key

_log = structlog.get_logger(__name__)


def note_full_store(*, run_id: int) -> None:
    """A letter of the run could not be kept; without the cache it is only logged."""
    try:
        cache.set(full_store_key(run_id), True, FULL_STORE_SECONDS)
    except (RedisError, OSError):
        _log.warning("full_store_not_noted", run=run_id)


def forget_full_store(*, run_id: int) -> None:
    """Letters of the run are kept again."""
    try:
        cache.delete(full_store_key(run_id))
    except (RedisError, OSError):
        _log.warning("full_store_not_noted", run=run_id)
