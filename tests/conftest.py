"""What every test can ask for. Services start only when a test asks for the database."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connections
from environ import Env
from pytest_django import Settings

from config.local.session import run_services
from tests.seed import TEMPLATE, plant_seed

_FAST_FOLDERS = frozenset({"rules", "cases", "house"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests in the folders that need no database, and have those without one go first.

    So one half of the suite goes on while the other one makes the tables for both.
    """
    tests = config.rootpath / "tests"
    for item in items:
        if not item.path.is_relative_to(tests):
            continue
        folder = item.path.relative_to(tests).parts[0]
        if folder in _FAST_FOLDERS:
            item.add_marker(pytest.mark.fast)
        elif folder == "contract":
            # Its server uses a copy of the test database, made only where a test is marked so.
            item.add_marker(pytest.mark.django_db)
    items.sort(key=_needs_database)


def _needs_database(item: pytest.Item) -> bool:
    names: list[str] = getattr(item, "fixturenames", [])
    return "django_db_setup" in names or item.get_closest_marker("django_db") is not None


def pytest_configure() -> None:
    """A run that is told to end puts away what it has started, as after Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def services() -> Iterator[None]:
    """PostgreSQL and Valkey: those of the environment, else throwaway ones of this run."""
    is_ours = not os.environ.get("DATABASE_URL")
    with run_services(throwaway=True, plant=plant_seed) as env:
        os.environ |= {name: env[name] for name in ("DATABASE_URL", "REDIS_URL", "FILES_ROOT")}
        # Django has read its settings already; the connection reads this dictionary later.
        connections["default"].settings_dict.update(Env.db_url_config(env["DATABASE_URL"]))
        django_settings.REDIS_URL = django_settings.CELERY_BROKER_URL = env["REDIS_URL"]
        django_settings.CACHES["default"]["LOCATION"] = env["REDIS_URL"]
        # Whoever asked the cache before has one that leads nowhere.
        with suppress(AttributeError):
            del caches["default"]
        current_app.conf.update(broker_url=env["REDIS_URL"])
        if is_ours:
            # Else the server knows no such database, and all tables are made anew.
            connections["default"].settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: None) -> None:
    """Start the services before pytest-django creates the test database."""


@pytest.fixture(autouse=True)
def private_files(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Give each test that is not fast a private folder for stored files of its own."""
    if request.node.get_closest_marker("fast"):
        return None
    settings: Settings = request.getfixturevalue("settings")
    folder = tmp_path / "files"
    storages = dict(settings.STORAGES)
    storages["default"] = {
        **storages["default"],
        "OPTIONS": {**storages["default"]["OPTIONS"], "location": folder},
    }
    settings.FILES_ROOT = folder
    settings.STORAGES = storages
    return folder


@pytest.fixture
def process_env(services: None, transactional_db: None, private_files: Path) -> dict[str, str]:
    """Return the environment for a program of ours that is to see this test's database.

    The test must not run in a transaction of its own, or the program would see nothing.
    """
    database = connections["default"].settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    return {
        **os.environ,
        "BAU_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url,
        "FILES_ROOT": str(private_files),
    }
