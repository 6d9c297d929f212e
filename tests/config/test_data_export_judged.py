"""Every table and column is exported or has a reason why not; what is written says the same."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from config.data_export.dictionary import UNITS, describe_entities, write_dictionary
from config.data_export.left_out import (
    EXPORTED_APPS,
    HARMLESS_TEXTS,
    LEFT_OUT_APPS,
    LEFT_OUT_COLUMNS,
    LEFT_OUT_TABLES,
)
from config.data_export.tables import (
    Model,
    UnableToExportColumn,
    describe_columns,
    list_models,
    list_tables,
    tracked_model,
    why_column_left_out,
    why_left_out,
)
from config.management.commands.data_dictionary import replace_tables
from tests.house.source import PROJECT
from tests.tenancy.owners import MEDICAL

# How secrets and sealed values are called in this product.
_SECRET = re.compile(r"sealed|secret|password|hash|token|private")
# When a token was used is none.
_NO_SECRET = (models.DateField, models.BooleanField, models.IntegerField)
_LONGEST_WORD = 100


def _columns() -> list[tuple[Model, "models.Field[Any, Any]", str]]:
    """The columns of exported tables with their full names; history counts as its table."""
    return [
        (model, field, f"{tracked_model(model)._meta.label}.{field.name}")
        for model in list_models()
        if not why_left_out(model)
        for field in model._meta.concrete_fields
    ]


def test_every_app_with_tables_is_exported_or_says_why_not() -> None:
    with_tables = {config.label for config in apps.get_app_configs() if list(config.get_models())}
    assert with_tables - {*EXPORTED_APPS, *LEFT_OUT_APPS} == set()
    assert not set(EXPORTED_APPS) & set(LEFT_OUT_APPS)


def test_what_is_declared_is_there() -> None:
    labels = {model._meta.label for model in list_models()}
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in list_models()
        for field in model._meta.concrete_fields
    }
    assert set(LEFT_OUT_TABLES) - labels == set()
    assert {*LEFT_OUT_COLUMNS, *HARMLESS_TEXTS} - columns == set()
    assert not set(LEFT_OUT_COLUMNS) & set(HARMLESS_TEXTS)


def test_no_secret_and_nothing_sealed_is_exported() -> None:
    suspects = [
        name
        for _model, field, name in _columns()
        if _SECRET.search(field.name) and not isinstance(field, _NO_SECRET)
    ]
    assert suspects, "nothing looks like a secret: the pattern is wrong"
    assert set(suspects) - set(LEFT_OUT_COLUMNS) == set()


def test_no_table_with_health_data_is_exported() -> None:
    assert MEDICAL & {table.name for table in list_tables()} == set()


def test_every_free_text_of_claims_was_judged() -> None:
    texts = {
        name
        for model, field, name in _columns()
        if model._meta.app_label == "claims" and _is_free_text(field)
    }
    assert {name for name in texts if not name.endswith((".pgh_context", ".pgh_label"))} - {
        *LEFT_OUT_COLUMNS,
        *HARMLESS_TEXTS,
    } == set()


def _is_free_text(field: "models.Field[Any, Any]") -> bool:
    if isinstance(field, models.TextField | models.JSONField):
        return True
    is_long = isinstance(field, models.CharField) and (field.max_length or 0) >= _LONGEST_WORD
    return is_long and not field.flatchoices


def test_history_leaves_out_what_its_table_leaves_out() -> None:
    written = {(table.name, column.name) for table in list_tables() for column in table.columns}
    assert ("claims_assistancecaseevent", "wish") not in written
    assert ("claims_payeeevent", "reason") not in written
    assert ("claims_payeeevent", "iban") in written


def test_every_decimal_has_a_unit() -> None:
    named = {name for names in UNITS.values() for name in names}
    decimals = {
        field.name for _model, field, _name in _columns() if isinstance(field, models.DecimalField)
    }
    assert decimals - named == set()


def test_a_type_that_no_export_knows_is_named() -> None:
    field = models.DurationField()
    field.set_attributes_from_name("lasts")
    with pytest.raises(UnableToExportColumn):
        list(describe_columns(field))


def test_the_dictionary_says_what_is_left_out_and_why() -> None:
    entities = {entity["table"]: entity for entity in describe_entities()}
    assert entities["claims_diagnosis"]["left_out"].startswith("health data")
    columns = {column["column"]: column for column in entities["aupolicy_user"]["columns"]}
    assert columns["password"]["left_out"] == "a secret, hashed"
    assert columns["language"]["choices"] == [["de", "Deutsch"], ["en", "English"]]
    total = next(c for c in entities["billing_statement"]["columns"] if c["column"] == "total")
    assert (total["term"], total["type"], total["unit"]) == ("Betrag", "decimal(14,2)", "EUR")
    event = entities["billing_mandateevent"]
    assert (event["history_of"], event["keeps_rows"]) == ("billing_mandate", True)
    assert all(
        bool(column["left_out"]) == bool(why_column_left_out(model, field))
        for model in list_models()
        for field in model._meta.concrete_fields
        for column in entities[model._meta.db_table]["columns"]
        if column["column"] == field.column
    )


@pytest.mark.parametrize("name", ["data-dictionary.md", "formats.md"])
def test_the_documentation_is_as_the_code_says(name: str) -> None:
    """Otherwise: manage.py data_dictionary."""
    path: Path = PROJECT / "docs" / name
    committed = path.read_text(encoding="utf-8")
    if name == "formats.md":
        assert committed == replace_tables(committed)
    else:
        assert committed == "\n".join(write_dictionary()) + "\n"
