"""Is the application able to work? Asked by containers and load balancers."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_TIMEOUT_SECONDS = 2


@require_safe
@never_cache
def report_health(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database answers, else 503.

    The broker is reported but does not decide: without it pages still work and
    the reconciler re-sends jobs later, so taking the web server away would not help.
    """
    database, broker = _database_answers(), _broker_answers()
    status = 200 if database else 503
    return JsonResponse({"database": database, "broker": broker}, status=status)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        socket_timeout=_TIMEOUT_SECONDS,
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
