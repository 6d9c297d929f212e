"""The real browser that looks at the pages, and the server it looks at."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from shutil import which

from config.local.processes import find_free_port
from config.local.session import PROJECT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=de",
)  # fmt: skip
_PATIENCE_SECONDS = 60


class NoAnswer(RuntimeError):
    """The web server did not come up in time."""


def find_browser() -> str | None:
    """Where Chromium lies, None where there is none."""
    return next((path for name in BROWSERS if (path := which(name))), None)


@contextmanager
def serve(env: Mapping[str, str]) -> Iterator[str]:
    """The portal on a free port, by the environment's database. Raises NoAnswer."""
    address = f"127.0.0.1:{find_free_port()}"
    command = [sys.executable, str(PROJECT / "manage.py"), "runserver", "--noreload", address]
    quiet = {**env, "LOG_LEVEL": "ERROR"}
    with subprocess.Popen(command, env=quiet, cwd=PROJECT, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{address}/sign-in/")
            yield f"http://{address}"
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    """Until a server just started answers there. Raises NoAnswer."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 -- our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise NoAnswer(address)
