"""How far a long job has come, as its worker last said. Volatile: nothing depends on it."""

from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError


def progress_key(job: str) -> str:
    """Where the progress of a job stands in the cache."""
    return f"progress:{job}"


def read_progress(job: str) -> Any:
    """What `keep_progress` kept; None where that is not known or nothing is going on."""
    try:
        return cache.get(progress_key(job))
    except (RedisError, OSError):
        return None
