"""An export: one folder, a file for each table, all of one moment, written whole or not at all."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import Cursor, sql

from config.data_export.dictionary import describe_entities
from config.data_export.files import Format, WrittenFile, write_file
from config.data_export.position import (
    Position,
    UnableToContinue,
    check_continues,
    read_position,
    rows_of,
    rows_since,
)
from config.data_export.tables import Column, Table, list_tables

MANIFEST, DICTIONARY = "manifest.json", "dictionary.json"
_VERSION = 1


class UnableToExport(ValueError):
    """There will be no export; `code` says why, `params` what it is about."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: the folder, how many tables and rows."""

    folder: Path
    kind: str
    tables: int
    rows: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier export to go on from: where it stood, and each table's columns with types."""

    position: Position
    columns: Mapping[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class _Run:
    """An export while it is written."""

    cursor: Cursor[Any]
    work: Path
    file_format: Format
    position: Position
    earlier: Earlier | None

    def write(self, name: str, columns: tuple[Column, ...], source: sql.Composable) -> WrittenFile:
        return write_file(self.cursor, self.work / f"{name}.{self.file_format}", columns, source)


def export_data(
    *, folder: Path, file_format: Format, now: datetime, since: Path | None = None
) -> Export:
    """Write every exported table, or what changed since the export in the folder `since`.

    The folder appears when everything is in it. Raises UnableToExport, and OSError where the disk
    refuses; then nothing is left.
    """
    if folder.exists():
        raise UnableToExport("FOLDER_EXISTS", folder=str(folder))
    earlier = read_earlier(since) if since is not None else None
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = folder.with_name(f".{folder.name}.{os.getpid()}")
    # What is in it is for its owner alone: pay, accounts, who was ill when.
    work.mkdir(mode=0o700)
    try:
        manifest = _write_everything(work, file_format, now, earlier)
        _write_json(work / DICTIONARY, {"entities": describe_entities()})
        _write_json(work / MANIFEST, manifest)
        _sync_folder(work)
        work.rename(folder)
        _sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    tables = manifest["tables"]
    return Export(folder, manifest["kind"], len(tables), sum(table["rows"] for table in tables))


def read_earlier(folder: Path) -> Earlier:
    """Where an earlier export stood, by its manifest. Raises UnableToExport."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Earlier(
            position=Position.from_data(manifest["position"]),
            columns={table["table"]: table["columns"] for table in manifest["tables"]},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnableToExport("NO_EARLIER", folder=str(folder)) from error


def _write_everything(
    work: Path, file_format: Format, now: datetime, earlier: Earlier | None
) -> dict[str, Any]:
    tables = list_tables()
    with _one_moment(tables) as cursor:
        position = read_position(cursor)
        if earlier is not None:
            _check(position, earlier)
        run = _Run(cursor, work, file_format, position, earlier)
        written = [_write_table(run, table) for table in tables]
    return {
        "version": _VERSION,
        "kind": "full" if earlier is None else "incremental",
        "moment": now.isoformat(),
        "format": str(file_format),
        "position": position.as_data(),
        "since": None if earlier is None else earlier.position.as_data(),
        "tables": written,
    }


def _check(position: Position, earlier: Earlier) -> None:
    try:
        check_continues(position, earlier.position)
    except UnableToContinue as error:
        raise UnableToExport(error.code) from error


@contextmanager
def _one_moment(tables: list[Table]) -> Iterator[Cursor[Any]]:
    """A cursor in a transaction that sees one moment, on a connection of its own.

    The tables are locked against changes of their columns before the moment is fixed: a table
    rewritten after it would look empty. Reading and writing rows go on beside.
    """
    own = connection.copy()
    own.connect()
    try:
        with own.connection.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # Days and moments as written here, whatever the server is set to.
            cursor.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'")
            cursor.execute("SET LOCAL statement_timeout = 0")
            names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names))
            yield cursor
            cursor.execute("COMMIT")
    finally:
        own.close()


def _write_table(run: _Run, table: Table) -> dict[str, Any]:
    columns = [[column.name, column.type_name] for column in table.columns]
    everything = rows_of(table.name, run.position)
    is_whole = run.earlier is None or run.earlier.columns.get(table.name) != columns
    wanted = everything
    if run.earlier is not None and not is_whole:
        wanted = rows_since(table.name, run.earlier.position, run.position)
    written = run.write(table.name, table.columns, _source(table, wanted))
    keys: WrittenFile | None = None
    if not is_whole and not table.keeps_rows:
        keys = run.write(f"{table.name}.keys", table.key_columns, _source(table, everything))
    return {
        "table": table.name,
        "entity": table.entity,
        **written.as_data(),
        "columns": columns,
        "key": list(table.keys),
        "whole": is_whole,
        "keys": keys.as_data() if keys else None,
    }


def _source(table: Table, condition: sql.Composable) -> sql.Composable:
    return sql.SQL("{} WHERE {}").format(sql.Identifier(table.name), condition)


def _write_json(path: Path, data: object) -> None:
    with path.open("x", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
