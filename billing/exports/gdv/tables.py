"""The field tables of `fields/`: one file per kind of record, line of business and part.

Their keys: `at`, `length`, `kind`, `decimals` as the association gives them; `name` is what our
code calls a field, `key` stands for the fields we neither fill nor sum; `label` is the German
name. Of the signs the association's tables say only that "+" is usual, so they are of a kind of
their own. The header's 16 digits for the period are two days here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aupolicy.parsing import load_yaml
from billing.facts.gdv import Field, FieldKind, RecordTable

_FOLDER = Path(__file__).with_name("fields")
GENERAL_LINE = "000"
_BY_LINE = frozenset({"0210", "0220"})


@cache
def list_tables() -> tuple[RecordTable, ...]:
    """All tables, by record, line and part."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.yaml")))


@cache
def get_table(name: str) -> RecordTable:
    """The table of a name such as "0200-1" or "0220.030-2". Raises LookupError."""
    for table in list_tables():
        if table.name == name:
            return table
    raise LookupError(f"no GDV table {name!r}")


def find_table(raw: bytes, *, general_line: str = GENERAL_LINE) -> RecordTable | None:
    """The table of a record, None for one we have no table for.

    `general_line` is a line of business without tables of its own, whose records 0210 and 0220
    follow the general ones ("000").
    """
    record, line = raw[:4].decode("latin-1"), ""
    if record in _BY_LINE:
        line = raw[10:13].decode("latin-1")
        if (record, line) not in _candidates() and line == general_line:
            line = GENERAL_LINE
    candidates = _candidates().get((record, line), ())
    return next((table for table in candidates if table.fits(raw)), None)


@cache
def _candidates() -> Mapping[tuple[str, str], tuple[RecordTable, ...]]:
    found: dict[tuple[str, str], tuple[RecordTable, ...]] = {}
    for table in list_tables():
        place = (table.record, table.line)
        found[place] = (*found.get(place, ()), table)
    return found


def _read(path: Path) -> RecordTable:
    data = load_yaml(path.read_text(encoding="utf-8"))
    return RecordTable(
        record=data["record"],
        line=data.get("line", ""),
        part=int(data["part"]),
        version=data["version"],
        fields=tuple(_field(item) for item in data["fields"]),
    )


def _field(item: Mapping[str, Any]) -> Field:
    return Field(
        at=int(item["at"]),
        length=int(item["length"]),
        kind=FieldKind(item["kind"]),
        name=item.get("name", item["key"]),
        label=item["label"],
        decimals=int(item.get("decimals", 0)),
        constant=item.get("constant", ""),
        right=item.get("align") == "right",
        cut=item.get("cut") == "true",
    )
