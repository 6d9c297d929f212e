"""A named crash point kills its process at once, and never in production."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import sys
import django
django.setup()
from django.conf import settings
settings.BAU_ENV = sys.argv[1]
from billing.operations.crash_points import crash_point
crash_point("slice.claimed")
print("alive")
"""


@pytest.mark.parametrize(
    ("environment", "asked", "dies"),
    [
        ("test", "slice.claimed", True),
        ("test", "slice.done", False),
        ("production", "slice.claimed", False),
    ],
)
def test_a_process_dies_where_it_was_told_to(environment: str, asked: str, *, dies: bool) -> None:
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "BAU_ENV": "test"}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, environment],
        env={**os.environ, **told, "BILLING_CRASH_AT": asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == ((-signal.SIGKILL, "") if dies else (0, "alive\n"))
