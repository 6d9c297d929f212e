"""Where an export stood: what is newer than it, and how to be sure that nothing is missed.

A row counts as new since an export if the transaction that wrote it is not older than every
transaction that was open at the export's snapshot (`oldest`). PostgreSQL keeps the writing
transaction of each row version in `xmin`, for inserts, updates and COPY alike.

* Transactions open during the earlier export: its snapshot did not see their rows. Their ids, and
  those of their savepoints, which a snapshot does not list, are not below `oldest`: their rows are
  exported by the next one. What others committed meanwhile is not below it either and comes a
  second time. So nothing is missed, and rows may repeat.
* Wraparound: `xmin` has the last 32 bits of a 64-bit count. It is read as the latest id before
  now with these bits. For rows older than 2**32 transactions that is later than the truth: they
  may repeat, and are not missed. Freezing changes nothing, as it keeps `xmin`.
* Rows that come with a partition: the lines of a run are written before it is posted, into a
  table that is no part of billing_premiumline yet. So partitions that were not attached at the
  earlier export are exported whole, whatever the age of their rows.
* Columns that come with a migration change no `xmin`: a table whose columns are not those of the
  earlier export is exported whole.
* Another database, or one restored to an earlier moment (another timeline), has other
  transactions under the same ids: there is no incremental export from there.

Deleted rows leave nothing behind. For tables that let rows go an incremental export has a second
file with the keys of all rows there are; what is not among them is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor, sql

_BITS = 4294967295
# Below are the ids that PostgreSQL gives to rows of its own making and, before 9.4, frozen ones.
_FIRST_ORDINARY = 3
_WHERE = """
SELECT s.system_identifier::text, c.timeline_id, d.oid::bigint,
    pg_current_snapshot()::text,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
WHERE d.datname = current_database()
"""
_PARTITIONS = """
SELECT p.relname, COALESCE(array_agg(i.inhrelid::bigint ORDER BY i.inhrelid)
    FILTER (WHERE i.inhrelid IS NOT NULL), '{}')
FROM pg_class p LEFT JOIN pg_inherits i ON i.inhparent = p.oid
WHERE p.relkind = 'p' AND p.relnamespace = 'public'::regnamespace
GROUP BY p.relname
"""


class UnableToContinue(ValueError):
    """No export can begin where the earlier one stood; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Position:
    """A moment of a database: `oldest` is the first transaction it may not have seen whole.

    `following` is the first that it has not seen at all. `partitions` are the tables that belong
    to each partitioned one, by PostgreSQL's own numbers.
    """

    system: str
    timeline: int
    database: int
    snapshot: str
    oldest: int
    following: int
    partitions: Mapping[str, tuple[int, ...]]

    def as_data(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "system": self.system,
            "timeline": self.timeline,
            "database": self.database,
            "snapshot": self.snapshot,
            "oldest": self.oldest,
            "following": self.following,
            "partitions": {name: list(oids) for name, oids in self.partitions.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Position":
        """From a manifest. Raises KeyError, TypeError or ValueError where it is none."""
        return cls(
            system=str(data["system"]),
            timeline=int(data["timeline"]),
            database=int(data["database"]),
            snapshot=str(data["snapshot"]),
            oldest=int(data["oldest"]),
            following=int(data["following"]),
            partitions={name: tuple(oids) for name, oids in data["partitions"].items()},
        )


def read_position(cursor: Cursor[Any]) -> Position:
    """Where the cursor's transaction stands; it must be at REPEATABLE READ."""
    row = cursor.execute(_WHERE).fetchone()
    assert row is not None  # noqa: S101 - one database, one control file
    system, timeline, database, snapshot, oldest, following = row
    partitions = {name: tuple(oids) for name, oids in cursor.execute(_PARTITIONS).fetchall()}
    return Position(system, timeline, database, snapshot, oldest, following, partitions)


def check_continues(now: Position, since: Position) -> None:
    """Refuse to go on from a position of another database or another past.

    Raises UnableToContinue.
    """
    if (now.system, now.database) != (since.system, since.database):
        raise UnableToContinue("OTHER_DATABASE")
    if now.timeline != since.timeline or now.following < since.following:
        raise UnableToContinue("OTHER_PAST")


def rows_of(table: str, now: Position) -> sql.Composable:
    """The condition for the rows that a table has at a position.

    A partition attached while the export runs would be seen before what belongs to it.
    """
    if table not in now.partitions:
        return sql.SQL("true")
    return sql.SQL("tableoid = ANY ({}::oid[])").format(list(now.partitions[table]))


def rows_since(table: str, since: Position, now: Position) -> sql.Composable:
    """The condition for a table's rows that may be new or changed since an earlier position."""
    age = sql.SQL("(({following} - xmin::text::bigint) & {bits})").format(
        following=sql.Literal(now.following), bits=sql.Literal(_BITS)
    )
    is_new = sql.SQL("(xmin::text::bigint >= {first} AND {age} <= {since})").format(
        first=sql.Literal(_FIRST_ORDINARY),
        age=age,
        since=sql.Literal(now.following - since.oldest),
    )
    joined = set(now.partitions.get(table, ())) - set(since.partitions.get(table, ()))
    if joined:
        attached = sql.SQL("tableoid = ANY ({}::oid[])").format(sorted(joined))
        is_new = sql.SQL("({} OR {})").format(is_new, attached)
    return sql.SQL("({} AND {})").format(rows_of(table, now), is_new)
