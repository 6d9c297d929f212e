"""How often a program may ask: counted by the minute in the cache, told in every answer."""

from datetime import datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from api.facts import Problem

log = structlog.get_logger(__name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def count_request(client_id: int, method: str, now: datetime) -> dict[str, str]:
    """Count a request, a writing one twice; the headers that tell what is left.

    Raises Problem (429). Without the cache nothing is counted: rather that than no answer.
    """
    limit = int(settings.API_REQUESTS_A_MINUTE)
    second = now.second
    try:
        used = _count(f"api:{client_id}:{now:%H%M}", 1 if method in _SAFE else 2)
    except RedisError:
        log.warning("api.not_counted")
        return {}
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(max(limit - used, 0)),
        "RateLimit-Reset": str(60 - second),
    }
    if used > limit:
        headers["Retry-After"] = str(60 - second)
        raise Problem(429, "TOO_MANY_REQUESTS", headers=headers, limit=str(limit))
    return headers


def _count(key: str, cost: int) -> int:
    cache.add(key, 0, timeout=120)
    try:
        return int(cache.incr(key, cost))
    except ValueError:
        # It ended between the two steps: a new minute has begun.
        return cost
