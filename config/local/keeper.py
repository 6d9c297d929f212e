"""One keeper process per local server: it starts the server and stops it after the last user.

A user holds a shared lock on the server's folder for as long as it works. The keeper tries to
take the lock for itself; when it gets it, nobody is left and it stops the server. The kernel
gives back the locks of a process that is killed, so even SIGKILL on a user leaves nothing.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Protocol

_POLL_SECONDS = 0.05
_START_SECONDS = 90.0
_STOP_SECONDS = 60.0
_LOG_BYTES = 3000


class UnableToStartServer(Exception):
    """A local server did not come up; the text holds the end of its log."""


@dataclass(frozen=True, kw_only=True)
class ServerState:
    """What users need to know of a running server."""

    url: str


class Server(Protocol):
    """A server that a keeper can keep."""

    def start(self) -> str:
        """Start the server and return its URL once it answers."""

    def is_alive(self) -> bool:
        """Tell whether the server's process runs."""

    def stop(self) -> None:
        """Stop the server and wait for its end."""

    def remove_data(self) -> bool:
        """Tell whether the folder is to be removed after the end."""


class Keeping:
    """A user's side: hold a server while working. Call `begin`, `wait`, and at last `end`."""

    def __init__(self, *, kind: str, folder: Path, throwaway: bool) -> None:
        self._kind = kind
        self._folder = folder
        self._throwaway = throwaway
        self._in_use = -1
        self._starting = -1
        self._keeper: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def begin(self) -> None:
        """Take a share in the server and send for a keeper if there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._in_use = _open_lock(self._folder / "in-use.lock")
        fcntl.flock(self._in_use, fcntl.LOCK_SH)
        self._starting = _open_lock(self._folder / "starting.lock")
        fcntl.flock(self._starting, fcntl.LOCK_EX)
        self._spawn_missing_keeper()

    def wait(self) -> ServerState:
        """Return the state of the running server, or raise UnableToStartServer."""
        deadline = time.monotonic() + _START_SECONDS
        try:
            while time.monotonic() < deadline:
                state = read_state(self._folder)
                if state is not None:
                    return state
                if self._keeper is None:
                    # The one that was there may have ended since, with its server.
                    self._spawn_missing_keeper()
                elif self._keeper.poll() is not None:
                    break
                time.sleep(_POLL_SECONDS)
        finally:
            os.close(self._starting)
        raise UnableToStartServer(f"{self._kind} did not start:\n{self._read_log()}")

    def end(self) -> None:
        """Give the share back; if it was the last one, wait until the server has stopped."""
        fcntl.flock(self._in_use, fcntl.LOCK_UN)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._is_stopping() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        os.close(self._in_use)
        if self._log is not None:
            self._log.close()

    def _is_stopping(self) -> bool:
        """Tell whether the keeper is about to stop; False if it has, or if others stay."""
        if self._keeper is not None and self._keeper.poll() is not None:
            return False
        if self._keeper is None and read_state(self._folder) is None:
            return False
        # Free for a share although nobody is stopping: somebody else may hold one.
        return not self._others_stay()

    def _others_stay(self) -> bool:
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                fcntl.flock(self._in_use, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            fcntl.flock(self._in_use, fcntl.LOCK_UN)
            return True
        fcntl.flock(self._in_use, fcntl.LOCK_UN)
        return False

    def _spawn_missing_keeper(self) -> None:
        if not is_in_use(self._folder / "keeper.lock"):
            (self._folder / "state.json").unlink(missing_ok=True)
            self._keeper = self._spawn_keeper()

    def _spawn_keeper(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "config.local", "keep", self._kind, str(self._folder)]
        if self._throwaway:
            command.append("--throwaway")
        project = Path(__file__).resolve().parents[2]
        # Kept open, so that it can be read even after the keeper removed its folder.
        self._log = (self._folder / "keeper.log").open("w+b")
        return subprocess.Popen(
            command,
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            # Out of the terminal's reach: Ctrl-C is for the user, who then gives back.
            start_new_session=True,
        )

    def _read_log(self) -> str:
        """Return the end of the keeper's log, for an error message."""
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read()[-_LOG_BYTES:].decode(errors="replace").strip()


def keep(server: Server, *, folder: Path) -> None:
    """Run the server until nobody uses it (the keeper's whole life)."""
    stop_requests: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stop_requests.append(received))
    in_use = _open_lock(folder / "in-use.lock")
    # Held for the keeper's whole life: where it is free, a state file is a leftover.
    fcntl.flock(_open_lock(folder / "keeper.lock"), fcntl.LOCK_EX)
    try:
        url = server.start()
        _write_state(folder, ServerState(url=url))
        while server.is_alive() and not stop_requests:
            try:
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_POLL_SECONDS)
    finally:
        server.stop()
        (folder / "state.json").unlink(missing_ok=True)
        if server.remove_data():
            shutil.rmtree(folder, ignore_errors=True)
            _remove_if_last(folder.parent)


def read_state(folder: Path) -> ServerState | None:
    """Return the running server's state, or None if there is none."""
    try:
        return ServerState(**json.loads((folder / "state.json").read_text()))
    except FileNotFoundError:
        return None


def is_in_use(lock: Path) -> bool:
    """Tell whether a user or a keeper holds the lock of a server's folder."""
    descriptor = _open_lock(lock)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all at once or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _write_state(folder: Path, state: ServerState) -> None:
    write_private(folder / "state.json", json.dumps(asdict(state)))


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _remove_if_last(home: Path) -> None:
    """Remove a throwaway home once no server's folder is left in it."""
    if not any((folder / "in-use.lock").exists() for folder in home.iterdir()):
        shutil.rmtree(home, ignore_errors=True)
