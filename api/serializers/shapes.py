"""Shapes of bodies, made of the tables of fields that read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.parsing.fields import Field

AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
MONEY = r"^-?[0-9]+\.[0-9]{2}$"
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
Shape = type[serializers.Serializer[Any]]


def make_shape(
    name: str,
    help_text: str,
    fields: Sequence[Field],
    more: Mapping[str, serializers.Field[Any, Any, Any, Any]] | None = None,
) -> Shape:
    """The shape of an object that `api.parsing.fields.Reader` reads, for the description only."""
    examples = {field.name: make_example(field) for field in fields if field.example}
    # Nothing but these fields is taken (UNKNOWN_FIELD).
    shape: dict[str, Any] = {"__doc__": help_text, "examples": examples, "closed": True}
    shape |= {field.name: _shape_of(field) for field in fields}
    return type(f"{name}Serializer", (serializers.Serializer,), shape | dict(more or {}))


def make_example(field: Field) -> Any:
    """The example of a field, of the type that it has in JSON."""
    match field.kind:
        case "flag":
            return field.example == "true"
        case "count":
            return int(field.example)
        case _:
            return field.example


def money(help_text: str, **options: Any) -> serializers.CharField:
    """EUR as text; may be negative."""
    return MoneyField(help_text=help_text, **options)


@extend_schema_field({"type": "string", "pattern": MONEY})
class MoneyField(serializers.CharField):
    """EUR as text with two decimals, such as "6.80" or "-6.80"."""


def _shape_of(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    common = {"help_text": field.help, "required": field.required}
    match field.kind:
        case "choice":
            return serializers.ChoiceField(choices=list(field.choices), **common)
        case "day":
            return serializers.DateField(**common)
        case "moment":
            return serializers.DateTimeField(**common)
        case "flag":
            return serializers.BooleanField(**common)
        case "count":
            return serializers.IntegerField(min_value=field.least, max_value=field.most, **common)
        case _:
            return _shape_of_text(field, common)


def _shape_of_text(field: Field, common: dict[str, Any]) -> serializers.Field[Any, Any, Any, Any]:
    pattern = {"month": MONTH, "amount": AMOUNT}.get(field.kind, field.pattern)
    if pattern:
        return serializers.RegexField(pattern, max_length=field.longest, **common)
    return serializers.CharField(max_length=field.longest, allow_blank=not field.required, **common)
