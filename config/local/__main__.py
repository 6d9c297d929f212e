"""Run something with PostgreSQL and Valkey beside it.

python -m config.local exec [--throwaway] [--with-worker] -- COMMAND ...
python -m config.local up
python -m config.local worker
"""

import argparse
import subprocess
import sys
from pathlib import Path

from config.local.binaries import UnableToFindServer
from config.local.keeper import Server, UnableToStartServer, keep
from config.local.postgres import PostgresServer
from config.local.processes import run_children
from config.local.session import PROJECT, migrate_once, run_services
from config.local.valkey import ValkeyServer

_SERVERS: dict[str, type[PostgresServer] | type[ValkeyServer]] = {
    "postgres": PostgresServer,
    "valkey": ValkeyServer,
}
_WEB_ADDRESS = "127.0.0.1:8000"


def main() -> int:
    """Read the command line, run it, and return the exit status."""
    arguments = _build_parser().parse_args()
    try:
        status: int = arguments.run(arguments)
    except (UnableToFindServer, UnableToStartServer) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        # The command has said on stderr what went wrong.
        return error.returncode
    return status


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="exec | up | worker")
    execute = commands.add_parser("exec", help="run a command with the services")
    execute.add_argument("--throwaway", action="store_true", help="new services, removed after it")
    execute.add_argument("--with-worker", action="store_true", help="run a Celery worker as well")
    execute.add_argument("command", nargs=argparse.REMAINDER)
    execute.set_defaults(run=_execute)
    up = commands.add_parser("up", help="services, worker and web server until Ctrl-C")
    up.set_defaults(run=_up)
    worker = commands.add_parser("worker", help="one more Celery worker until Ctrl-C")
    worker.set_defaults(run=_work)
    keeper = commands.add_parser("keep", help=argparse.SUPPRESS)
    keeper.add_argument("kind", choices=sorted(_SERVERS))
    keeper.add_argument("folder", type=Path)
    keeper.add_argument("--throwaway", action="store_true")
    keeper.set_defaults(run=_keep)
    return parser


def _execute(arguments: argparse.Namespace) -> int:
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        print("error: no command after --", file=sys.stderr)
        return 2
    with run_services(throwaway=arguments.throwaway) as env:
        if arguments.with_worker and not arguments.throwaway:
            # A worker's periodic jobs ask for tables at once.
            migrate_once(env)
        commands = [build_worker_command()] if arguments.with_worker else []
        return run_children([*commands, command], env=env)


def _up(_arguments: argparse.Namespace) -> int:
    with run_services(throwaway=False) as env:
        migrate_once(env)
        web = [sys.executable, str(PROJECT / "manage.py"), "runserver", _WEB_ADDRESS]
        return run_children([build_worker_command(), web], env=env)


def _work(_arguments: argparse.Namespace) -> int:
    with run_services(throwaway=False) as env:
        return run_children([build_worker_command(beat=False)], env=env)


def _keep(arguments: argparse.Namespace) -> int:
    make_server = _SERVERS[arguments.kind]
    server: Server = make_server(folder=arguments.folder, throwaway=arguments.throwaway)
    keep(server, folder=arguments.folder)
    return 0


def build_worker_command(*, beat: bool = True) -> list[str]:
    """Return the command of a Celery worker; with `beat` it also starts the periodic jobs."""
    # Celery warns of root, who is the ordinary user of many development and CI machines.
    quiet = "ignore:You're running the worker with superuser privileges"
    command = [sys.executable, "-W", quiet, "-m", "celery", "--app", "config.celery"]
    command += ["--quiet", "worker"]
    command += ["--concurrency", "2", "--loglevel", "WARNING"]
    if beat:
        # It remembers nothing on disk: the periodic jobs are due every minute anyway.
        command += ["--beat", "--scheduler", "celery.beat.Scheduler"]
    return command


if __name__ == "__main__":
    sys.exit(main())
