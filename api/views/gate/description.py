"""How operations describe themselves (OpenAPI 3.1); what all have in common is added here."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema

from api.serializers.problems import ProblemSerializer
from aupolicy.facts.machine import ApiScope

Handler = TypeVar("Handler", bound=Callable[..., Any])

PDF = "application/pdf"


class DescribedSchema(AutoSchema):
    """Adds the security, examples, and the shape of problems; the rest is `gate.completion`."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Key or token; a token must have the scope."""
        scope = self._scope()
        return [{"key": []}, {"oauth": [scope.value] if scope else []}]

    def get_description(self) -> str:
        """The operation's text, and that it will go if it will."""
        text = super().get_description() or ""
        told = (text.strip(), str(self._told_by_handler("deprecated") or ""))
        return "\n\n".join(part for part in told if part)

    def is_deprecated(self) -> bool:
        """Whether the gate says so in every answer."""
        return self._told_by_handler("deprecated") is not None

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        """Shapes of requests also tell their examples, and that nothing else is taken."""
        map_shape: Any = super()._map_basic_serializer
        shape: dict[str, Any] = map_shape(serializer, direction)
        for name, example in getattr(serializer, "examples", {}).items():
            if name in shape.get("properties", {}):
                shape["properties"][name]["examples"] = [example]
        if getattr(serializer, "closed", False):
            shape["additionalProperties"] = False
        return shape

    def _map_serializer_field(self, *args: Any, **options: Any) -> dict[str, Any] | None:
        """Without what drf-spectacular notes for itself."""
        map_field: Any = super()._map_serializer_field
        shape: dict[str, Any] | None = map_field(*args, **options)
        if shape:
            shape.pop("x-spec-enum-id", None)
        return shape

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        """Every operation can answer with a problem, so its shape is always told."""
        self.resolve_serializer(ProblemSerializer, "response")
        found: dict[str, Any] = super()._get_response_bodies(direction)
        return found

    def _scope(self) -> ApiScope | None:
        scope: ApiScope | None = self._told_by_handler("scope")
        return scope

    def _told_by_handler(self, name: str) -> Any:
        return getattr(getattr(self.view, self.method.lower(), None), name, None)


def describe(
    name: str,
    summary: str,
    *,
    answer: Any,
    status: int | tuple[int, str] = 200,
    body: Any = None,
    parameters: Sequence[OpenApiParameter] = (),
    group: str,
    more: dict[Any, Any] | None = None,
    text: str = "",
    if_match: bool = False,
) -> Callable[[Handler], Handler]:
    """Describe an operation: `name` is its operationId, `answer` what it gives with `status`.

    Beside a status stands the media type where it is not JSON: (200, "application/pdf").

    `more` are further answers as drf-spectacular takes them; `if_match` says that it can be asked
    to change only what has not changed since. Headers and problems need not be named: what an
    operation has of them follows from its method, body and parameters (`gate.completion`).
    """
    conditions = [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)] if if_match else []
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=text,
        request=body,
        responses={status: answer} | (more or {}),
        parameters=[*parameters, *conditions],
        tags=[group],
    )
