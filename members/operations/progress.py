"""How far the work on a file has come, told to whoever waits. Volatile: nothing depends on it."""

from collections.abc import Callable

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from members.queries.uploads import PROGRESS_SECONDS, Step, progress_key

Tell = Callable[[Step, int, int], None]
_logger = structlog.get_logger(__name__)


def tell_progress(upload_id: int) -> Tell:
    """What notes the progress of a file; without the cache it is just not known."""

    def tell(step: Step, done: int, total: int) -> None:
        try:
            cache.set(progress_key(upload_id), (step.value, done, total), PROGRESS_SECONDS)
        except (RedisError, OSError):
            _logger.warning("progress_not_kept", upload=upload_id)

    return tell


def forget_progress(upload_id: int) -> None:
    """Nothing is going on any more."""
    try:
        cache.delete(progress_key(upload_id))
    except (RedisError, OSError):
        _logger.warning("progress_not_kept", upload=upload_id)
