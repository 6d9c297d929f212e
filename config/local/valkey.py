"""A Valkey server that keeps nothing on disk: jobs are rows, the broker may forget."""

import contextlib
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from config.local.binaries import find_valkey
from config.local.keeper import UnableToStartServer
from config.local.processes import die_with_parent, find_free_port, stop

_START_SECONDS = 20.0


class ValkeyServer:
    """Valkey on a free port of 127.0.0.1 behind a generated password."""

    def __init__(self, *, folder: Path, throwaway: bool) -> None:
        self._folder = folder
        self._throwaway = throwaway
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server and return its URL once it answers."""
        port, password = find_free_port(), secrets.token_urlsafe(24)
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{self._folder}"',
            'save ""',
            "appendonly no",
            "daemonize no",
        ]
        with tempfile.TemporaryFile() as settings:
            settings.write("\n".join(lines).encode())
            settings.seek(0)
            self._process = subprocess.Popen(
                # The settings go through stdin: the password is in no list of processes.
                [str(find_valkey()), "-"],
                stdin=settings,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self._wait_until_it_answers(port, password)
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def is_alive(self) -> bool:
        """Tell whether the server's process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        if self._process is not None:
            stop(self._process, seconds=10)

    def remove_data(self) -> bool:
        """Tell whether the folder is to be removed after the end."""
        return self._throwaway

    def _wait_until_it_answers(self, port: int, password: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.is_alive():
            with contextlib.suppress(OSError):
                if _answers(port, password):
                    return
            time.sleep(0.02)
        raise UnableToStartServer("Valkey does not answer.")


def _answers(port: int, password: str) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
        link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        answer = b""
        while answer.count(b"\r\n") < 2:
            part = link.recv(256)
            if not part:
                return False
            answer += part
        return answer == b"+OK\r\n+PONG\r\n"
