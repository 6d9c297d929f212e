"""How often a program may ask: counted by the minute in the cache, told in every answer."""

from datetime import datetime

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from api.facts import Problem

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def count_request(client_id: int, method: str, now: datetime) -> dict[str, str]:
    """Count a request, a writing one twice; the headers that tell what is left.

    Raises Problem (429). Without the cache nothing is counted: rather that than no answer.
    """
    limit = int(settings.API_REQUESTS_A_MINUTE)
    second, cost = now.second, 1 if method in SAFE_METHODS else 2
    try:
        used = count_up(f"api:{client_id}:{now:%H%M}", cost=cost, seconds=120)
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


def count_up(key: str, *, cost: int = 1, seconds: int) -> int:
    """Count in the cache, for so many seconds from the first time on; the sum so far.

    Raises RedisError where there is no cache.
    """
    cache.add(key, 0, timeout=seconds)
    try:
        return int(cache.incr(key, cost))
    except ValueError:
        # It ended between the two steps: counting has begun anew.
        return cost
