"""Copies of the test database for tests whose programs are processes of their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from environ import Env
from psycopg import sql


@contextmanager
def copy_database(purpose: str) -> Iterator[str]:
    """A copy of the test database, which has all its tables already; its address.

    To be asked for by fixtures of the session only: no test may be in a transaction. Where no
    test of the session is marked with django_db there is none, and the copy is an empty one.
    """
    tests = connections["default"].settings_dict
    # PostgreSQL copies only databases that nobody is using.
    connections.close_all()
    server = Env.db_url_config(os.environ["DATABASE_URL"])
    name = f"bau_{purpose}_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(tests["NAME"])))
        try:
            login = f"{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}"
            yield f"postgres://{login}/{name}"
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))
