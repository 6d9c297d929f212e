"""Does a step of the chain in a process of its own, which may be killed, once or several at a time.

python -m tests.faults.doer

Imports everything once and forks for each step. Reads a job as a line of JSON, writes what became
of its processes as another.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

from config.local.processes import die_with_parent
from tests.house.source import PROJECT


@dataclass(frozen=True, slots=True)
class Job:
    """A step, the database and the folder it works on, and what is to happen to its process.

    `crash_at` is a named point, `kill_after` seconds, `largest_file` bytes: beyond that the disk
    is full. `count` processes begin together.
    """

    step: str
    address: str
    files: str
    crash_at: str = ""
    kill_after: float | None = None
    largest_file: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a process ended: killed, with an error, or with a value; the points it passed."""

    killed: bool = False
    error: str = ""
    value: Any = None
    points: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Doer:
    """The test's side: a process that does steps."""

    def __init__(self, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.doer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=env,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no threads here
        )

    def begin(self, job: Job) -> None:
        """Have a job begun."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()

    def finish(self) -> list[Outcome]:
        """What became of the job begun last."""
        assert self._process.stdout is not None
        return [Outcome(**told) for told in json.loads(self._process.stdout.readline())]

    def do(self, job: Job) -> Outcome:
        """A job of one process from begin to end."""
        self.begin(job)
        (outcome,) = self.finish()
        return outcome

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


def main() -> None:
    """Do what the lines say."""
    django.setup()
    # Only now can the product be imported.
    steps: dict[str, Callable[[], Any]] = importlib.import_module("tests.faults.chain").STEPS
    # Pages import much, and finding the fonts takes seconds; every child inherits both.
    importlib.import_module("config.urls")
    pdf = importlib.import_module("documents.exports.pdf")
    pdf.render_pdf("<p>-</p>", stylesheet=_find_stylesheet(), identifier="0" * 64)
    for line in sys.stdin:
        job = Job(**json.loads(line))
        with _barrier() as wait:
            started = [_start(job, steps[job.step], wait) for _ in range(job.count)]
        if job.kill_after is not None:
            time.sleep(job.kill_after)
            for pid, _ in started:
                os.kill(pid, signal.SIGKILL)
        sys.stdout.write(json.dumps([_end(*each) for each in started]) + "\n")
        sys.stdout.flush()
    # Tidying up all modules takes seconds, and there is nothing to keep.
    os._exit(0)


def _find_stylesheet() -> Path:
    found: Path = importlib.import_module("documents.operations.printing").STYLESHEET
    return found


@contextmanager
def _barrier() -> Iterator[Callable[[], None]]:
    """What lets all children begin at the same moment: when this is left."""
    read, write = os.pipe()

    def wait() -> None:
        os.close(write)
        os.read(read, 1)

    yield wait
    os.close(write)
    os.close(read)


def _start(job: Job, step: Callable[[], Any], wait: Callable[[], None]) -> tuple[int, int]:
    """A child that does the step; its process id and where it tells of it."""
    read, write = os.pipe()
    follow = die_with_parent(signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        if follow is not None:
            follow()
        os.close(read)
        told = _do(job, step, wait)
        os.write(write, json.dumps(told).encode())
        os._exit(0)
    os.close(write)
    return pid, read


def _do(job: Job, step: Callable[[], Any], wait: Callable[[], None]) -> dict[str, Any]:
    points = _prepare(job)
    wait()
    start = time.perf_counter()
    try:
        told = {"value": step()}
    except Exception as error:  # noqa: BLE001 - whoever asked is told of it
        told = {"error": f"{type(error).__name__}: {error}"}
    return {**told, "points": points, "seconds": time.perf_counter() - start}


def _prepare(job: Job) -> list[str]:
    """The settings of the child; the list is filled with the points it passes."""
    from django.conf import settings  # noqa: PLC0415 - only after the set-up
    from django.db import connections  # noqa: PLC0415

    parts = urlsplit(job.address)
    connections["default"].settings_dict |= {
        "NAME": parts.path.removeprefix("/"),
        "HOST": parts.hostname,
        "PORT": parts.port,
    }
    settings.FILES_ROOT = Path(job.files)
    outbox = Path(job.files) / "outbox"
    outbox.mkdir(exist_ok=True)
    settings.BANK_OUTBOX = str(outbox)
    if job.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.largest_file, job.largest_file))
    if job.crash_at:
        os.environ["BILLING_CRASH_AT"] = job.crash_at
        return []
    return _listen()


def _listen() -> list[str]:
    """Note every named point that is passed, in order."""
    from billing.operations import crash_points  # noqa: PLC0415 - only after the set-up

    passed: list[str] = []
    dies = crash_points.crash_point
    for module in list(sys.modules.values()):
        if getattr(module, "crash_point", None) is dies:
            module.crash_point = passed.append  # type: ignore[attr-defined]
    return passed


def _end(pid: int, read: int) -> dict[str, Any]:
    with os.fdopen(read, "rb") as told:
        answer = told.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return {"killed": os.WTERMSIG(status) == signal.SIGKILL}
    found: dict[str, Any] = json.loads(answer)
    return found


if __name__ == "__main__":
    main()
