"""Completes the generated description by what follows from the gate: every operation has it."""

from typing import Any, Final

from api.views.gate.examples import make_example
from api.views.gate.shared_parts import (
    COMMON_HEADERS,
    COUNTED_HEADERS,
    GROUPS,
    HEADERS,
    PROBLEM,
    PROBLEMS,
    REQUEST_HEADERS,
    UNCOUNTED,
    make_security_schemes,
)
from api.views.gate.token_description import describe_token_endpoint, make_token_shapes

Part = dict[str, Any]
_TOKEN: Final = "/oauth/token"  # noqa: S105 - an address
_EVERY_OPERATION: Final = frozenset({400, 401, 403, 404, 405, 429})
_NOT_MODIFIED: Final = "NotModified"
# Parts of addresses, where the operation itself does not say what they are.
_PLACES: Final = {
    "notice_id": "Its id, or your `reference`.",
    "personnel_number": "Your personnel number of the person.",
    "contract_id": "Its number or id.",
    "job_id": "Its id.",
    "statement_id": "Its number or id.",
    "person_id": "The `person` of a line.",
    "covered_month": "The `covered_month` of a line, YYYY-MM.",
    "confirmation_id": "Its id.",
    "file_id": "Its id.",
    "leave_id": "Its id, or your `reference`.",
}


def complete_description(result: Part, **_asked: Any) -> Part:
    """What drf-spectacular calls when all operations are described."""
    parts = result["components"]
    shapes = parts.setdefault("schemas", {})
    for path in result["paths"].values():
        for method, operation in path.items():
            _complete_operation(method, operation)
    result["paths"][_TOKEN] = describe_token_endpoint()
    shapes |= make_token_shapes()
    parts["headers"] = HEADERS
    parts["parameters"] = REQUEST_HEADERS
    parts["responses"] = _make_responses()
    parts["securitySchemes"] = make_security_schemes()
    for path in result["paths"].values():
        for operation in path.values():
            _add_examples(operation, shapes)
    result["paths"] = dict(sorted(result["paths"].items()))
    parts["schemas"] = dict(sorted(shapes.items()))
    result["tags"] = _list_groups(result["paths"])
    return result


def _list_groups(paths: Part) -> list[Part]:
    used = [group for path in paths.values() for one in path.values() for group in one["tags"]]
    # One without a text is told, too, and found by a test.
    texts = GROUPS | {name: "" for name in used if name not in GROUPS}
    return [{"name": name, "description": text} for name, text in texts.items() if name in used]


def _complete_operation(method: str, operation: Part) -> None:
    parameters = operation.setdefault("parameters", [])
    sent = {parameter["name"] for parameter in parameters} & REQUEST_HEADERS.keys()
    sent |= {"X-Request-Id", "If-None-Match" if method == "get" else "Idempotency-Key"}
    own = [parameter for parameter in parameters if parameter["name"] not in sent]
    for parameter in own:
        if parameter["in"] == "path":
            parameter.setdefault("description", _PLACES.get(parameter["name"], ""))
    names = [name for name in REQUEST_HEADERS if name in sent]
    operation["parameters"] = own + [_reference("parameters", name) for name in names]
    operation["description"] = _tell_scope(operation)
    answers = operation["responses"]
    for status, response in answers.items():
        _complete_answer(method, status, response, operation)
    for status in _list_problems(method, operation, sent):
        answers.setdefault(str(status), _reference("responses", PROBLEMS[status][0]))
    if method == "get":
        answers["304"] = _reference("responses", _NOT_MODIFIED)
    operation["responses"] = dict(sorted(answers.items()))


def _tell_scope(operation: Part) -> str:
    scopes = [scope for way in operation["security"] for scope in way.get("oauth", [])]
    needs = f"Needs the scope `{scopes[0]}`." if scopes else "Needs no scope."
    return f"{operation.get('description', '')}\n\n{needs}".strip()


def _list_problems(method: str, operation: Part, sent: set[str]) -> set[int]:
    found = set(_EVERY_OPERATION)
    if method != "get":
        found |= {409, 422}
    if "If-Match" in sent:
        found.add(412)
    if "requestBody" in operation:
        found |= {411, 413, 415}
    if any(parameter.get("name") == "contract" for parameter in operation["parameters"]):
        # Several contracts could be meant.
        found.add(422)
    return found


def _complete_answer(method: str, status: str, response: Part, operation: Part) -> None:
    headers = [*COMMON_HEADERS, *COUNTED_HEADERS]
    if status.startswith("2"):
        headers += _success_headers(method, status, response)
        response["description"] = response.get("description") or f"{operation['summary']}."
    response["headers"] = response.get("headers", {}) | _references(headers)


def _success_headers(method: str, status: str, response: Part) -> list[str]:
    found = ["ETag"] if method == "get" else ["Idempotency-Replayed"]
    if status in {"201", "202"}:
        found.append("Location")
    content = response.get("content", {})
    if any("json" not in kind for kind in content):
        found.append("Content-Disposition")
    if any(_is_page(one.get("schema", {})) for one in content.values()):
        found.append("Link")
    return found


def _is_page(shape: Part) -> bool:
    return str(shape.get("$ref", "")).endswith("Page")


def _make_responses() -> Part:
    found: Part = {
        _NOT_MODIFIED: {
            "description": "It is still as you have it (If-None-Match).",
            "headers": _references([*COMMON_HEADERS, *COUNTED_HEADERS, "ETag"]),
        }
    }
    for status, (name, text, own) in PROBLEMS.items():
        counted = () if status in UNCOUNTED else COUNTED_HEADERS
        found[name] = {
            "description": text,
            "headers": _references([*COMMON_HEADERS, *counted, *own]),
            "content": {PROBLEM: {"schema": _reference("schemas", "Problem")}},
        }
    return found


def _reference(kind: str, name: str) -> Part:
    return {"$ref": f"#/components/{kind}/{name}"}


def _references(names: list[str]) -> Part:
    return {name: _reference("headers", name) for name in names}


def _add_examples(operation: Part, shapes: Part) -> None:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for kind, content in body.get("content", {}).items():
            if kind == "application/json" and "example" not in content:
                content["example"] = make_example(content["schema"], shapes)
