"""Examples in the description, put together from the examples of fields and from names."""

from collections.abc import Mapping
from typing import Any, Final

from api.views.gate.example_values import BY_FORMAT, BY_NAME, BY_PATTERN, BY_TYPE, WHOLE

Shape = Mapping[str, Any]

_TYPES: Final[dict[type, str]] = {
    bool: "boolean",
    dict: "object",
    int: "integer",
    list: "array",
    str: "string",
    type(None): "null",
}
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
        if target in WHOLE:
            return WHOLE[target]
        return make_example(shapes[target], shapes, name=name, deep=deep + 1)
    known, value = _look_up(shape, name)
    if known:
        return value
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


def _look_up(shape: Shape, name: str) -> tuple[bool, Any]:
    """Whether the field itself or its name says what it holds, and that."""
    if shape.get("examples"):
        return True, shape["examples"][0]
    if name not in BY_NAME:
        return False, None
    value = BY_NAME[name]
    return _fits(value, shape) or (value is None and _may_be_nothing(shape)), value


def _may_be_nothing(shape: Shape) -> bool:
    several = shape.get("oneOf", []) + shape.get("anyOf", [])
    return any("null" in _kinds_of(one) for one in (shape, *several))


def _kinds_of(shape: Shape) -> list[str]:
    kind = shape.get("type", "string")
    return [kind] if isinstance(kind, str) else list(kind)


def _fits(value: Any, shape: Shape) -> bool:
    """Whether a value is of one of the types, and one of the words, that a shape takes."""
    words = shape.get("enum")
    return _TYPES[type(value)] in _kinds_of(shape) and (words is None or value in words)


def _make_plain(shape: Shape, kinds: list[str]) -> Any:
    pattern = shape.get("pattern", "")
    if shape.get("enum"):
        return shape["enum"][0]
    if shape.get("format") in BY_FORMAT:
        return BY_FORMAT[shape["format"]]
    if kinds[0] in BY_TYPE:
        return shape.get("minimum", BY_TYPE[kinds[0]])
    if pattern in BY_PATTERN:
        return BY_PATTERN[pattern]
    return None if "null" in kinds else NOTHING_KNOWN
