"""The data dictionary: every entity and column, read from the models, exported or why not."""

# ruff: noqa: SLF001 - `_meta` is what Django calls its own public interface.

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import translation
from django.utils.encoding import force_str

from config.data_export.left_out import LEFT_OUT_APPS
from config.data_export.tables import (
    Model,
    describe_columns,
    describe_table,
    list_models,
    tracked_model,
    why_column_left_out,
    why_left_out,
)

# Units by the column's name; an amount of money is in EUR wherever it stands.
UNITS = {
    "EUR": {
        "agreed_cost", "amount", "amount_at_once", "control_sum", "cost", "instalment", "pay",
        "pay_before", "payroll", "premium_change", "total",
        # Of arrears.
        "costs", "interest", "premium",
        # Of the bank, of commission and of tax.
        "base", "charges", "fee", "original_amount", "tax",
    },
    "hours": {"daily_hours", "hours_month"},
    "days": {"covered_days", "days", "pre_notification_days"},
    "percent": {"first_year_percent", "percent", "running_percent"},
    "bytes": {"byte_count"},
    "milliseconds": {"duration_ms"},
}  # fmt: skip
_UNIT_OF = {name: unit for unit, names in UNITS.items() for name in names}
# What django-pghistory adds to a table's columns.
_HISTORY_COLUMNS = {
    "pgh_id": "number of the state",
    "pgh_created_at": "when the state began",
    "pgh_label": "insert, update or delete",
    "pgh_obj": "the row that had the state; it may be gone",
    "pgh_context": "who acted and where, as JSON",
}


def describe_entities() -> list[dict[str, Any]]:
    """All tables of the exported apps by name, those left out too, as data."""
    # German terms whatever language somebody works in: the file is the same everywhere.
    with translation.override("de"):
        return [_describe_entity(model) for model in list_models()]


def _describe_entity(model: Model) -> dict[str, Any]:
    meta = model._meta
    tracked = tracked_model(model)
    is_history = tracked is not model
    return {
        "table": meta.db_table,
        "entity": meta.label,
        "term": str(tracked._meta.verbose_name),
        "history_of": tracked._meta.db_table if is_history else None,
        "meaning": _meaning(model) if not is_history else "",
        "left_out": why_left_out(model) or None,
        "keeps_rows": describe_table(model).keeps_rows,
        "key": [field.column for field in meta.pk_fields],
        "columns": [each for field in meta.concrete_fields for each in _describe(model, field)],
    }


def _describe(model: Model, field: "models.Field[Any, Any]") -> Iterator[dict[str, Any]]:
    reason = why_column_left_out(model, field)
    target = field.remote_field.model if field.remote_field else None
    for column in describe_columns(field):
        yield {
            "column": column.name,
            "term": _term(field),
            "type": column.type_name,
            "stored_as": field.db_type(connection),
            "unit": _UNIT_OF.get(field.name),
            "null": field.null or column.name.endswith("_last_day"),
            "choices": [[value, force_str(word)] for value, word in field.flatchoices],
            "references": target._meta.db_table if target else None,
            "left_out": reason or None,
        }


def _term(field: "models.Field[Any, Any]") -> str:
    if field.name in _HISTORY_COLUMNS:
        return _HISTORY_COLUMNS[field.name]
    name = str(field.verbose_name)
    # Without a name of its own a reference is called as what it points at.
    if field.remote_field and name == field.name.replace("_", " "):
        return str(field.remote_field.model._meta.verbose_name)
    return name


def _meaning(model: Model) -> str:
    """What the class says of itself, on one line; nothing where Django wrote it."""
    text = model.__doc__ or ""
    return "" if text.startswith(f"{model.__name__}(") else " ".join(text.split())


def write_dictionary() -> Iterator[str]:
    """The dictionary as lines of Markdown."""
    yield from _INTRODUCTION.splitlines()
    yield ""
    for entity in describe_entities():
        yield from _write_entity(entity)
    yield "## Apps that are in no export"
    yield ""
    installed = {config.label for config in apps.get_app_configs()}
    for label, reason in LEFT_OUT_APPS.items():
        if label in installed:
            yield f"* `{label}`: {reason}"


_INTRODUCTION = """# Data dictionary

Written from the models by `manage.py data_dictionary`; do not edit it by hand. An export has the
same as data in its `dictionary.json`.

Types are those of the export: a period is two columns, both days inclusive, the last empty while
no end is known; JSON is text; moments are in UTC. "Left out" says why a column is in no export.
Rows of tables marked "rows are kept" are never deleted."""


def _write_entity(entity: dict[str, Any]) -> Iterator[str]:
    yield f"## {entity['table']}"
    yield ""
    yield _write_head(entity)
    yield ""
    if entity["left_out"]:
        yield f"**In no export:** {entity['left_out']}."
        yield ""
    if entity["history_of"]:
        yield from _write_history(entity)
        return
    yield "| Column | Term | Type | Unit | Null | Choices | Reference | Left out |"
    yield "|---|---|---|---|---|---|---|---|"
    for column in entity["columns"]:
        yield _write_column(column)
    yield ""


def _write_head(entity: dict[str, Any]) -> str:
    if entity["history_of"]:
        return f"Every state of `{entity['history_of']}` ({entity['term']}); rows are kept."
    kept = " Rows are kept." if entity["keeps_rows"] else ""
    meaning = f" {entity['meaning']}" if entity["meaning"] else ""
    return f"`{entity['entity']}` ({entity['term']}).{meaning}{kept}"


def _write_history(entity: dict[str, Any]) -> Iterator[str]:
    """A history table has its table's columns: only what is added is worth a line."""
    for column in entity["columns"]:
        if column["column"].startswith("pgh_"):
            yield f"* `{column['column']}` ({column['type']}): {column['term']}"
    others = ", ".join(
        f"`{column['column']}`"
        for column in entity["columns"]
        if not column["column"].startswith("pgh_") and not column["left_out"]
    )
    yield f"* as there: {others}"
    yield ""


def _write_column(column: dict[str, Any]) -> str:
    choices = "; ".join(f"`{value}` {word}" for value, word in column["choices"])
    cells = (
        f"`{column['column']}`",
        column["term"],
        column["type"],
        column["unit"] or "",
        "yes" if column["null"] else "",
        choices,
        f"`{column['references']}`" if column["references"] else "",
        column["left_out"] or "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
