"""Whether an answer is what the description says of it."""

from functools import cache
from typing import Any

from django.http.response import HttpResponseBase
from jsonschema import Draft202012Validator

from api.views.schema import make_description


@cache
def _describe() -> dict[str, Any]:
    return make_description(address="http://127.0.0.1")


def find_operation(name: str) -> dict[str, Any]:
    """An operation by its operationId."""
    for methods in _describe()["paths"].values():
        for operation in methods.values():
            if isinstance(operation, dict) and operation.get("operationId") == name:
                return operation
    raise LookupError(name)


def read_as_described(name: str, response: HttpResponseBase) -> Any:
    """The body of an answer, which must have a status and a shape that the description knows."""
    told = find_operation(name)["responses"][str(response.status_code)]
    while "$ref" in told:
        told = _describe()["components"]["responses"][told["$ref"].rpartition("/")[2]]
    kind = response["Content-Type"].partition(";")[0]
    schema = told["content"][kind]["schema"]
    if kind.endswith("json"):
        body = response.json()  # type: ignore[attr-defined]
        whole = schema | {"components": _describe()["components"]}
        errors = [error.message for error in Draft202012Validator(whole).iter_errors(body)]
        assert not errors, errors
        return body
    return b"".join(response)
