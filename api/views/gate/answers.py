"""Answers as bytes: JSON written here, so that bodies, tags and stored answers are one thing."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.request import Request

JSON = "application/json"
PROBLEM = "application/problem+json"


def answer(
    data: Any, *, status: int = 200, headers: dict[str, str] | None = None, kind: str = JSON
) -> HttpResponse:
    """An answer of plain values; amounts go as text with their cents, days and moments as ISO."""
    return HttpResponse(write_json(data), status=status, headers=headers, content_type=kind)


def write_json(data: Any) -> str:
    """Compact JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def tag(request: Request | HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give a read answer its ETag; 304 for who has it already (RFC 9110, 13.1.2)."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    mark = make_tag(response.content)
    if mark in _tags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = mark
        return unchanged
    response["ETag"] = mark
    return response


def make_tag(content: bytes) -> str:
    """The strong ETag of a body."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def matches(request: Request, data: Any) -> bool:
    """Whether a change may be made to what reads as `data` now, by If-Match (none: yes)."""
    wanted = request.META.get("HTTP_IF_MATCH", "")
    return not wanted or "*" in wanted or make_tag(write_json(data).encode()) in _tags(wanted)


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}
