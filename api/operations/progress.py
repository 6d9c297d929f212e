"""How far the work on a job has come, told to whoever asks. Volatile: nothing depends on it."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from api.models import Job
from api.queries.job_progress import PROGRESS_SECONDS, progress_key

_logger = structlog.get_logger(__name__)


def tell_progress(job: Job, total: int) -> Callable[[int], None]:
    """What notes that some more of `total` notices are done; without the cache it is not known."""
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        try:
            cache.set(progress_key(job.pk), (done, total), PROGRESS_SECONDS)
        except (RedisError, OSError):
            _logger.warning("progress_not_kept", job=str(job.pk))

    tell(0)
    return tell


def forget_progress(job_id: Any) -> None:
    """Nothing is going on any more."""
    try:
        cache.delete(progress_key(job_id))
    except (RedisError, OSError):
        _logger.warning("progress_not_kept", job=str(job_id))
