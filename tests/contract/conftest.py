"""A server as vendors of payroll programs meet it: one world, shared by all tests here.

Their programs are other processes, so its data is committed; it goes to a copy of the test
database that is dropped afterwards, and no test of another folder ever sees it. (pytest-django
makes the test database only where a test is marked with django_db.)
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from config.local.processes import find_free_port
from config.local.session import PROJECT
from tests.databases import copy_database
from tests.web.browser import wait_for


@dataclass(frozen=True)
class Site:
    """A running server: its address, and what programs were given to sign in."""

    address: str
    key: str
    example_key: str
    large_key: str
    client_id: str
    client_secret: str
    contract: str
    env: dict[str, str]

    @property
    def root(self) -> str:
        """The address of the API."""
        return f"{self.address}/api/v1"

    def get(self, path: str) -> Any:
        """The JSON of an address of the API."""
        request = urllib.request.Request(  # noqa: S310 -- our own server
            f"{self.root}/{path}", headers={"Authorization": f"Bearer {self.key}"}
        )
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 -- as above
            return json.load(response)


@pytest.fixture(scope="session")
def site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The server and its world."""
    address = f"http://127.0.0.1:{find_free_port()}"
    with django_db_blocker.unblock(), copy_database("contract") as database:
        env = {
            **os.environ,
            "BAU_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database,
            "FILES_ROOT": str(tmp_path_factory.mktemp("contract-files")),
            "PORTAL_URL": address,
            # Programs of tests are in a hurry.
            "API_REQUESTS_A_MINUTE": "1000000",
            "LOG_LEVEL": "ERROR",
        }
        built = subprocess.run(
            [sys.executable, "-m", "tests.contract.build"],
            env=env,
            cwd=PROJECT,
            check=True,
            stdout=subprocess.PIPE,
        )
        told = json.loads(built.stdout.splitlines()[-1])
        with _serve(address, env):
            yield Site(address=address, env=env, **told)


@contextmanager
def _serve(address: str, env: dict[str, str]) -> Iterator[None]:
    """The web server of production, with one process."""
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "python:config.gunicorn"),
        *("--bind", address.removeprefix("http://"), "--workers", "1", "--threads", "4"),
        *("--worker-tmp-dir", env["FILES_ROOT"], "--log-level", "error"),
    ]
    with subprocess.Popen(command, env=env, cwd=PROJECT) as server:
        try:
            wait_for(f"{address}/healthz")
            yield
        finally:
            server.terminate()
