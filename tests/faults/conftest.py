"""A database of its own for tests whose programs commit, and the environment for them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import DjangoDbBlocker

from benchmarks.billing_run import MONTH
from benchmarks.database import Server
from benchmarks.population import Population, load
from tests.databases import copy_database


@dataclass(frozen=True, slots=True)
class Scene:
    """A server, a database on it with 2,000 small contracts, and the environment for programs."""

    server: Server
    database: str
    contracts: int
    env: dict[str, str]


@pytest.fixture(scope="session")
def population(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Server, str, int]]:
    """The server, a database with small contracts that is only ever copied, and how many."""
    server = Server(os.environ["DATABASE_URL"])
    sizes = [1 + (number * 7) % 19 for number in range(2_000)]
    with django_db_blocker.unblock(), copy_database("faults_all") as address:
        database = urlsplit(address).path.removeprefix("/")
        # Nothing is left to do unless these tests run alone.
        server.migrate(database)
        with server.connect(database) as connection:
            load(connection, Population(sizes, MONTH, seed=11))
        yield server, database, len(sizes)


@pytest.fixture
def scene(population: tuple[Server, str, int], tmp_path: Path) -> Iterator[Scene]:
    server, template, contracts = population
    with server.provide(f"bau_faults_{os.getpid()}", template=template) as database:
        env = dict(server.environment(database))
        # The queue has a database of its own too, so that no other worker hears of it.
        env["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/7"
        env["FILES_ROOT"] = str(tmp_path / "files")
        # The worker warns of root, who is the ordinary user of containers and CI machines.
        env["PYTHONWARNINGS"] = "ignore::RuntimeWarning:celery.platforms"
        yield Scene(server, database, contracts, env)
