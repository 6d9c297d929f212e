"""The description of the API (OpenAPI 3.1): whoever connects a program reads it first."""

import copy
import json
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from api.facts import Problem
from api.parsing.fields import Reader, choice
from api.views.gate.answers import tag
from api.views.gate.problems import write_problem
from api.views.gate.shared_parts import TOKEN_ADDRESS

ROOT = "/api/v1"
_KINDS = {"json": "application/json", "yaml": "application/yaml"}
_QUERY = Reader([choice("format", "How it is written.", list(_KINDS))])


def make_description(*, address: str, contact: dict[str, str] | None = None) -> dict[str, Any]:
    """The description for an installation at `address`; the same each time."""
    made = copy.deepcopy(_generate())
    schemes = made["components"]["securitySchemes"]
    schemes["oauth"]["flows"]["clientCredentials"]["tokenUrl"] = address + TOKEN_ADDRESS
    return {
        "openapi": made["openapi"],
        "info": made["info"] | ({"contact": contact} if contact else {}),
        "servers": [{"url": address + ROOT}],
        "tags": made["tags"],
        "paths": made["paths"],
        "components": made["components"],
    }


@cache
def _generate() -> dict[str, Any]:
    with override("en"):
        generator: Any = SchemaGenerator
        made: dict[str, Any] = generator(urlconf="api.urls").get_schema(public=True)
    return made


@cache
def describe_this_installation() -> dict[str, Any]:
    """The description with the address of this installation, and whom to ask."""
    contact = {name: settings.INSURER[name] for name in ("name", "email")}
    return make_description(address=settings.PORTAL_URL, contact=contact)


@csrf_exempt
def show_schema(request: HttpRequest) -> HttpResponseBase:
    """The description as JSON, or as YAML with ?format=yaml; no key is needed."""
    try:
        kind = _read_kind(request)
    except Problem as problem:
        return write_problem(problem, "")
    response = HttpResponse(_write(kind), content_type=_KINDS[kind])
    response["Cache-Control"] = "public, max-age=300"
    # Read by tools in browsers of others, and there is nothing in it that is anybody's.
    response["Access-Control-Allow-Origin"] = "*"
    return tag(request, response)


def _read_kind(request: HttpRequest) -> str:
    if request.method not in {"GET", "HEAD"}:
        raise Problem(405, "METHOD_NOT_ALLOWED", headers={"Allow": "GET, HEAD"})
    found, faults = _QUERY.read_query(request.GET)
    if faults:
        raise Problem(400, "INVALID_PARAMETER", faults=tuple(faults))
    return str(found.get("format", "json"))


@cache
def _write(kind: str) -> bytes:
    description = describe_this_installation()
    if kind == "yaml":
        return yaml.safe_dump(description, sort_keys=False, allow_unicode=True).encode()
    return json.dumps(description, ensure_ascii=False, indent=1).encode()
