"""The whole description is tried: everything it promises, and everything it does not allow."""

import subprocess
import sys
from pathlib import Path

from tests.contract.conftest import Site

SETTINGS = Path(__file__).with_name("schemathesis.toml")


def test_every_operation_keeps_what_the_description_promises(site: Site, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS)),
        *("run", f"{site.root}/schema", "--url", site.root, "--no-color"),
        *("--header", f"Authorization: Bearer {site.large_key}"),
    ]
    ran = subprocess.run(
        command, cwd=tmp_path, text=True, capture_output=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout[-20000:] + ran.stderr[-2000:]
