"""Celery workers of two processes, one after the other, each of them killed in the end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from config.local.processes import die_with_parent
from tests.house.source import PROJECT


class Workers:
    """The test's side of `tests.faults.worker`."""

    def __init__(self, env: dict[str, str]) -> None:
        self._source = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=env,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no threads here
        )

        self._is_ready = False

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._source.communicate(timeout=10)

    @contextmanager
    def working(self) -> Iterator[None]:
        """A worker while this lasts; then SIGKILL to all its processes."""
        assert self._source.stdin is not None
        if not self._is_ready:
            # Others may have had something to do while everything was imported.
            assert self._read() == "ready"
            self._is_ready = True
        self._source.stdin.write("another\n")
        self._source.stdin.flush()
        worker = int(self._read())
        try:
            yield
        finally:
            # Its group has its own id; a worker that died by itself fails the next line.
            with suppress(ProcessLookupError):
                os.killpg(worker, signal.SIGKILL)
            assert self._read() == "dead"

    def _read(self) -> str:
        assert self._source.stdout is not None
        return self._source.stdout.readline().strip()
