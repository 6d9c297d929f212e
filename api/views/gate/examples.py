"""Examples in the description, put together from the examples of fields and from names."""

from collections.abc import Mapping
from typing import Any, Final

from api.serializers.shapes import AMOUNT, MONEY, MONTH

Shape = Mapping[str, Any]

# Whole objects whose fields depend on each other.
_WHOLE: Final[dict[str, Any]] = {
    "NewNotice": {
        "kind": "JOIN",
        "personnel_number": "1001",
        "effective": "2026-12-01",
        "pay": "3200.00",
        "first_name": "Anna",
        "last_name": "Probst",
        "birth_date": "1990-05-17",
        "reference": "2026-12/1001",
    },
}
# What a field may hold, by its name. Everything is constructed.
_BY_NAME: Final[dict[str, Any]] = {
    "birth_date": "1990-05-17",
    "broker": None,
    "channel": "API",
    "code": "MISSING",
    "codes": [],
    "contract": "BAU-100001",
    "contracts": ["BAU-100001"],
    "counts": {"APPLIED": 1, "NEEDS_CLERK": 0, "REFUSED": 0, "known": 0},
    "cursor": "WzQyXQ",
    "employer": "Luftdruck GmbH",
    "employment": "regular",
    "errors": [],
    "field": "notices/3/pay",
    "first_name": "Anna",
    "index": 0,
    "last_name": "Probst",
    "message_de": "Das Feld fehlt.",
    "message_en": "The field is missing.",
    "name": "Lohnprogramm",
    "next": None,
    "number": "BAU-100001",
    "pay": "3200.00",
    "personnel_number": "1001",
    "reference": "2026-12/1001",
    "request_id": "payroll-2026-12-01.1",
    "title": "The request is not as described.",
    "type": "/api/v1/docs#INVALID_BODY",
    "withdrawn_by": None,
}
_BY_FORMAT: Final[dict[str, Any]] = {
    "date": "2026-12-01",
    "date-time": "2026-12-01T08:30:00Z",
    "uuid": "0b0f1d5e-6c1a-4b57-9d53-2f4c8f8a7c11",
}
_BY_PATTERN: Final[dict[str, Any]] = {MONTH: "2026-12", AMOUNT: "3200.00", MONEY: "6.80"}
_BY_TYPE: Final[dict[str, Any]] = {"integer": 1, "number": 1, "boolean": False}
_DEEPEST: Final = 8
NOTHING_KNOWN: Final = "…"


def make_example(
    shape: Shape, shapes: Mapping[str, Shape], *, name: str = "", deep: int = 0
) -> Any:
    """A value of a shape; `shapes` are the components that it may name.

    NOTHING_KNOWN stands where nothing says what a text looks like.
    """
    if "$ref" in shape:
        target = shape["$ref"].rpartition("/")[2]
        if target in _WHOLE:
            return _WHOLE[target]
        return make_example(shapes[target], shapes, name=name, deep=deep + 1)
    if shape.get("examples"):
        return shape["examples"][0]
    if name in _BY_NAME:
        return _BY_NAME[name]
    several = shape.get("allOf") or shape.get("oneOf") or shape.get("anyOf")
    if several:
        return make_example(several[0], shapes, name=name, deep=deep)
    kinds = _kinds_of(shape)
    if kinds[0] == "object":
        fields = shape.get("properties", {}).items()
        return {key: make_example(one, shapes, name=key, deep=deep + 1) for key, one in fields}
    if kinds[0] == "array":
        item = make_example(shape.get("items", {}), shapes, deep=deep + 1)
        return [item] if deep < _DEEPEST else []
    return _make_plain(shape, kinds)


def _kinds_of(shape: Shape) -> list[str]:
    kind = shape.get("type", "string")
    return [kind] if isinstance(kind, str) else list(kind)


def _make_plain(shape: Shape, kinds: list[str]) -> Any:
    pattern = shape.get("pattern", "")
    if shape.get("enum"):
        return shape["enum"][0]
    if shape.get("format") in _BY_FORMAT:
        return _BY_FORMAT[shape["format"]]
    if kinds[0] in _BY_TYPE:
        return shape.get("minimum", _BY_TYPE[kinds[0]])
    if pattern in _BY_PATTERN:
        return _BY_PATTERN[pattern]
    return None if "null" in kinds else NOTHING_KNOWN
