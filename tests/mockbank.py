"""A real bank's side of the wire: mock-bank as a process of its own, for the tests of any folder.

To use it, import the fixture into a conftest: `from tests.mockbank import mock_bank`.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

BANK_TIME = "2026-12-01T09:00"
STARTUP_SECONDS = 30

_ADDRESS = re.compile(r"listening on (http://127\.0\.0\.1:\d+)/")


class Reply(NamedTuple):
    """HTTP status and parsed body."""

    status: int
    body: Any


class MockBank:
    """What a test asks of the bank at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Without proxies: the bank is on this machine whatever the environment says.
        self._opener = build_opener(ProxyHandler({}))

    def call(self, method: str, path: str, body: bytes | None = None) -> Reply:
        """One request; refusals are replies too."""
        request = Request(self.url + path, data=body, method=method)  # noqa: S310 - http to 127.0.0.1
        try:
            with self._opener.open(request, timeout=30) as response:
                return Reply(response.status, json.loads(response.read() or b"null"))
        except HTTPError as error:
            with error:
                return Reply(error.code, json.loads(error.read() or b"null"))

    def open_account(self, *, iban: str, name: str, account_id: str = "CREDITOR") -> None:
        """Make the bank keep the creditor's account."""
        account = {"id": account_id, "iban": iban, "name": name, "currency": "EUR"}
        reply = self.call("POST", "/_mock/accounts", json.dumps(account).encode())
        assert reply.status == 201, reply

    def submit(self, file: bytes) -> Reply:
        """Hand in a payment file. 202 when the bank took it, 422 when it refused it outright."""
        return self.call("POST", "/payments", file)

    def messages(self, kind: str) -> list[str]:
        """XML of every message the bank sent whose type begins so, oldest first."""
        return [
            message["body"] for message in self.call("GET", f"/_mock/messages?type={kind}").body
        ]

    def collections(self) -> dict[str, dict[str, Any]]:
        """What the bank recorded of every debit, by end-to-end id."""
        return {row["end_to_end_id"]: row for row in self.call("GET", "/_mock/collections").body}

    def refuse(self, end_to_end_id: str, *, reason: str) -> Reply:
        """Let the debtor's bank send a debit back."""
        body = json.dumps({"reason": reason}).encode()
        return self.call("POST", f"/_mock/collections/{end_to_end_id}/refuse", body)

    def advance(self, *, days: int) -> Reply:
        """Move the bank's clock."""
        return self.call("POST", f"/_mock/advance?days={days}")


@contextmanager
def running_mock_bank(folder: Path, *, bank_time: str = BANK_TIME) -> Iterator[MockBank]:
    """A fresh bank on a free port of 127.0.0.1, its clock at `bank_time`; its log in `folder`."""
    log_file = folder / "mock-bank.log"
    command = [sys.executable, "-m", "mockbank", "--port", "0", "--clock", bank_time]
    with log_file.open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            yield MockBank(_wait_for_address(process, log_file))
        finally:
            process.terminate()


def _wait_for_address(process: subprocess.Popen[bytes], log_file: Path) -> str:
    """The bank chooses its port and names it in its first line."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := _ADDRESS.search(log_file.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"mock-bank did not start: {log_file.read_text(encoding='utf-8')}")


@pytest.fixture
def mock_bank(tmp_path: Path) -> Iterator[MockBank]:
    """A bank that has just opened on 1 December 2026, 9:00 UTC."""
    with running_mock_bank(tmp_path) as bank:
        yield bank
