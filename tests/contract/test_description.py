"""The description of the API: valid, complete, the same each time, and true to its own examples."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import Client
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from api.urls import urlpatterns
from api.views.gate.endpoint import Endpoint
from api.views.gate.examples import NOTHING_KNOWN
from api.views.gate.shared_parts import GROUPS, SCOPES
from api.views.schema import make_description
from aupolicy.facts.machine import ApiScope

ADDRESS = "http://127.0.0.1:8000"
Part = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Part:
    return make_description(address=ADDRESS)


def list_operations(description: Part) -> Iterator[tuple[str, Part]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def find(description: Part, part: Part) -> Part:
    """What a part says or points at."""
    while "$ref" in part:
        found: Any = description
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def test_it_is_valid_openapi_31_as_json_and_as_yaml() -> None:
    answer = Client().get("/api/v1/schema")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    described = answer.json()
    assert described["openapi"] == "3.1.0"
    OPENAPI_31_VALIDATOR.validate(described)
    written = Client().get("/api/v1/schema?format=yaml")
    assert written["Content-Type"] == "application/yaml"
    assert yaml.safe_load(written.content) == described


def test_it_needs_no_key_and_is_fetched_once() -> None:
    first = Client().get("/api/v1/schema")
    assert first.content == Client().get("/api/v1/schema").content
    again = Client().get("/api/v1/schema", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert Client().get("/api/v1/schema?format=xml").status_code == 400
    refused = Client().post("/api/v1/schema")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")


def test_every_operation_is_described(description: Part) -> None:
    views: list[Any] = [getattr(one.callback, "view_class", None) for one in urlpatterns]
    endpoints = [view for view in views if view is not None and issubclass(view, Endpoint)]
    gated = sum(
        hasattr(view, method) for view in endpoints for method in ("get", "post", "put", "delete")
    )
    assert gated > 20
    told = dict(list_operations(description))
    # The token endpoint is not behind the gate, and the description does not describe itself.
    assert len(told) == gated + 1
    assert "GET /schema" not in told


def test_everything_has_words(description: Part) -> None:
    silent = []
    for name, operation in list_operations(description):
        assert operation["operationId"]
        parameters = [find(description, one) for one in operation.get("parameters", [])]
        silent += [f"{name} {one['name']}" for one in parameters if not one.get("description")]
        silent += [name for text in ("summary", "description") if not operation.get(text)]
        for status, response in operation["responses"].items():
            silent += [f"{name} {status}"] * (not find(description, response)["description"])
    assert silent == []
    ids = [operation["operationId"] for _, operation in list_operations(description)]
    assert len(ids) == len(set(ids))


def test_every_group_and_scope_has_a_text(description: Part) -> None:
    assert [tag["name"] for tag in description["tags"] if not tag["description"]] == []
    assert {tag["name"] for tag in description["tags"]} <= set(GROUPS)
    assert set(SCOPES) == set(ApiScope)
    flows = description["components"]["securitySchemes"]["oauth"]["flows"]
    assert set(flows["clientCredentials"]["scopes"]) == {scope.value for scope in ApiScope}


def find_unknown(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [one for key in value for one in find_unknown(value[key], f"{path}/{key}")]
    if isinstance(value, list):
        return [one for part in value for one in find_unknown(part, path)]
    return [path] if value == NOTHING_KNOWN else []


def test_examples_are_what_their_shapes_allow(description: Part) -> None:
    wrong = []
    for name, operation in list_operations(description):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in find(description, body).get("content", {}).values():
                if "example" in content:
                    # The components stand where references look for them.
                    shape = {**content["schema"], "components": description["components"]}
                    errors = Draft202012Validator(shape).iter_errors(content["example"])
                    wrong += [f"{name}: {error.json_path} {error.message}" for error in errors]
                    wrong += [f"{name}: {path}" for path in find_unknown(content["example"])]
    assert wrong == []


def test_requests_take_nothing_unknown(description: Part) -> None:
    """The server refuses unknown fields, so the description must not allow them."""
    open_ones = []
    for name, operation in list_operations(description):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            shape = find(description, content["application/json"]["schema"])
            open_ones += [name] * (shape.get("additionalProperties") is not False)
    assert open_ones == []
