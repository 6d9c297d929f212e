"""The whole suite as two halves side by side, each with a database and a broker of its own.

python -m tests.halves [what pytest takes, for one run of that instead]
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from config.local.processes import die_with_parent
from config.local.session import build_environment

_TESTS = Path(__file__).parent
# About half of the time; everything else is the other half, so that no folder is forgotten.
_FIRST = (
    "commands",
    "documents",
    "exports",
    "faults",
    "flows",
    "operations",
    "portal",
    "tenancy",
)
_WITHOUT_TABLES = ("cases", "house", "parsing", "rules")
# Services of the caller's own: two halves would take the same test database.
_SHARED = ("DATABASE_URL", "REDIS_URL")


def main() -> int:
    """Run both halves and return the worst exit status."""
    if sys.argv[1:]:
        return _finish([_start(sys.argv[1:], sys.stdout)])
    first = [str(_TESTS / name) for name in _FIRST]
    others = sorted(
        (
            str(folder)
            for folder in _TESTS.iterdir()
            if folder.name not in _FIRST and any(folder.glob("test_*.py"))
        ),
        # Those first that need no tables, while the first half makes them.
        key=lambda folder: (Path(folder).name not in _WITHOUT_TABLES, folder),
    )
    if any(os.environ.get(name) for name in _SHARED):
        return _finish([_start([*first, *others], sys.stdout)])
    with tempfile.TemporaryFile("w+") as kept:
        status = _finish([_start(first, sys.stdout), _start(others, kept)])
        kept.seek(0)
        sys.stdout.write(kept.read())
    return status


def _start(arguments: Sequence[str], output: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # The services come with the first test that asks for them; see tests.conftest.
        [sys.executable, "-m", "pytest", *arguments],
        text=True,
        env=build_environment(throwaway=True),
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
    )


def _finish(halves: Sequence[subprocess.Popen[str]]) -> int:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for half in halves:
            half.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return max(abs(half.wait()) for half in halves)


if __name__ == "__main__":
    sys.exit(main())
