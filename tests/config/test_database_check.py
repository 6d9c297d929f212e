"""Production is not set up as a role that row-level security does not hold for."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.checks.messages import CheckMessage

from config import database_check

pytestmark = pytest.mark.django_db


def found() -> list[CheckMessage]:
    """What the checks of the database say about roles."""
    return [
        m for m in run_checks(tags=["database"], databases=["default"]) if m.id == "config.E001"
    ]


def test_the_roles_of_this_database_are_bound(settings: Any) -> None:
    settings.PRODUCTION = True
    assert database_check.find_unbound_roles("default") == []
    assert found() == []


def test_a_role_that_passes_the_fence_is_refused_and_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every cluster has one superuser at least; only its name is not ours to know.
    query = "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND %s <> ''"
    monkeypatch.setattr(database_check, "_UNBOUND", query)
    settings.PRODUCTION = True
    (first, *_) = found()
    assert "superuser or has BYPASSRLS" in first.msg
    settings.PRODUCTION = False
    assert found() == []
