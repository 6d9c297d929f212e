"""What the page that tells of the API shows, taken from the description."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from api.views.gate.examples import make_example
from api.views.gate.shared_parts import PROBLEMS
from api.words import list_code_texts, say_in_both

Part = Mapping[str, Any]
_METHODS: Final = ("get", "post", "put", "delete")
# Told once for all operations, at the end of the page.
_COMMON_HEADERS: Final = frozenset({"X-Request-Id", "If-None-Match"})
_COMMON_ANSWERS: Final = frozenset({"304", "400", "401", "403", "404", "405", "429"})
_PLACE: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or field: its type in words; `shape` where it is told elsewhere."""

    name: str
    kind: str
    shape: str
    required: bool
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with its fields."""

    name: str
    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A body or an answer: its media type, its shape, an example."""

    kind: str
    shape: str
    example: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a status means."""

    status: str
    text: str
    headers: tuple[str, ...]
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can ask."""

    key: str
    method: str
    path: str
    summary: str
    text: tuple[str, ...]
    deprecated: bool
    parameters: tuple[Row, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together, and the shapes first met there."""

    name: str
    text: str
    operations: tuple[Operation, ...]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means, in both languages."""

    code: str
    german: str
    english: str


def make_groups(description: Part) -> list[Group]:
    """The operations by group; each shape stands in the first group that names it."""
    told: set[str] = set()
    groups = []
    for tag in description["tags"]:
        found = [
            _make_operation(description, path, method, methods[method])
            for path, methods in description["paths"].items()
            for method in _METHODS
            if method in methods and tag["name"] in methods[method]["tags"]
        ]
        names = [name for one in found for name in _list_shapes(one, description)]
        new = [name for name in dict.fromkeys(names) if name not in told]
        told.update(new)
        shapes = tuple(_make_shape(name, description) for name in new)
        groups.append(Group(tag["name"], tag["description"], tuple(found), shapes))
    return groups


def make_common_answers(description: Part) -> list[Answer]:
    """What every operation may answer besides what stands with it."""
    responses = description["components"]["responses"]
    found = [("304", responses["NotModified"])]
    found += [
        (str(status), responses[name])
        for status, (name, _, _) in PROBLEMS.items()
        if str(status) in _COMMON_ANSWERS
    ]
    return [_make_answer(status, response) for status, response in found]


def make_request_headers(description: Part) -> list[Row]:
    """The headers that requests may have."""
    return [_make_parameter(one) for one in description["components"]["parameters"].values()]


def make_headers(description: Part) -> list[Row]:
    """The headers of answers."""
    return [
        Row(name, _say_kind(one["schema"])[0], "", False, mark_code(one["description"]))
        for name, one in description["components"]["headers"].items()
    ]


def make_scopes(description: Part) -> dict[str, str]:
    """Each scope with its text."""
    flows = description["components"]["securitySchemes"]["oauth"]["flows"]
    return dict(flows["clientCredentials"]["scopes"])


def make_codes() -> dict[str, list[Code]]:
    """Every code that has words here, in three kinds."""
    german, english = say_in_both(list_code_texts)
    return {
        kind: [Code(code, _show(texts[code]), _show(english[kind][code])) for code in sorted(texts)]
        for kind, texts in german.items()
    }


def mark_code(text: str) -> SafeString:
    """A text whose parts between backticks are code, as HTML."""
    parts = enumerate(text.split("`"))
    marked = [format_html("<code>{}</code>" if place % 2 else "{}", part) for place, part in parts]
    return format_html("{}" * len(marked), *marked)


def _show(text: str) -> str:
    return _PLACE.sub(r"{\1}", text)


def _make_operation(description: Part, path: str, method: str, operation: Part) -> Operation:
    parameters = [_find(description, one) for one in operation.get("parameters", [])]
    bodies = _make_contents(operation.get("requestBody", {}))
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=tuple(map(mark_code, operation["description"].split("\n\n"))),
        deprecated=operation.get("deprecated", False),
        parameters=tuple(
            _make_parameter(one) for one in parameters if one["name"] not in _COMMON_HEADERS
        ),
        bodies=bodies,
        answers=tuple(
            _make_answer(status, _find(description, one))
            for status, one in operation["responses"].items()
            if "$ref" not in one or status not in _COMMON_ANSWERS
        ),
        curl=_write_curl(method.upper(), path, parameters, bodies),
    )


def _find(description: Part, part: Part) -> Part:
    """What a part says or points at."""
    if "$ref" not in part:
        return part
    kind, name = part["$ref"].split("/")[-2:]
    found: Part = description["components"][kind][name]
    return found


def _make_parameter(one: Part) -> Row:
    kind, shape = _say_kind(one["schema"])
    text = mark_code(one["description"])
    return Row(one["name"], kind, shape, one.get("required", False), text, one["in"])


def _make_answer(status: str, response: Part) -> Answer:
    headers = tuple(response.get("headers", {}))
    return Answer(status, mark_code(response["description"]), headers, _make_contents(response))


def _make_contents(part: Part) -> tuple[Content, ...]:
    found = []
    for kind, one in part.get("content", {}).items():
        _, shape = _say_kind(one.get("schema", {}))
        example = one.get("example")
        shown = json.dumps(example, ensure_ascii=False, indent=2) if example else ""
        found.append(Content(kind, shape, shown))
    return tuple(found)


def _write_curl(method: str, path: str, parameters: list[Part], bodies: tuple[Content, ...]) -> str:
    """The operation as a command; see the quick start of the page for AUTH and URL."""
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", _PLACES.get(one["name"], _ID))
    wanted = [one for one in parameters if one["in"] == "query" and one.get("required")]
    query = "&".join(
        f"{one['name']}={make_example(one['schema'], {}, name=one['name'])}" for one in wanted
    )
    parts = ["curl -s" if method == "GET" else f"curl -s -X {method}", '-H "$AUTH"']
    if bodies and bodies[0].kind.endswith("form-urlencoded"):
        signed = '-u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials'
        return f'curl -s {signed} "$URL{path}"'
    if bodies:
        parts.append(f'-H "Content-Type: {bodies[0].kind}" -d @body.json')
    return " ".join([*parts, f'"$URL{path}{"?" + query if query else ""}"'])


_ID: Final = "0b0f1d5e-6c1a-4b57-9d53-2f4c8f8a7c11"
_PLACES: Final = {
    "notice_id": "2026-12-1001",
    "personnel_number": "1001",
    "contract_id": "BAU-100001",
    "leave_id": "1001-12",
}


def _list_shapes(operation: Operation, description: Part) -> Iterator[str]:
    """The shapes of an operation, each before those inside it."""
    contents = [*operation.bodies, *(one for a in operation.answers for one in a.contents)]
    waiting = [one.shape for one in contents if one.shape]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield name
        rows = _make_shape(name, description).rows
        waiting[:0] = [row.shape for row in rows if row.shape]


def _make_shape(name: str, description: Part) -> Shape:
    shape = description["components"]["schemas"][name]
    required = shape.get("required", [])
    rows = []
    for field, one in shape.get("properties", {}).items():
        kind, inner = _say_kind(one)
        rows.append(
            Row(field, kind, inner, field in required, mark_code(one.get("description", "")))
        )
    return Shape(name, mark_code(shape.get("description", "")), tuple(rows))


def _say_kind(shape: Part) -> tuple[str, str]:
    """The type in words, and the name of the shape inside it, "" where there is none."""
    if "$ref" in shape:
        return "", shape["$ref"].rpartition("/")[2]
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            told = [_say_kind(one) for one in shape[several]]
            words = [kind for kind, _ in told if kind]
            return " | ".join(words), next((name for _, name in told if name), "")
    kinds = shape.get("type", "")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    if "array" in kinds:
        kind, name = _say_kind(shape.get("items", {}))
        return f"list of {kind}".strip(), name
    words = [_BY_FORMAT.get(shape.get("format", ""), kind) for kind in kinds if kind != "null"]
    if shape.get("enum"):
        words = [" · ".join(str(one) for one in shape["enum"] if one is not None)]
    bounds = [f"{say} {shape[key]}" for key, say in _BOUNDS.items() if key in shape]
    nothing = ["or null"] if "null" in kinds else []
    return " ".join([*words, *bounds, *nothing]), ""


_BY_FORMAT: Final = {"date": "date", "date-time": "moment", "uuid": "UUID", "binary": "bytes"}
_BOUNDS: Final = {"minimum": "from", "maximum": "to", "maxLength": "up to length"}
