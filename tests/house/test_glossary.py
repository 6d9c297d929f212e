"""One German term, one English identifier: every table stands in the glossary."""

import re
from collections import Counter

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation

from tests.house.source import APPS, PROJECT

GLOSSARY = PROJECT / "docs" / "glossary.md"


def read_glossary(text: str) -> list[tuple[str, set[str]]]:
    """The rows of the table `| German | Identifier | ... |`: the German cell, the identifiers."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("|") and len(cells) >= 3 and not set(cells[0]) <= set("-: "):
            rows.append((cells[0], set(re.findall(r"`(\w+)`", cells[1]))))
    return rows[1:]


def find_missing(model: type[Model], rows: list[tuple[str, set[str]]]) -> list[str]:
    """What the glossary lacks about a model: its identifier, or its German name beside it."""
    identifier = model.__name__
    german = [cell for cell, identifiers in rows if identifier in identifiers]
    if not german:
        return [f"{identifier}: no row"]
    with translation.override("de"):
        name = str(model._meta.verbose_name)
    if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", cell) for cell in german):
        return [f"{identifier}: {name!r} is not in its row"]
    return []


def list_models() -> list[type[Model]]:
    """The tables of our apps, without those that keep the history of another one."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]


def test_every_table_stands_in_the_glossary() -> None:
    rows = read_glossary(GLOSSARY.read_text(encoding="utf-8"))
    assert [finding for model in list_models() for finding in find_missing(model, rows)] == []


def test_no_identifier_has_two_german_terms() -> None:
    rows = read_glossary(GLOSSARY.read_text(encoding="utf-8"))
    used = Counter(name for _german, names in rows for name in names)
    assert [name for name, times in used.items() if times > 1] == []


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ("| Arbeitgeber, Versicherungsnehmer | `Employer` | signs |", []),
        ("| Kunde | `Employer` | signs |", ["Employer: 'Arbeitgeber' is not in its row"]),
        ("| Vermittler | `Broker` | advises |", ["Employer: no row"]),
    ],
)
def test_a_gap_is_found(row: str, missing: list[str]) -> None:
    table = f"| German | Identifier | Meaning |\n|---|---|---|\n{row}\n"
    employer = apps.get_model("aupolicy", "Employer")
    assert find_missing(employer, read_glossary(table)) == missing
