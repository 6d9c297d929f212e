"""Everything that billing and the letters have stored, in a form that two databases share."""

import hashlib
import re
from pathlib import Path

from psycopg import sql

from benchmarks.database import Connection

Books = dict[str, list[str]]

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND (c.relname ~ '^(billing|documents)_' OR c.relname = 'aupolicy_workitem')
    AND c.relname !~ '_run_[0-9]+$'
ORDER BY c.relname
"""
# Keys of rows that the chain makes: they differ once a transaction was rolled back.
_KEYS = """
SELECT c.conrelid::regclass::text, a.attname
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.contype = 'f' AND c.confrelid::regclass::text ~ '^(billing|documents)_'
    AND c.confrelid::regclass::text <> 'billing_mandate'
UNION SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE atttypid = 'uuid'::regtype
"""
# Keys without a constraint, a digest over keys (the audit proves it), times of the database.
_OTHERS = ("id", "run_id", "tariff_id", "subject", "digest")
_BY_THE_CLOCK = {"documents_document": "created_at"}
_ROWS = "SELECT (to_jsonb(t) - %s::text[])::text AS row FROM {} t ORDER BY row"


def read_books(connection: Connection) -> Books:
    """Every row of every table, without keys that only tell the order of things."""
    drop: dict[str, list[str]] = {}
    for table, column in connection.execute(_KEYS):
        drop.setdefault(table, []).append(column)
    books: Books = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        columns = [*_OTHERS, *drop.get(table, []), _BY_THE_CLOCK.get(table, "id")]
        rows = connection.execute(sql.SQL(_ROWS).format(sql.Identifier(table)), [columns])
        books[table] = [row for (row,) in rows]
    return books


def tell_difference(expected: Books, found: Books) -> list[str]:
    """Rows that only one of both has, with their table; nothing if they are equal."""
    return [
        f"{table} {sign} {row}"
        for table in sorted({*expected, *found})
        for sign, one, other in (
            ("-", expected.get(table, []), found.get(table, [])),
            ("+", found.get(table, []), expected.get(table, [])),
        )
        for row in _minus(one, other)
    ]


def _minus(one: list[str], other: list[str]) -> list[str]:
    rest = list(one)
    for row in other:
        if row in rest:
            rest.remove(row)
    return rest


def read_files(folder: Path) -> dict[str, str]:
    """Every kept file by its path, with its digest; a draft left by a killed process is none."""
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not re.search(r"^tmp|^\..*\.part$", path.name)
    }
    for path, digest in found.items():
        name = Path(path).name
        assert name.endswith(".xml") or name == digest, f"torn: {path}"
    return found
