"""Who asks: a program with its key or token, what it may do, and from where."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from redis.exceptions import RedisError
from rest_framework.request import Request

from api.facts import Problem
from api.views.gate.throttling import count_up
from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient
from aupolicy.operations.machine_use import mark_token_used, mark_used
from aupolicy.queries.access import Rights
from aupolicy.queries.machine import find_key, get_client_rights, may_come_from

log = structlog.get_logger(__name__)

_BEARER = "bearer "
# So many wrong keys a minute and address; then it is told to wait.
_MOST_FAILURES = 30


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """What the program that asks may do, and the moment it is asked at."""

    client: ApiClient
    scopes: frozenset[ApiScope]
    rights: Rights
    now: datetime
    today: date

    @property
    def source_name(self) -> str:
        """How what it sends is marked."""
        return f"API: {self.client.name}"


class ApiRequest(Request):
    """A request that has passed the gate."""

    access: ApiAccess
    request_id: str


def find_access(request: Request) -> ApiAccess:
    """Who asks, by the Authorization header. Raises Problem (401, 403, 429)."""
    address = find_address(request._request)  # noqa: SLF001 - DRF's public way to Django's
    text = request.META.get("HTTP_AUTHORIZATION", "")
    if text[: len(_BEARER)].lower() != _BEARER:
        raise _refuse("NO_KEY")
    now = timezone.now()
    found = _find_by_key(text[len(_BEARER) :].strip(), now)
    if found is None:
        # Who has a right key is never refused for others behind the same address.
        count_failure(address)
        raise _refuse("WRONG_KEY")
    client, scopes = found
    if not may_come_from(client.networks, address):
        raise Problem(403, "NETWORK_NOT_ALLOWED")
    today = timezone.localdate(now)
    return ApiAccess(client, scopes, get_client_rights(client, today), now, today)


def _find_by_key(text: str, now: datetime) -> tuple[ApiClient, frozenset[ApiScope]] | None:
    key = find_key(text, now)
    if key is None:
        return _find_by_token(text, now)
    mark_used(key, now)
    return key.client, frozenset(map(ApiScope, key.client.scopes))


def _find_by_token(text: str, now: datetime) -> tuple[ApiClient, frozenset[ApiScope]] | None:
    """The program of an OAuth access token, with the scopes that it asked for and still has."""
    if not text.isascii() or not text.isprintable():
        return None
    tokens = get_access_token_model().objects.select_related("application__api_client")
    token: Any = tokens.filter(token_checksum=_checksum(text)).first()
    if token is None or token.is_expired():
        return None
    client = getattr(token.application, "api_client", None)
    if client is None or client.ended_at is not None:
        return None
    mark_token_used(client, now)
    held = set(client.scopes) & set(token.scope.split())
    return client, frozenset(map(ApiScope, held))


def _checksum(token: str) -> str:
    # Tokens are looked up by this, so that no comparison takes longer for a nearly right one.
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse(code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": 'Bearer realm="api"'})


def find_address(request: HttpRequest) -> str:
    """The address that asks, behind as many proxies as we know of."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if trusted and len(forwarded) >= trusted and forwarded[-trusted]:
        return str(forwarded[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))


def check_failures(who: str) -> None:
    """Refuse who has failed too often in the last minute. Raises Problem (429)."""
    try:
        failed = cache.get(_failures(who), 0)
    except RedisError:
        log.warning("api.not_counted")
        return
    if failed >= _MOST_FAILURES:
        raise _slow_down()


def count_failure(who: str) -> None:
    """Count a wrong key or secret. Raises Problem (429) from the 31st in a minute on.

    Without the cache nothing is counted.
    """
    try:
        failed = count_up(_failures(who), seconds=60)
    except RedisError:
        log.warning("api.not_counted")
        return
    if failed > _MOST_FAILURES:
        raise _slow_down()


def _slow_down() -> Problem:
    return Problem(429, "TOO_MANY_WRONG_KEYS", headers={"Retry-After": "60"})


def _failures(who: str) -> str:
    # What somebody sends is no key of a cache as it is.
    return f"api:failures:{hashlib.sha256(who.encode(errors='replace')).hexdigest()}"


def check_scope(access: ApiAccess, scope: ApiScope | None) -> None:
    """Refuse a program that lacks a scope. Raises Problem (403)."""
    if scope is not None and scope not in access.scopes:
        raise Problem(403, "SCOPE_MISSING", scope=scope.value)
