"""What happened to a contract, an employer, a broker or a user: one list, newest first.

Its events (`history_sources`) are gathered by one statement; what a row said before is looked up
only for those shown.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

from aupolicy.kernel.period import ONE_DAY
from portal.queries.insurer.history_sources import RECORDS, TRACKED, Kind, Record, Subject

PAGE_SIZE = 40


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What the list is narrowed to: a kind, and days of the insurer's time, both inclusive."""

    kind: Kind | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field from what to what; keys of other rows are already names, other values raw."""

    field: models.Field[Any, Any]
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event.

    `model` is set for changes of a tracked table (label insert, update, delete); else `event`
    is one of the keys of records and `data` its words.
    """

    at: datetime
    actor: str
    label: str
    model: type[models.Model] | None
    event: str
    data: Mapping[str, Any]
    changes: tuple[Change, ...]


def list_history(
    subject: Subject, key: int, *, wanted: HistoryFilter, page: int
) -> tuple[list[Entry], bool]:
    """One page of a history, newest first, and whether older entries follow."""
    query = _build_query(subject, wanted)
    parameters: dict[str, Any] = {
        "id": key,
        "zone": settings.TIME_ZONE,
        "first": wanted.first_day,
        "after": wanted.last_day + ONE_DAY if wanted.last_day else None,
        "limit": PAGE_SIZE + 1,
        "offset": (page - 1) * PAGE_SIZE,
    }
    if query is None:
        return [], False
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        columns = [column.name for column in cursor.description or ()]
        rows = [_read_row(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]
    names = _read_names(rows[:PAGE_SIZE])
    return [_entry(row, names) for row in rows[:PAGE_SIZE]], len(rows) > PAGE_SIZE


def _read_row(row: dict[str, Any]) -> dict[str, Any]:
    """Django leaves it to its fields to read JSON."""
    row["data"] = json.loads(row["data"])
    row["before"] = json.loads(row["before"]) if row["before"] else {}
    return row


def _build_query(subject: Subject, wanted: HistoryFilter) -> sql.Composed | None:
    tracked = [name for name in TRACKED if _is_wanted(*TRACKED[name], subject, wanted)]
    parts = [_tracked_part(name, TRACKED[name][1][subject]) for name in tracked]
    parts += [
        _record_part(name, record, condition)
        for name, record in RECORDS.items()
        if wanted.kind in {None, record.kind} and (condition := record.find_condition(subject))
    ]
    if not parts:
        return None
    before = sql.SQL(" ").join(_before_part(name) for name in tracked) if tracked else None
    case = sql.SQL("CASE source {} END").format(before) if before else sql.SQL("NULL::jsonb")
    return sql.SQL(
        "WITH found AS MATERIALIZED (SELECT * FROM ({parts}) AS all_events (source, id, obj, at,"
        " label, actor, user_id, data) WHERE (%(first)s::date IS NULL OR"
        " at >= %(first)s::date::timestamp AT TIME ZONE %(zone)s) AND (%(after)s::date IS NULL OR"
        " at < %(after)s::date::timestamp AT TIME ZONE %(zone)s)"
        " ORDER BY at DESC, source, id DESC LIMIT %(limit)s OFFSET %(offset)s)"
        " SELECT found.*, {case} AS before FROM found ORDER BY at DESC, source, id DESC"
    ).format(parts=sql.SQL(" UNION ALL ").join(parts), case=case)


def _is_wanted(
    kind: Kind, conditions: Mapping[Subject, str], subject: Subject, wanted: HistoryFilter
) -> bool:
    return subject in conditions and wanted.kind in {None, kind}


def _events_table(name: str) -> sql.Identifier:
    model = _event_model(name)
    return sql.Identifier(model._meta.db_table)  # noqa: SLF001 -- public by its documentation


def _event_model(name: str) -> type[models.Model]:
    return apps.get_model(f"{name}Event")


def _tracked_part(name: str, condition: str) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}::text, pgh_id, pgh_obj_id, pgh_created_at, pgh_label,"
        " pgh_context ->> 'name', NULL::bigint, to_jsonb(e) FROM {table} e WHERE {condition}"
    ).format(name=sql.Literal(name), table=_events_table(name), condition=sql.SQL(condition))


def _record_part(name: str, record: Record, condition: str) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}::text, id, NULL::bigint, at, ''::text, NULL::text, user_id, words"
        " FROM ({text}) AS record (id, at, user_id, words)"
    ).format(name=sql.Literal(name), text=sql.SQL(record.text.format(which=condition)))


def _before_part(name: str) -> sql.Composed:
    return sql.SQL(
        "WHEN {name} THEN (SELECT to_jsonb(p) FROM {table} p WHERE p.pgh_obj_id = found.obj"
        " AND p.pgh_id < found.id ORDER BY p.pgh_id DESC LIMIT 1)"
    ).format(name=sql.Literal(name), table=_events_table(name))


Names = Mapping[type[models.Model], Mapping[int, str]]


def _read_names(rows: list[dict[str, Any]]) -> Names:
    """The names of all rows that some changes and records point at, one query a table."""
    wanted: dict[type[models.Model], set[int]] = {}
    user_model = apps.get_model(settings.AUTH_USER_MODEL)
    for row in rows:
        if row["user_id"]:
            wanted.setdefault(user_model, set()).add(row["user_id"])
        if row["source"] in TRACKED:
            for field, old, new in _differences(row):
                if field.is_relation:
                    keys = {value for value in (old, new) if value is not None}
                    wanted.setdefault(field.related_model, set()).update(keys)  # type: ignore[arg-type]
    return {
        model: {each.pk: _name(each) for each in _rows(model, keys)}
        for model, keys in wanted.items()
    }


def _rows(model: type[models.Model], keys: set[int]) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = model.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
    return rows


def _name(row: models.Model) -> str:
    full_name = getattr(row, "get_full_name", None)
    return (full_name() if full_name else "") or str(row)


# A file's fingerprint and a row's own keys say nothing to a reader.
# Of a mandate its version tells what `original` would.
_SILENT = ("id", "public_id", "signature_sha256", "original")
_NOTHING: tuple[Any, ...] = ("", False, {}, [])


def _differences(row: Mapping[str, Any]) -> list[tuple[models.Field[Any, Any], Any, Any]]:
    """Fields that differ from the state before; of a first state those that hold something."""
    new, old = row["data"], row["before"]
    found = []
    model = _event_model(row["source"])
    for field in model._meta.concrete_fields:  # noqa: SLF001 -- as above
        if field.name.startswith("pgh_") or field.name in _SILENT:
            continue
        values = old.get(field.column), new.get(field.column)
        if row["label"] == "delete":
            values = values[1], None
        if values[0] != values[1] and not (not row["before"] and values[1] in _NOTHING):
            found.append((field, *values))
    return found


def _entry(row: Mapping[str, Any], names: Names) -> Entry:
    is_change = row["source"] in TRACKED
    users = names.get(apps.get_model(settings.AUTH_USER_MODEL), {})
    return Entry(
        at=row["at"],
        actor=row["actor"] or users.get(row["user_id"] or 0, ""),
        label=row["label"],
        model=apps.get_model(row["source"]) if is_change else None,
        event="" if is_change else row["source"],
        data={} if is_change else row["data"],
        changes=tuple(
            Change(field, _named(field, old, names), _named(field, new, names))
            for field, old, new in _differences(row)
        )
        if is_change
        else (),
    )


def _named(field: models.Field[Any, Any], value: Any, names: Names) -> Any:
    if not field.is_relation or value is None:
        return value
    return names.get(field.related_model, {}).get(value, f"#{value}")  # type: ignore[arg-type]
