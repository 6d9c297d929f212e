"""Which tables and columns an export has, read from the models."""

# ruff: noqa: SLF001 - `_meta` is what Django calls its own public interface.

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models
from psycopg import sql

from aupolicy.models import PeriodField, PeriodsField
from config.data_export.left_out import EXPORTED_APPS, LEFT_OUT_COLUMNS, LEFT_OUT_TABLES

Model = type[models.Model]

# Made by SQL in the migrations, its guard against UPDATE and DELETE too.
_KEPT_BY_SQL = frozenset({"billing_premiumline"})
_NUMERIC = re.compile(r"numeric\((\d+), (\d+)\)")


class Kind(StrEnum):
    """Types of columns, the same in every format; text also holds JSON and UUIDs."""

    BOOLEAN = "boolean"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    DECIMAL = "decimal"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TEXT = "text"


class UnableToExportColumn(ValueError):
    """A column of a type that no export knows yet; `args` name it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: `source` is the SQL that reads it; of decimals, digits and places."""

    name: str
    kind: Kind
    source: sql.Composable
    field: "models.Field[Any, Any]"
    digits: int = 0
    places: int = 0

    @property
    def type_name(self) -> str:
        """The type as manifest and dictionary name it."""
        if self.kind is Kind.DECIMAL:
            return f"decimal({self.digits},{self.places})"
        return str(self.kind)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of an export. `keeps_rows`: the database lets no row go."""

    name: str
    model: Model
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    keeps_rows: bool

    @property
    def entity(self) -> str:
        """What the table holds, as the code calls it."""
        return self.model._meta.label

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """The columns that name a row."""
        return tuple(column for column in self.columns if column.name in self.keys)


def list_models() -> list[Model]:
    """All models of the exported apps, left out or not, by table name."""
    found = (
        model
        for app in EXPORTED_APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    )
    return sorted(found, key=lambda model: model._meta.db_table)


def list_tables() -> list[Table]:
    """The tables of an export, by name. Raises UnableToExportColumn."""
    return [describe_table(model) for model in list_models() if not why_left_out(model)]


def why_left_out(model: Model) -> str:
    """Why a table is in no export, empty where it is in all."""
    return LEFT_OUT_TABLES.get(tracked_model(model)._meta.label, "")


def why_column_left_out(model: Model, field: "models.Field[Any, Any]") -> str:
    """Why a column is in no export, empty where it is in all."""
    return LEFT_OUT_COLUMNS.get(f"{tracked_model(model)._meta.label}.{field.name}", "")


def tracked_model(model: Model) -> Model:
    """The table that a history table keeps the states of; any other table itself."""
    tracked: Model = getattr(model, "pgh_tracked_model", model)
    return tracked


def describe_table(model: Model) -> Table:
    """A model as a table of an export. Raises UnableToExportColumn."""
    meta = model._meta
    return Table(
        name=meta.db_table,
        model=model,
        columns=tuple(
            column
            for field in meta.concrete_fields
            if not why_column_left_out(model, field)
            for column in describe_columns(field)
        ),
        keys=tuple(_column_name(field) for field in meta.pk_fields),
        keeps_rows=meta.db_table in _KEPT_BY_SQL or _refuses_to_delete(model),
    )


def describe_columns(field: "models.Field[Any, Any]") -> Iterator[Column]:
    """A field as columns: a period as two days, both inclusive. Raises UnableToExportColumn."""
    column = _column_name(field)
    name = sql.Identifier(column)
    if isinstance(field, PeriodField):
        first, last = sql.SQL("lower({})").format(name), sql.SQL("upper({}) - 1").format(name)
        yield Column(f"{column}_first_day", Kind.DATE, first, field)
        yield Column(f"{column}_last_day", Kind.DATE, last, field)
        return
    kind, digits, places = _find_kind(field)
    yield Column(column, kind, _find_source(field, name), field, digits, places)


def _column_name(field: "models.Field[Any, Any]") -> str:
    # Only fields over several columns have none; no table has such a column.
    return field.column or field.name


_KINDS = {
    "boolean": Kind.BOOLEAN,
    "smallint": Kind.INT16,
    "integer": Kind.INT32,
    "bigint": Kind.INT64,
    "date": Kind.DATE,
    "timestamp with time zone": Kind.TIMESTAMP,
    "text": Kind.TEXT,
    "uuid": Kind.TEXT,
    "inet": Kind.TEXT,
    "jsonb": Kind.TEXT,
    "datemultirange": Kind.TEXT,
}


def _find_kind(field: "models.Field[Any, Any]") -> tuple[Kind, int, int]:
    written = field.db_type(connection) or ""
    numeric = _NUMERIC.fullmatch(written)
    if numeric:
        return Kind.DECIMAL, int(numeric[1]), int(numeric[2])
    if written.startswith("varchar"):
        return Kind.TEXT, 0, 0
    if written not in _KINDS:
        raise UnableToExportColumn(str(field), written)
    return _KINDS[written], 0, 0


# Days of several periods as JSON: [{"first_day": "2026-01-01", "last_day": "2026-01-31"}, ...].
_PERIODS = """(SELECT COALESCE(jsonb_agg(jsonb_build_object('first_day', lower(one),
'last_day', upper(one) - 1) ORDER BY one), '[]')::text FROM unnest({}) AS one)"""


def _find_source(field: "models.Field[Any, Any]", name: sql.Identifier) -> sql.Composable:
    written = field.db_type(connection) or ""
    if isinstance(field, PeriodsField):
        return sql.SQL(_PERIODS).format(name)
    if written.endswith("[]"):
        return sql.SQL("to_json({})::text").format(name)
    # As text a boolean is "true" or "false" instead of COPY's "t" or "f".
    return sql.SQL("{}::text").format(name) if written == "boolean" else name


def _refuses_to_delete(model: Model) -> bool:
    return any(_refuses(trigger) for trigger in getattr(model._meta, "triggers", []))


def _refuses(trigger: pgtrigger.Trigger) -> bool:
    """Whether a guard refuses every DELETE, whatever the row."""
    covers = "DELETE" in str(trigger.operation)
    is_guard = isinstance(trigger, pgtrigger.Protect) or "RAISE EXCEPTION" in str(trigger.func)
    return covers and is_guard and trigger.condition is None and trigger.when == pgtrigger.Before
