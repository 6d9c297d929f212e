"""Servers and databases of their own for tests whose programs commit and are killed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.billing_run import MONTH
from benchmarks.database import Server
from benchmarks.population import Population, load
from tests.faults.books import Books, read_books, read_files
from tests.faults.chain import CHAIN
from tests.faults.doer import Doer, Job, Outcome
from tests.faults.services import Services, run_mortal_services
from tests.faults.workers import Workers
from tests.seed import TEMPLATE

SMALL = "bau_faults_small"
_NAME = "bau_faults"
_LARGE = "bau_faults_large"


@dataclass(frozen=True, slots=True)
class Scene:
    """A server, a database on it with 2,000 small contracts, and who does what people do."""

    server: Server
    database: str
    contracts: int
    files: Path
    doer: Doer

    def do(self, step: str, **faults: Any) -> list[Outcome]:
        """A step here, with what is to happen to it (see Job)."""
        self.doer.begin(Job(step, self.server.url_of(self.database), str(self.files), **faults))
        return self.doer.finish()


@dataclass(frozen=True, slots=True)
class Copy:
    """A database with few contracts and a folder for files, and who does steps there."""

    doer: Doer
    server: Server
    database: str
    files: Path

    def do(self, step: str, **faults: Any) -> Outcome:
        """A step, with what is to happen to it (see Job)."""
        return self.doer.do(self.job(step, **faults))

    def job(self, step: str, **faults: Any) -> Job:
        """The job of a step here."""
        address = self.server.url_of(self.database)
        return Job(step, address, str(self.files), **faults)

    def finish(self, *steps: str) -> None:
        """Do these steps undisturbed; all of the chain unless told."""
        for step in steps or CHAIN:
            outcome = self.do(step)
            assert not outcome.error, f"{step}: {outcome.error}"

    def read(self) -> tuple[Books, dict[str, str]]:
        """What is stored: rows and files."""
        with self.server.connect(self.database) as connection:
            return read_books(connection), read_files(self.files)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What the chain comes to if nothing happens, after each step, and how each step went."""

    after: dict[str, tuple[Books, dict[str, str]]]
    outcomes: dict[str, Outcome]

    @property
    def end(self) -> tuple[Books, dict[str, str]]:
        """What is stored in the end."""
        return self.after[list(CHAIN)[-1]]


@pytest.fixture(scope="session")
def mortal_services() -> Iterator[Services]:
    """Servers that the faults may end: nobody else uses them."""
    with run_mortal_services() as services:
        yield services


@pytest.fixture(scope="session")
def doer(mortal_services: Services) -> Iterator[Doer]:
    """Who does steps in processes that may be killed."""
    found = Doer(mortal_services.env)
    yield found
    found.close()


@pytest.fixture(scope="session")
def small(
    mortal_services: Services, doer: Doer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database before a month, which is only ever copied."""
    server = mortal_services.server
    with server.provide(SMALL, template=TEMPLATE):
        files = tmp_path_factory.mktemp("built")
        built = Copy(doer, server, SMALL, files).do("build")
        assert not built.error, built.error
        yield SMALL


@pytest.fixture
def copy(small: str, mortal_services: Services, doer: Doer, tmp_path: Path) -> Iterator[Copy]:
    server = mortal_services.server
    with server.provide(_NAME, template=small) as database:
        yield Copy(doer, server, database, tmp_path)


@pytest.fixture
def posted(copy: Copy) -> Copy:
    """A copy whose run is posted."""
    copy.finish("fill", "wish", "post")
    return copy


@pytest.fixture(scope="session")
def undisturbed(
    small: str,
    mortal_services: Services,
    doer: Doer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Undisturbed:
    server = mortal_services.server
    after, outcomes = {}, {}
    with server.provide(f"{_NAME}_whole", template=small) as database:
        whole = Copy(doer, server, database, tmp_path_factory.mktemp("whole"))
        for step in CHAIN:
            outcomes[step] = whole.do(step)
            assert not outcomes[step].error, f"{step}: {outcomes[step].error}"
            after[step] = whole.read()
    return Undisturbed(after, outcomes)


@pytest.fixture(scope="session")
def population(mortal_services: Services, doer: Doer) -> Iterator[tuple[Server, str, int]]:
    """The server, a database with small contracts that is only ever copied, and how many."""
    server = mortal_services.server
    sizes = [1 + (number * 7) % 19 for number in range(2_000)]
    with server.provide("bau_faults_all", template=TEMPLATE) as database:
        with server.connect(database) as connection:
            load(connection, Population(sizes, MONTH, seed=11))
        yield server, database, len(sizes)


@pytest.fixture(scope="session")
def large_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the large databases keep their files."""
    return tmp_path_factory.mktemp("large")


@pytest.fixture(scope="session")
def workers(mortal_services: Services, large_files: Path) -> Iterator[Workers]:
    """Who does the work of scenes."""
    env = {
        **mortal_services.env,
        "DATABASE_URL": mortal_services.server.url_of(_LARGE),
        "FILES_ROOT": str(large_files),
        # The worker warns of root, who is the ordinary user of containers and CI machines.
        "PYTHONWARNINGS": "ignore::RuntimeWarning:celery.platforms",
    }
    with Workers(env) as found:
        yield found


@pytest.fixture
def scene(population: tuple[Server, str, int], doer: Doer, large_files: Path) -> Iterator[Scene]:
    server, template, contracts = population
    with server.provide(_LARGE, template=template) as database:
        yield Scene(server, database, contracts, large_files, doer)
