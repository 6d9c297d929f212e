"""Examples in the description, put together from the examples of fields and from names."""

from collections.abc import Mapping
from typing import Any, Final

Shape = Mapping[str, Any]

# What a field of an answer may hold, by its name. Everything is constructed.
_BY_NAME: Final[dict[str, Any]] = {
    "broker": "Maklerkontor Nordlicht GmbH",
    "code": "MISSING",
    "contract": "BAU-100001",
    "cursor": "WzQyXQ",
    "employer": "Luftdruck GmbH",
    "field": "notices/3/pay",
    "first_name": "Anna",
    "last_name": "Probst",
    "message_de": "Das Feld fehlt.",
    "message_en": "The field is missing.",
    "name": "Lohnprogramm",
    "next": None,
    "number": "BAU-100001",
    "personnel_number": "1001",
    "reference": "2026-12/1001",
    "request_id": "payroll-2026-12-01.1",
    "title": "The request is not as described.",
    "type": "/api/v1/docs#INVALID_BODY",
}
_BY_FORMAT: Final[dict[str, Any]] = {
    "date": "2026-12-01",
    "date-time": "2026-12-01T08:30:00Z",
    "uuid": "0b0f1d5e-6c1a-4b57-9d53-2f4c8f8a7c11",
}
_BY_TYPE: Final[dict[str, Any]] = {"integer": 1, "number": 1, "boolean": False}
_MONTH: Final = "2026-12"
_DEEPEST: Final = 6


def make_example(shape: Shape, shapes: Mapping[str, Shape], *, name: str = "", deep: int = 0) -> Any:
    """A value of a shape; `shapes` are the components that it may name."""
    if "$ref" in shape:
        return make_example(
            shapes[shape["$ref"].rpartition("/")[2]], shapes, name=name, deep=deep + 1
        )
    if shape.get("examples"):
        return shape["examples"][0]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return make_example(shape[several][0], shapes, name=name, deep=deep)
    kind = _kind_of(shape)
    if kind == "object":
        return _make_object(shape, shapes, deep)
    if kind == "array":
        only = make_example(shape.get("items", {}), shapes, name=name, deep=deep + 1)
        return [only] if deep < _DEEPEST else []
    return _make_plain(shape, kind, name)


def _kind_of(shape: Shape) -> str:
    kind = shape.get("type", "string")
    kinds = [kind] if isinstance(kind, str) else [one for one in kind if one != "null"]
    return str(kinds[0])


def _make_object(shape: Shape, shapes: Mapping[str, Shape], deep: int) -> Any:
    fields = shape.get("properties", {})
    if not fields:
        return {}
    return {
        name: make_example(field, shapes, name=name, deep=deep + 1)
        for name, field in fields.items()
    }


def _make_plain(shape: Shape, kind: str, name: str) -> Any:
    if shape.get("enum"):
        return shape["enum"][0]
    if shape.get("format") in _BY_FORMAT:
        return _BY_FORMAT[shape["format"]]
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if shape.get("x-money"):
        return "6.80"
    if "[0-9]{4}-(0" in shape.get("pattern", ""):
        return _MONTH
    return _BY_NAME.get(name, "…")
