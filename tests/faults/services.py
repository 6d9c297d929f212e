"""A PostgreSQL and a Valkey that only the faults use, and that die and come back on command."""

import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.database import Server
from config.local import postgres, valkey
from config.local.session import make_throwaway_home
from tests.seed import plant_seed

_SECONDS_TO_DIE = 30.0


class MortalPostgres(postgres.PostgresServer):
    """A server that can be ended as by a power cut and started again at the same address."""

    def stop_at_once(self) -> None:
        """End it without a checkpoint: what `pg_ctl stop -m immediate` sends."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=_SECONDS_TO_DIE)

    def start_again(self, port: int) -> None:
        """Start it where everybody looks for it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "find_free_port", lambda: port)
            self.start()


class MortalValkey(valkey.ValkeyServer):
    """A broker that can be killed, which empties it, and started again at the same address."""

    def kill(self) -> None:
        """End it with all its messages."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=_SECONDS_TO_DIE)

    def start_again(self, port: int, password: str) -> None:
        """Start it, empty, where everybody looks for it."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(valkey, "find_free_port", lambda: port)
            patch.setattr(secrets, "token_urlsafe", lambda _size: password)
            self.start()


@dataclass(frozen=True, slots=True)
class Services:
    """Both servers, how they are addressed, and the environment for programs of ours."""

    postgres: MortalPostgres
    valkey: MortalValkey
    server: Server
    env: dict[str, str]

    def lose_broker(self) -> None:
        """Kill the broker with all its messages and start it, empty, at the same address."""
        self.valkey.kill()
        parts = urlsplit(self.env["REDIS_URL"])
        assert parts.port
        assert parts.password
        self.valkey.start_again(parts.port, parts.password)

    def lose_database(self) -> None:
        """Stop the database at once and start it at the same address."""
        self.postgres.stop_at_once()
        port = urlsplit(self.env["DATABASE_URL"]).port
        assert port
        self.postgres.start_again(port)


@contextmanager
def run_mortal_services() -> Iterator[Services]:
    """Both servers with a database of all tables (tests.seed.TEMPLATE), gone in the end."""
    home = make_throwaway_home()
    database = MortalPostgres(folder=_make(home / "postgres"), throwaway=True)
    broker = MortalValkey(folder=_make(home / "valkey"), throwaway=True)
    try:
        plant_seed(home / "postgres")
        address, queue = database.start(), broker.start()
        server = Server(address)
        with server.connect() as connection:
            # What was committed must be there after a crash, as it is in production.
            connection.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = on")
        env = {**os.environ, "BAU_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        env |= {"DATABASE_URL": address, "REDIS_URL": queue, "DEBUG": "false"}
        yield Services(database, broker, server, env)
    finally:
        broker.stop()
        database.stop()
        shutil.rmtree(home, ignore_errors=True)


def _make(folder: Path) -> Path:
    folder.mkdir()
    return folder
