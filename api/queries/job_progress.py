"""How far the work on a job is."""

from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from api.models import Job
from members.queries.uploads import get_progress as get_progress_of_file

PROGRESS_SECONDS = 600


def progress_key(job_id: Any) -> str:
    """Where the progress of a job stands in the cache."""
    return f"job-progress:{job_id}"


def get_progress(job: Job) -> tuple[int, int] | None:
    """(done, total) of what is being done; None where that is not known or nothing is going on."""
    if job.upload is not None:
        found = get_progress_of_file(job.upload)
        return (found.done, found.total) if found else None
    try:
        done, total = cache.get(progress_key(job.pk)) or (0, None)
    except (RedisError, OSError):
        return None
    return None if total is None else (done, total)
