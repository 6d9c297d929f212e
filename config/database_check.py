"""Production is not migrated as a role that row-level security does not hold for."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from aupolicy.facts.scope import WEB_ROLE

_UNBOUND = (
    "SELECT rolname FROM pg_roles"
    " WHERE rolname IN (session_user, %s) AND (rolsuper OR rolbypassrls) ORDER BY rolname"
)


def find_unbound_roles(alias: str) -> list[str]:
    """The role of a connection and the web's, where they pass row-level security unseen."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_UNBOUND, [WEB_ROLE])
        return [name for (name,) in cursor.fetchall()]


@register(Tags.database)
def check_roles(*, databases: Sequence[str] | None = None, **_facts: Any) -> list[CheckMessage]:
    """Asked by `migrate` and by `check --database default`."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(
            f"The database role {name} is a superuser or has BYPASSRLS: PostgreSQL would not keep"
            " employers apart.",
            hint="Give the application a role of its own: NOSUPERUSER NOBYPASSRLS.",
            id="config.E001",
        )
        for alias in databases or ()
        for name in find_unbound_roles(alias)
    ]
