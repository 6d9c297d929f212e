"""The gate of the API: every operation passes it, and nothing is answered without it.

A program is known by its key, counted, and asked for its scope; the operation then runs in one
transaction that sees only what the program's rights allow (`aupolicy.operations.fence`). A
request with an Idempotency-Key is answered once.
"""

import hashlib
import re
import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from api.facts import Problem
from api.models import GivenAnswer
from api.operations.given_answers import find_given
from api.views.gate.access import ApiRequest, check_scope, find_access
from api.views.gate.answers import tag
from api.views.gate.deprecation import Deprecation, announce
from api.views.gate.problems import write_problem
from api.views.gate.throttling import SAFE_METHODS, count_request
from aupolicy.facts.machine import ApiScope
from aupolicy.operations.acting import name_program
from aupolicy.operations.fence import ALL, Scope, acting_within

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_LENGTH_DIGITS = 18
_KEPT_HEADERS = ("Location", "Content-Type", "Link")

Handler = Callable[..., HttpResponseBase]


class Endpoint(APIView):
    """An address of the API. Its methods are decorated with `operation`."""

    http_method_names = ["get", "post", "put", "delete", "head"]
    # SHA-256 of the body, set by the parser that read it.
    body_sha256 = ""
    limits: dict[str, str]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """The request with an id: the sender's own, else a new one."""
        asked = super().initialize_request(request, *args, **kwargs)
        asked.request_id = read_request_id(request)
        self.began, self.limits = time.monotonic(), {}
        return asked

    def perform_authentication(self, request: Any) -> None:
        """Who asks. Raises Problem."""
        # Before it is known what somebody may see, the product itself has to look.
        with acting_within(ALL):
            request.access = find_access(request)

    def check_permissions(self, request: Any) -> None:
        """Bodies tell their length; nothing is called by unseen characters. Raises Problem."""
        told = request.META.get("CONTENT_LENGTH") or ""
        has_length = told.isascii() and told.isdigit() and len(told) <= _LENGTH_DIGITS
        if not has_length and (told or "HTTP_TRANSFER_ENCODING" in request.META):
            raise Problem(411, "LENGTH_REQUIRED")
        if not all(str(part).isprintable() for part in self.kwargs.values()):
            raise Problem(404, "NOT_FOUND")

    def check_throttles(self, request: Any) -> None:
        """How often. Raises Problem."""
        access = request.access
        self.limits = count_request(access.client.pk, request.method, access.now)

    def finalize_response(
        self, request: Any, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """What every answer has: id, limits, tag; never kept by anybody in between."""
        done: Any = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            done = tag(request, done)
        for name, value in self.limits.items():
            done.headers.setdefault(name, value)
        announce(self._deprecated(request), done)
        done["X-Request-Id"] = request.request_id
        done["Cache-Control"] = "private, no-cache"
        self._log(request, done.status_code)
        answer: HttpResponseBase = done
        return answer

    def _deprecated(self, request: Any) -> Deprecation | None:
        handler = getattr(self, (request.method or "").lower(), None)
        return getattr(handler, "deprecated", None)

    def _log(self, request: Any, status: int) -> None:
        access = getattr(request, "access", None)
        log.info(
            "api.answered",
            method=request.method,
            operation=type(self).__name__,
            status=status,
            client=access.client.pk if access else None,
            request_id=request.request_id,
            milliseconds=round((time.monotonic() - self.began) * 1000),
        )


def read_request_id(request: HttpRequest) -> str:
    """The sender's own id of a request where it is one, else a new one."""
    sent = str(request.META.get("HTTP_X_REQUEST_ID", ""))
    return sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def operation(
    scope: ApiScope | None, *, deprecated: Deprecation | None = None
) -> Callable[[Handler], Handler]:
    """Let in programs that have the scope (None: all), into what their rights allow.

    The operation runs in one transaction; a Problem takes everything back. One that is
    `deprecated` says so in every answer and in the description.
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(
            view: Endpoint, request: ApiRequest, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            access = request.access
            check_scope(access, scope)
            with acting_within(Scope.of(access.rights)):
                if request.method in SAFE_METHODS:
                    return handler(view, request, *args, **kwargs)
                name_program(access.client)
                return _answer_once(view, request, lambda: handler(view, request, *args, **kwargs))

        # What the description says of it.
        guarded.scope = scope  # type: ignore[attr-defined]
        guarded.deprecated = deprecated  # type: ignore[attr-defined]
        return guarded

    return decorate


def _answer_once(
    view: Endpoint, request: ApiRequest, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Run a writing operation; with an Idempotency-Key only the first time."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not key:
        return run()
    if not _KEY.fullmatch(key):
        raise Problem(400, "BAD_IDEMPOTENCY_KEY")
    sha256 = _fingerprint(view, request)
    given = find_given(request.access.client, key, sha256)
    if given is not None:
        headers = {**given.headers, "Idempotency-Replayed": "true"}
        return HttpResponse(given.body, status=given.status, headers=headers)
    try:
        with transaction.atomic():
            response = run()
    except Problem as problem:
        # Also a refusal is an answer: asked again, it is the same.
        response = write_problem(problem, request.request_id)
    _keep(request, key, sha256, response)
    return response


def _fingerprint(view: Endpoint, request: ApiRequest) -> str:
    # Reading the body lets the parser take its SHA-256.
    _ = request.data
    told = f"{request.method}\n{request.get_full_path()}\n{view.body_sha256}"
    return hashlib.sha256(told.encode()).hexdigest()


def _keep(request: ApiRequest, key: str, sha256: str, response: HttpResponseBase) -> None:
    if not isinstance(response, HttpResponse):
        return
    GivenAnswer.objects.create(
        client=request.access.client,
        key=key,
        request_sha256=sha256,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
        body=response.content.decode(),
        answered_at=request.access.now,
    )
