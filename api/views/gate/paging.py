"""Lists by cursor: every page costs the same, and nothing is skipped when rows come in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from api.facts import Problem
from api.parsing.cursor import read_cursor, write_cursor
from api.parsing.fields import Field, Reader, count, text
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer

Row = TypeVar("Row", bound=Model)
DEFAULT_LIMIT, LARGEST_LIMIT = 100, 200
CURSOR = text("cursor", "Where to go on: `next` of the page before.", longest=400)
LIMIT = count("limit", "How many at most.", least=1, most=LARGEST_LIMIT)
PAGING = (CURSOR, LIMIT)


def read_query(request: ApiRequest, fields: Sequence[Field]) -> dict[str, Any]:
    """The parameters of the address. Raises Problem (400) for wrong and unknown ones."""
    found, faults = Reader(fields).read_query(request.GET)
    if faults:
        raise Problem(400, "INVALID_PARAMETER", faults=tuple(faults))
    return found


def answer_rows(
    request: ApiRequest,
    rows: QuerySet[Row],
    wanted: Mapping[str, Any],
    write: Callable[[Row], Mapping[str, Any]],
) -> HttpResponse:
    """One page of rows that stand in the order of their keys; `wanted` is the query that was read.

    Raises Problem (400) for a cursor that is none.
    """
    if "cursor" in wanted:
        rows = rows.filter(pk__gt=read_cursor(wanted["cursor"], (int,))[0])
    limit = wanted.get("limit", DEFAULT_LIMIT)
    found = list(rows[: limit + 1])
    items = [write(row) for row in found]
    return answer_page(request, items, limit=limit, places=[[row.pk] for row in found])


def answer_page(
    request: ApiRequest,
    items: Sequence[Mapping[str, Any]],
    *,
    limit: int,
    places: Sequence[list[Any]],
    headers: dict[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One page; `items` has one more than `limit` where there is a next page.

    `places` are the cursor places of the items, in their order; `more` is told beside them.
    """
    shown = list(items[:limit])
    following = write_cursor(places[limit - 1]) if len(items) > limit else None
    links = dict(headers or {})
    if following:
        query = request.GET.copy()
        query["cursor"] = following
        address = f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
        links["Link"] = f'<{address}>; rel="next"'
    return answer({**(more or {}), "items": shown, "next": following}, headers=links)


def page_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """How a page of such items looks, for the description."""
    name = item.__name__.removesuffix("Serializer")
    shape = {
        "__doc__": f"A page of {name}.",
        "items": item(many=True),
        "next": serializers.CharField(
            allow_null=True, help_text="`cursor` of the next page; null on the last."
        ),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), shape)


def query_parameters(fields: Sequence[Field]) -> list[OpenApiParameter]:
    """The parameters of an address, for the description."""
    return [
        OpenApiParameter(
            field.name, describe_type(field), required=field.required, description=field.help
        )
        for field in fields
    ]


_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "day": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "moment": {"type": "string", "format": "date-time"},
    "amount": {"type": "string", "pattern": r"^[0-9]{1,8}(\.[0-9]{1,2})?$"},
    "flag": {"type": "boolean"},
    "count": {"type": "integer"},
    "choice": {"type": "string"},
}


def describe_type(field: Field) -> dict[str, Any]:
    """The JSON schema of a field."""
    shape = dict(_TYPES[field.kind])
    if field.longest is not None:
        shape["maxLength"] = field.longest
    if field.choices:
        shape["enum"] = list(field.choices)
    bounds = {"minimum": field.least, "maximum": field.most, "pattern": field.pattern}
    return shape | {name: bound for name, bound in bounds.items() if bound not in (None, "")}
