"""Django's `flush` for our tables: partitions of runs go, guards against TRUNCATE do not stop it.

Django calls `flush` after every test that commits. Its own knows neither the partitioned table
nor the tables that runs create, and stumbles over their foreign keys.
"""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

# What `migrate` writes by itself and no test changes.
KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})
_TABLES = """
SELECT relname, relkind FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""


class Command(BaseCommand):
    help = "Empty every table of the test database."
    stealth_options = (
        "allow_cascade",
        "database",
        "inhibit_post_migrate",
        "interactive",
        "reset_sequences",
    )

    def handle(self, **_options: Any) -> None:
        """Drop the runs' tables, empty the others, start the numbers anew."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_TABLES)
            tables = dict(cursor.fetchall())
            known = {*connection.introspection.django_table_names(), *KEPT}
            made_by_runs = {name for name, kind in tables.items() if kind == "r"} - known
            for name in made_by_runs:
                cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
            emptied = sorted(set(tables) - made_by_runs - KEPT)
            identifiers = [sql.Identifier(name) for name in emptied]
            for table in identifiers:
                cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
            names = sql.SQL(", ").join(identifiers)
            cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))
            for table in identifiers:
                cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
