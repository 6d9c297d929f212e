"""examples/payroll_client.py: shows what a payroll would change, and lets it take effect."""

import os
import subprocess
import sys
from datetime import date

from config.local.session import PROJECT
from tests.contract.conftest import Site

PROGRAM = PROJECT / "examples" / "payroll_client.py"
PAYROLL = PROJECT / "examples" / "payroll.csv"


def run(site: Site, *arguments: str, key: str = "") -> tuple[str, str]:
    """What it prints: told, complained."""
    day = date.today().replace(day=1).isoformat()  # noqa: DTZ011 -- the program's own clock
    ran = subprocess.run(
        [
            sys.executable,
            str(PROGRAM),
            str(PAYROLL),
            "--url",
            site.root,
            "--as-of",
            day,
            *arguments,
        ],
        env={"PATH": os.environ["PATH"], "BAU_KEY": key or site.example_key},
        text=True,
        capture_output=True,
        check=False,
    )
    assert bool(ran.stderr) == bool(ran.returncode)
    return ran.stdout, ran.stderr


def test_the_example_shows_applies_and_then_finds_nothing_to_do(site: Site) -> None:
    looked, _ = run(site)
    lines = looked.splitlines()
    assert lines[0].split()[:2] == ["1001", "PAY_CHANGE"]
    assert lines[0].endswith("3200.00 -> 3400.00")
    assert lines[1].split()[:2] == ["1003", "JOIN"]
    assert lines[2].split()[:2] == ["1002", "LEAVE"]
    assert lines[-1] == "discarded"

    applied, _ = run(site, "--apply")
    assert applied.splitlines()[:-1] == lines[:-1]
    assert applied.splitlines()[-1] == "applied"
    again, _ = run(site)
    assert not any(kind in again for kind in ("PAY_CHANGE", "JOIN", "LEAVE"))


def test_the_example_says_what_is_wrong(site: Site) -> None:
    told, complained = run(site, "--as-of", "2026-02-30")
    assert told == ""
    assert complained.splitlines()[0].startswith("INVALID_BODY: ")
    assert complained.splitlines()[1].startswith("  as_of: ")
    assert run(site, key="nobody's")[1].startswith("WRONG_KEY: ")


def test_the_example_is_short() -> None:
    assert len(PROGRAM.read_text(encoding="utf-8").splitlines()) < 80
