"""The services for the time of one piece of work."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from config.local.keeper import Keeping, is_in_use
from config.local.processes import can_reach, find_unprivileged_user

PROJECT: Final = Path(__file__).resolve().parents[2]
_THROWAWAY_PREFIX: Final = "bau-throwaway-"
_SWEEP_AGE_SECONDS: Final = 600
# The system's folder for temporary files that last; everybody can reach it.
_LASTING: Final = "/var/tmp"
_VARIABLES: Final = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
# Commands that never ask the database or the broker.
_WITHOUT_SERVICES: Final = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
     "makemessages", "makemigrations", "startapp", "version", "--version"}
)  # fmt: skip


@contextlib.contextmanager
def run_services(
    *, throwaway: bool, plant: Callable[[Path], None] | None = None
) -> Iterator[dict[str, str]]:
    """Start what the environment does not name; yield the environment for a child.

    Development services keep their data and are shared with whoever else uses them now;
    throwaway ones are ours alone and leave nothing. `plant` is called with the folder of a
    PostgreSQL that is about to start, and may put the files of another one there.
    """
    env = build_environment(throwaway=throwaway)
    missing = {kind: name for kind, name in _VARIABLES.items() if not env.get(name)}
    home = make_throwaway_home() if throwaway else find_home()
    if throwaway:
        env.setdefault("FILES_ROOT", str(home / "files"))
    with contextlib.ExitStack() as stack:
        if throwaway:
            stack.callback(shutil.rmtree, home, ignore_errors=True)
        keepings = []
        for kind in missing:
            if plant is not None and kind == "postgres":
                plant(home / kind)
            keeping = Keeping(kind=kind, folder=home / kind, throwaway=throwaway)
            keeping.begin()
            stack.callback(keeping.end)
            keepings.append(keeping)
        for keeping, variable in zip(keepings, missing.values(), strict=True):
            env[variable] = keeping.wait().url
        yield env


def build_environment(*, throwaway: bool) -> dict[str, str]:
    """Return our environment for a child, completed with what does not depend on services."""
    env = dict(os.environ)
    env.setdefault("BAU_ENV", "test" if throwaway else "development")
    if sys.platform == "darwin":
        # Python of other makers than Homebrew does not look where Homebrew puts Pango.
        env.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib")
    return env


@contextlib.contextmanager
def ensure_services(argv: list[str]) -> Iterator[None]:
    """Bring the services along for a management command of a development checkout.

    Does nothing outside development, where the environment names the services already,
    and for commands that need none. A new development database is migrated first.
    """
    if not _needs_services(argv):
        yield
        return
    with run_services(throwaway=False) as env:
        if not os.environ.get("DATABASE_URL") and argv[1] != "migrate":
            migrate_once(env)
        os.environ.update(env)
        yield


def find_home() -> Path:
    """Return the folder of the development services: BAU_LOCAL_DIR, else var/local.

    Root's PostgreSQL runs as another user; where that user cannot reach the project,
    the folder lies under the system's folder for lasting temporary files instead.
    """
    chosen = os.environ.get("BAU_LOCAL_DIR")
    home = Path(chosen).resolve() if chosen else PROJECT / "var" / "local"
    home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or can_reach(home, user=find_unprivileged_user(), mode="x"):
        return home
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    reachable = Path(_LASTING) / f"bau-local-{name}"
    reachable.mkdir(mode=0o711, exist_ok=True)
    if reachable.stat().st_uid != 0:
        raise RuntimeError(f"{reachable} belongs to somebody else; set BAU_LOCAL_DIR.")
    print(f"PostgreSQL cannot reach {home}; its data lies in {reachable}.", file=sys.stderr)
    return reachable


def migrate_once(env: dict[str, str]) -> None:
    """Create the tables of a new development database, or bring an older one up to date."""
    mark = find_home() / "postgres" / "migrated"
    wanted = _name_migrations()
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    print("Setting up the development database …", file=sys.stderr)
    command = [sys.executable, str(PROJECT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, env=env, cwd=PROJECT, check=True)
    mark.write_text(wanted, encoding="utf-8")


def _name_migrations() -> str:
    """The migrations of this checkout, one in a line."""
    paths = sorted(PROJECT.glob("*/migrations/*.py"))
    return "\n".join(str(path.relative_to(PROJECT)) for path in paths)


def _needs_services(argv: list[str]) -> bool:
    if os.environ.get("BAU_ENV") != "development" or len(argv) < 2:
        return False
    if all(os.environ.get(variable) for variable in _VARIABLES.values()):
        return False
    return argv[1] not in _WITHOUT_SERVICES and not {"--help", "-h"} & set(argv)


def make_throwaway_home() -> Path:
    """Return a new folder for services that leave nothing; root's PostgreSQL can enter it."""
    places = [tempfile.gettempdir()]
    if os.geteuid() == 0:
        user = find_unprivileged_user()
        places = [
            place for place in (*places, _LASTING) if can_reach(Path(place), user=user, mode="x")
        ]
    _sweep(Path(places[0]))
    home = Path(tempfile.mkdtemp(prefix=_THROWAWAY_PREFIX, dir=places[0]))
    if os.geteuid() == 0:
        home.chmod(0o711)
    return home


def _sweep(place: Path) -> None:
    """Remove throwaway homes of ours that a keeper killed with SIGKILL has left behind."""
    for home in place.glob(f"{_THROWAWAY_PREFIX}*"):
        facts = home.stat()
        # A younger one may be about to take its locks.
        if facts.st_uid != os.geteuid() or time.time() - facts.st_mtime < _SWEEP_AGE_SECONDS:
            continue
        if not any(is_in_use(lock) for lock in home.glob("*/in-use.lock")):
            shutil.rmtree(home, ignore_errors=True)
