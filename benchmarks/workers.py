"""Fresh processes of the product that work together: those that bill one month, and others."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks.database import PROJECT


def bill_month(
    *, environment: Mapping[str, str], month: Month, count: int, phases: bool = False
) -> list[dict[str, Any]]:
    """Start `count` workers, let them begin together, and return what each of them measured."""
    command = [sys.executable, "-m", "benchmarks.product", str(month)]
    command += ["--phases"] if phases else []
    return work_together(command, environment=environment, count=count)


def work_together(
    command: list[str], *, environment: Mapping[str, str], count: int
) -> list[dict[str, Any]]:
    """Start `count` processes of a program that says "ready", waits for a line and ends with JSON.

    They begin together; what each of them measured is returned.
    """
    workers = [_start(command, environment) for _ in range(count)]
    try:
        for worker in workers:
            _expect(worker, "ready")
        # All of them are imported and connected: none waits for another from here on.
        for worker in workers:
            _tell(worker)
        results = [json.loads(_read(worker)) for worker in workers]
        for worker in workers:
            worker.wait(timeout=60)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    return results


def _start(command: list[str], environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=dict(environment),
    )


def _tell(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()


def _read(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    line = worker.stdout.readline()
    if not line:
        raise RuntimeError("a worker ended before its time; see its message above")
    return line


def _expect(worker: "subprocess.Popen[str]", word: str) -> None:
    if (line := _read(worker).strip()) != word:
        raise RuntimeError(f"a worker said {line!r} instead of {word!r}")
