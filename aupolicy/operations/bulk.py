"""Many rows in one statement.

INSERT ... SELECT FROM unnest(arrays): quicker than the ORM's VALUES lists by a multiple, and
unlike COPY it works under row-level security.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.options import Options
from psycopg import sql

from aupolicy.kernel.period import ONE_DAY, Period

# So many rows go into one statement: the arrays of one are a few megabytes at most.
BATCH = 10_000
_FIRST_DAY = "lower(period)"
_NOTHING = sql.SQL("")
Row = Sequence[Any]


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """The next ids of a table, for rows that other rows of the same step point at."""
    # The name of the sequence is looked up once: for each row it takes longer than the number.
    query = """
        WITH sequence AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS oid)
        SELECT nextval(oid) FROM sequence, generate_series(1, %s)
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [_options(model).db_table, count])
        return [number for (number,) in cursor.fetchall()]


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    unless_there: bool = False,
) -> None:
    """Insert rows of values for the columns `names`; other columns must do without.

    A `Period` is given as text (`range_text`), JSON as text too. With `unless_there`, a row that
    would break a unique constraint is left out.
    """
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    insert = sql.SQL("INSERT INTO {} ({}) SELECT told.* FROM ").format(_table(model), columns)
    after = sql.SQL(" ON CONFLICT DO NOTHING") if unless_there else _NOTHING
    _execute(model, names, rows, before=insert, after=after)


def update_rows(
    model: type[models.Model], keys: Sequence[str], names: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set the columns `names` in the rows that `keys` find; each row has the keys first.

    Among the keys, `lower(period)` stands for the first day of a period.
    """
    changes = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("told", f"v{place}"))
        for place, name in enumerate(names, start=len(keys))
    )
    update = sql.SQL("UPDATE {} AS t SET {} FROM ").format(_table(model), changes)
    _execute(model, [*keys, *names], rows, before=update, after=_found(keys))


def delete_rows(model: type[models.Model], keys: Sequence[str], rows: Sequence[Row]) -> None:
    """Delete the rows that `keys` find; keys as in `update_rows`."""
    delete = sql.SQL("DELETE FROM {} AS t USING ").format(_table(model))
    _execute(model, keys, rows, before=delete, after=_found(keys))


def range_text(period: Period | None) -> str | None:
    """A period as PostgreSQL writes a half-open daterange."""
    if period is None:
        return None
    end = "" if period.last_day is None else str(period.last_day + ONE_DAY)
    return f"[{period.first_day},{end})"


def _options(model: type[models.Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 - Django's public way to a model's table


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(_options(model).db_table)


def _found(keys: Sequence[str]) -> sql.Composable:
    conditions = [
        sql.SQL("{} = {}").format(_key(key), sql.Identifier("told", f"v{place}"))
        for place, key in enumerate(keys)
    ]
    return sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions)


def _key(name: str) -> sql.Composable:
    if name == _FIRST_DAY:
        return sql.SQL("lower(t.period)")
    return sql.Identifier("t", name)


def _execute(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Row],
    *,
    before: sql.Composable,
    after: sql.Composable = _NOTHING,
) -> None:
    types = {f.column: str(f.db_type(connection)) for f in _options(model).concrete_fields}
    types[_FIRST_DAY] = "date"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            columns = list(zip(*rows[start : start + BATCH], strict=True))
            told, values = _tell([types[name] for name in names], columns)
            cursor.execute(before + told + after, values)


def _tell(
    types: Sequence[str], columns: Sequence[tuple[Any, ...]]
) -> tuple[sql.Composable, list[Any]]:
    """The rows as a table `told` with columns v0, v1, ..., and the values it asks for.

    Most columns of many rows hold one value only: that is sent once.
    """
    # The first column is the key, so that there is a row for each.
    single = [place > 0 and len(set(column)) == 1 for place, column in enumerate(columns)]
    shown: list[sql.Composable] = []
    arrays: list[sql.Composable] = []
    names: list[sql.Composable] = []
    for place, kind in enumerate(types):
        name = sql.Identifier(f"v{place}")
        if single[place]:
            shown.append(sql.SQL("%s::{} AS {}").format(sql.SQL(kind), name))
        else:
            shown.append(name)
            names.append(name)
            arrays.append(sql.SQL("%s::{}[]").format(sql.SQL(kind)))
    comma = sql.SQL(", ")
    told = sql.SQL("(SELECT {} FROM unnest({}) AS many({})) AS told").format(
        comma.join(shown), comma.join(arrays), comma.join(names)
    )
    once = [column[0] for place, column in enumerate(columns) if single[place]]
    many = [_array(column) for place, column in enumerate(columns) if not single[place]]
    return told, [*once, *many]


def _array(values: tuple[Any, ...]) -> list[Any] | str:
    """An array for the driver; of texts written here, which takes a fraction of the time."""
    if not isinstance(next((value for value in values if value is not None), None), str):
        return list(values)
    parts = [
        "NULL" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    ]
    return "{" + ",".join(parts) + "}"
