"""A stopped PostgreSQL that has all tables, made once per state of the migrations.

Making the tables takes most of a minute, copying the files of a server that has them no second.
So every run of the tests starts a copy, which is its own: nothing it does reaches another.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg

from config.local.session import PROJECT, make_throwaway_home

# The database in it that Django copies to make the test database.
TEMPLATE: Final = "bau_template"
_SEEDS: Final = PROJECT / "var" / "seeds"
# Of several states: those who work on one machine do not all have the same migrations.
_KEPT: Final = 4
_SOURCES: Final = "sources"
_PARTS: Final = ("data", "passwords.json", "programs-*")


def plant_seed(folder: Path) -> None:
    """Copy the seed into a server's folder before its first start; makes the seed if need be.

    Raises subprocess.CalledProcessError if a migration fails.
    """
    _SEEDS.mkdir(parents=True, exist_ok=True)
    with _alone():
        sources = _list_sources()
        seed = _SEEDS / hashlib.sha256("\n".join(sorted(sources)).encode()).hexdigest()[:16]
        if not seed.exists():
            draft = _SEEDS / "draft"
            shutil.rmtree(draft, ignore_errors=True)
            seeds = _list_seeds()
            _make(draft, former=next((s for s in seeds if _read_sources(s) <= sources), None))
            (draft / _SOURCES).write_text("\n".join(sorted(sources)), encoding="utf-8")
            for oldest in seeds[_KEPT - 1 :]:
                shutil.rmtree(oldest)
            draft.rename(seed)
        _copy(seed, folder)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one run at a time makes a seed; the others wait for it."""
    with (_SEEDS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _list_seeds() -> list[Path]:
    """The newest first."""
    seeds = [path for path in _SEEDS.iterdir() if (path / _SOURCES).exists()]
    return sorted(seeds, key=lambda seed: (seed / _SOURCES).stat().st_mtime, reverse=True)


def _list_sources() -> set[str]:
    """Everything that the tables come from, with a digest of what it says."""
    # Packages bring tables as well, and one of them is the server.
    paths = [PROJECT / "requirements.lock", PROJECT / "config" / "local" / "postgres.py"]
    paths += PROJECT.glob("*/migrations/*.py")
    return {
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(PROJECT)}"
        for path in paths
    }


def _read_sources(seed: Path) -> set[str]:
    return set((seed / _SOURCES).read_text(encoding="utf-8").splitlines())


def _make(draft: Path, *, former: Path | None) -> None:
    """Start a server, create the tables in it, and keep its files once it has stopped.

    A former seed that only lacks the newest migrations saves making all other tables.
    """
    home = make_throwaway_home()
    if former is not None:
        _copy(former, home / "postgres")
    env = {**os.environ, "BAU_LOCAL_DIR": str(home), "REDIS_URL": "redis://unused"}
    env |= {"BAU_ENV": "test", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    # Not --throwaway: that stops the server at once, and its files would be good for nothing.
    command = [sys.executable, "-m", "config.local", "exec", "--", sys.executable, "-m"]
    try:
        subprocess.run([*command, "tests.seed"], env=env, cwd=PROJECT, check=True)
        _copy(home / "postgres", draft)
    finally:
        shutil.rmtree(home)


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and rights: as root, the server runs as another user."""
    target.mkdir(parents=True, exist_ok=True)
    found = [str(path) for part in _PARTS for path in source.glob(part)]
    subprocess.run(["cp", "-a", *found, str(target)], check=True)


def main() -> None:
    """Create the tables on the server of the environment (what the making of a seed runs)."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, [TEMPLATE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{TEMPLATE}"))
    # The checks ask for every page, which tables do not need.
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
