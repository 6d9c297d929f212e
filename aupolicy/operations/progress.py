"""How far a long job has come, told to whoever waits. Volatile: nothing depends on it."""

from typing import Any, Final

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from aupolicy.queries.progress import progress_key

# A worker that says nothing for so long is no longer at it.
_SECONDS: Final = 600
_logger = structlog.get_logger(__name__)


def keep_progress(job: str, told: Any, *, seconds: int = _SECONDS) -> None:
    """Note how far a job is, for so long; without the cache it is just not known."""
    try:
        cache.set(progress_key(job), told, seconds)
    except (RedisError, OSError):
        _logger.warning("progress_not_kept", job=job)


def forget_progress(job: str) -> None:
    """Nothing is going on any more."""
    try:
        cache.delete(progress_key(job))
    except (RedisError, OSError):
        _logger.warning("progress_not_kept", job=job)
