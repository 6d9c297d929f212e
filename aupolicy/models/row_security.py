"""Row-level security: the database itself shows and takes only rows of the current scope.

Each table's migration says whom its rows belong to. Policies read the settings of
`aupolicy.facts.scope`; they nest, because a table asked in a policy has a policy of its own.
Only the role of the web is narrowed: for the owner the condition is a plain TRUE, which costs
nothing and leaves the plans of the monthly run as they are.
"""

from collections.abc import Iterator

from django.db import ProgrammingError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from aupolicy.facts.scope import BROKERS, MEDICAL, PEOPLE_OF, WEB_ROLE

# Stands in a condition for the fenced table.
_ROW = "$row"


def of_employer(column: str, setting: str = PEOPLE_OF) -> str:
    """Rows whose column names an employer of the setting."""
    return f"{_ROW}.{column} = ANY ({_ids(setting)})"


def of_broker(column: str) -> str:
    """Rows whose column names a broker of the scope."""
    return f"{_ROW}.{column} = ANY ({_ids(BROKERS)})"


def of_contract(column: str, setting: str = PEOPLE_OF) -> str:
    """Rows whose column names a contract of an employer of the setting."""
    whose = f"own.employer_id = ANY ({_ids(setting)})"
    contracts = f"ARRAY(SELECT own.id FROM aupolicy_groupcontract own WHERE {whose})"  # noqa: S608
    return f"{_ROW}.{column} = ANY ({contracts})"


def of_parent(column: str, parent: str) -> str:
    """Rows whose column names a row of the table `parent` that is seen itself."""
    # A scalar subquery: looked up by key for each row, never gathered from the whole table.
    return f"(SELECT true FROM {parent} up WHERE up.id = {_ROW}.{column})"  # noqa: S608


def with_children(child: str, column: str) -> str:
    """Rows that a seen row of the table `child` points at by its column."""
    return f"EXISTS (SELECT FROM {child} down WHERE down.{column} = {_ROW}.id)"


def fence(table: str, *conditions: str) -> migrations.RunSQL:
    """The web sees and writes rows where one of the conditions holds, and no others."""
    return migrations.RunSQL(list(fence_statements(table, *conditions)), _open(table))


def fence_statements(table: str, *conditions: str) -> Iterator[str]:
    """The SQL of `fence`, for tables that are made while the product runs."""
    condition = " OR ".join(conditions).replace(_ROW, table)
    yield f"CREATE POLICY own_rows ON {table} TO {WEB_ROLE} USING ({condition})"
    yield from _close(table)


def fence_insurer_only(table: str) -> migrations.RunSQL:
    """The role of the web neither sees nor writes any row, whoever signed in."""
    return fence(table, "false")


def fence_medical(table: str) -> migrations.RunSQL:
    """Rows with health data: hidden from the web, and from the product itself unless opened."""
    opened = f"current_setting('{MEDICAL}', true) = 'open'"
    return migrations.RunSQL(
        [f"CREATE POLICY own_rows ON {table} TO {WEB_ROLE} USING (false)", *_close(table, opened)],
        _open(table),
    )


def fence_history(table: str) -> migrations.RunSQL:
    """What triggers write beside every change: taken from everybody, shown to the insurer."""
    taken = f"CREATE POLICY own_rows ON {table} FOR INSERT TO {WEB_ROLE} WITH CHECK (true)"
    return migrations.RunSQL([taken, *_close(table)], _open(table))


def _close(table: str, condition: str = "true") -> Iterator[str]:
    yield f"CREATE POLICY every_row ON {table} TO CURRENT_USER USING ({condition})"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    # Without FORCE the owner would not be asked at all, also where the role is changed by mistake.
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"


def _open(table: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY own_rows ON {table}",
        f"DROP POLICY every_row ON {table}",
    )


def _ids(setting: str) -> str:
    """The ids of a setting: a subquery without a row, which PostgreSQL asks once a query."""
    text = f"trim(BOTH '{{}}' FROM current_setting('{setting}', true))"
    # The second cast does nothing but let ANY take the subquery for the array it returns.
    return f"(SELECT string_to_array({text}, ',')::bigint[])::bigint[]"


_PROVIDE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WEB_ROLE}') THEN
        CREATE ROLE {WEB_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
        GRANT {WEB_ROLE} TO CURRENT_USER;
    END IF;
    IF NOT pg_has_role(CURRENT_USER, '{WEB_ROLE}', 'MEMBER') THEN
        GRANT {WEB_ROLE} TO CURRENT_USER;
    END IF;
END $$
"""
_MAY = f"""
GRANT USAGE ON SCHEMA public TO {WEB_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {WEB_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {WEB_ROLE};
"""


class UnableToProvideRole(RuntimeError):
    """The role of the web is missing, and the role that migrates may not create it."""


def provide_web_role(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the role of the web at all tables there are and will be; raises UnableToProvideRole."""
    with schema_editor.connection.cursor() as cursor:
        try:
            cursor.execute(_PROVIDE_ROLE)
        except ProgrammingError as error:
            raise UnableToProvideRole(
                f"A superuser must run once: CREATE ROLE {WEB_ROLE} NOLOGIN NOSUPERUSER "
                f"NOBYPASSRLS; GRANT {WEB_ROLE} TO <the application's role>;"
            ) from error
        cursor.execute(_MAY)
