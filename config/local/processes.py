"""Starting programs so that none outlives the one that started it."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a child must run before its program so that it ends with its parent.

    Linux only; elsewhere None, and a parent killed with SIGKILL leaves its children.
    """
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
        if os.getppid() != parent:
            # The parent died before the kernel was asked.
            os.kill(os.getpid(), with_signal)

    return ask_kernel


def find_free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_unprivileged_user() -> pwd.struct_passwd:
    """Return an existing user without privileges for a server that refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("Running as root, but neither a user 'postgres' nor 'nobody' exists.")


def can_reach(path: Path, *, user: pwd.struct_passwd, mode: str) -> bool:
    """Tell whether the user can read ("r"), enter or execute ("x") the path."""
    test = subprocess.run(
        ["/bin/sh", "-c", f'test -{mode} "$1"', "sh", str(path)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return test.returncode == 0


def run_children(commands: Sequence[Sequence[str]], *, env: dict[str, str]) -> int:
    """Run the commands side by side and return the exit status.

    The last command is the main one: when it ends, the others are ended. When one of the
    others ends by itself, everything ends with status 1. Ctrl-C and SIGTERM end all.
    """
    children: list[subprocess.Popen[bytes]] = []
    for number, command in enumerate(commands, start=1):
        children.append(
            subprocess.Popen(
                command,
                env=env,
                # The main command keeps the terminal; the others get a group of their own,
                # so that Ctrl-C reaches them once, from us, in order.
                process_group=None if number == len(commands) else 0,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        )
    with ForwardedSignals(children[-1]):
        return _wait(children)


class ForwardedSignals:
    """While active, SIGINT and SIGTERM go to the main child instead of ending us."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._forward)

    def __exit__(self, *_exc: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and _terminal_is_ours():
            # Ctrl-C already reached the child, and a second one means "stop at once".
            return
        if self._child.poll() is None:
            self._child.send_signal(number)


def _terminal_is_ours() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _wait(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait for the first child to end, end the others, return the status for our own exit."""
    *others, main = children
    status: int | None = None
    while status is None:
        if any(child.poll() is not None for child in others):
            print("A background process ended by itself; stopping.", file=sys.stderr)
            stop(main, seconds=10)
            status = 1
        else:
            try:
                status = main.wait(timeout=0.5 if others else None)
            except subprocess.TimeoutExpired:
                continue
    for child in others:
        stop(child, seconds=10)
    return 128 - status if status < 0 else status


def stop(child: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Ask the child to end, and kill its group when it has not after these seconds."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        if os.getpgid(child.pid) != os.getpgrp():
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        child.wait()
