"""Databases for the time of a measurement: created, copied and dropped on the given server."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[1]

Connection = psycopg.Connection[tuple[Any, ...]]


def _drop(connection: Connection, name: str) -> None:
    # Not with force at first: that may not end an autovacuum, which gives way to this.
    drop = sql.SQL("DROP DATABASE {}").format(sql.Identifier(name))
    try:
        connection.execute(drop)
    except psycopg.errors.ObjectInUse:
        connection.execute(drop + sql.SQL(" WITH (FORCE)"))


class Server:
    """A PostgreSQL server with a role that may create databases.

    `url` names the role and any database it may connect to.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._url = url

    def url_of(self, database: str) -> str:
        """The address of another database of the server, as the product takes it."""
        return urlunsplit(self._parts._replace(path=f"/{database}"))

    def connect(self, database: str | None = None) -> Connection:
        """A connection that commits each statement by itself."""
        url = self._url if database is None else self.url_of(database)
        return psycopg.connect(url, autocommit=True)

    @contextmanager
    def provide(self, name: str, *, template: str | None = None) -> Iterator[str]:
        """A new database, a copy of `template` if given, dropped in the end whatever happens."""
        create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self.connect() as connection:
            connection.execute(create)
        try:
            yield name
        finally:
            # A new one: the server may have been started anew in between.
            with self.connect() as connection:
                _drop(connection, name)

    def migrate(self, database: str) -> None:
        """Create the product's tables."""
        command = [
            sys.executable,
            str(PROJECT / "manage.py"),
            "migrate",
            "--verbosity",
            "0",
            "--skip-checks",
        ]
        subprocess.run(command, env=self.environment(database), cwd=PROJECT, check=True)

    def environment(self, database: str) -> Mapping[str, str]:
        """The environment for a program of the product that is to use a database."""
        return {
            "BAU_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **os.environ,
            "DEBUG": "false",
            "DATABASE_URL": self.url_of(database),
        }

    def checkpoint(self) -> bool:
        """Write out what is dirty, so that no side pays for the other; False if not allowed."""
        with self.connect() as connection, suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute("CHECKPOINT")
            return True
        return False
