"""How operations describe themselves (OpenAPI 3.1); what all have in common is added here."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from api.serializers.problems import ProblemSerializer
from aupolicy.facts.machine import ApiScope

Handler = TypeVar("Handler", bound=Callable[..., Any])

PDF = "application/pdf"
_PROBLEM = "application/problem+json"
# What any operation may answer, whatever it does.
_ALWAYS = {
    400: "The request cannot be read.",
    401: "No key, or none that is in force.",
    403: "The key may not do this, or not from here.",
    404: "There is no such thing, or it is not yours.",
    405: "The address knows other methods.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
}
_WITH_BODY = {
    409: "Idempotency-Key stands for another request, or the state does not allow this.",
    412: "It has changed since it was read (If-Match).",
    413: "The body is too large.",
    415: "The body has a type that is not read here.",
    422: "The request can be read and cannot be done; `errors` says why.",
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Your own key of this request, up to 255 visible ASCII characters. Sent again"
    " within seven days with the same body it gets the same answer and does nothing.",
)


class DescribedSchema(AutoSchema):
    """Adds the scope, the security and the problems every operation may answer with."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Key or token; a token must have the scope."""
        scope = self._scope()
        return [{"key": []}, {"oauth": [scope.value] if scope else []}]

    def get_description(self) -> str:
        """The operation's text, and the scope it needs."""
        text = super().get_description() or ""
        scope = self._scope()
        needs = f"Needs the scope `{scope.value}`." if scope else "Needs no scope."
        return f"{text.strip()}\n\n{needs}".strip()

    def _scope(self) -> ApiScope | None:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "scope", None)


def describe(
    name: str,
    summary: str,
    *,
    answer: Any,
    status: int = 200,
    body: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    group: str,
    more: dict[Any, Any] | None = None,
    text: str = "",
    deprecated: bool = False,
) -> Callable[[Handler], Handler]:
    """Describe an operation: `name` is its operationId, `answer` what it gives with `status`.

    `more` are further answers as drf-spectacular takes them; the usual problems need not be named.
    """
    problems = _ALWAYS | (_WITH_BODY if body is not None or name_writes(name) else {})
    responses: dict[Any, Any] = {
        (code, _PROBLEM): OpenApiResponse(ProblemSerializer, description=why)
        for code, why in problems.items()
    }
    responses |= {status: answer} | (more or {})
    keyed = [IDEMPOTENCY_KEY] if body is not None or name_writes(name) else []
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=text,
        request=body,
        responses=responses,
        parameters=[*parameters, *keyed],
        tags=[group],
        deprecated=deprecated,
    )


def name_writes(name: str) -> bool:
    """Whether an operation changes something, by its name."""
    return not name.startswith(("get", "list", "download"))
