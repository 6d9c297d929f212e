"""One call to somebody's address: to the very IP address that was checked, in bounded time.

Nothing that the receiver says is followed or kept but its status code.
"""

import io
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from time import perf_counter
from typing import Any

from documents.exports.webhook_address import UnableToCall, is_public
from documents.facts.webhooks import Answer, Call, Outcome, Target

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
_MOST_ANSWER = 4_096
_MS = 1_000


class _Watch:
    """What is left of the time that a call may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._begun = seconds, perf_counter()

    def left(self) -> float:
        """Seconds, more than 0. Raises TimeoutError."""
        left = self._seconds - (perf_counter() - self._begun)
        if left <= 0:
            raise TimeoutError
        return left

    def elapsed_ms(self) -> int:
        return int((perf_counter() - self._begun) * _MS)


def resolve(target: Target, *, allow_private: bool) -> list[tuple[int, Any]]:
    """All addresses of a name, each one allowed: (family, address). Raises UnableToCall.

    One forbidden address among allowed ones is enough to refuse: the name is not trusted.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnableToCall("UNKNOWN_NAME") from None
    addresses = [(int(family), address) for family, _, _, _, address in found]
    if not allow_private and not all(is_public(str(address[0])) for _, address in addresses):
        raise UnableToCall("PRIVATE_ADDRESS")
    return addresses


def send_call(
    call: Call, *, allow_private: bool = False, whole_seconds: float = WHOLE_SECONDS
) -> Answer:
    """Send one attempt and say how it ended; never raises for what the network or receiver does."""
    watch = _Watch(whole_seconds)
    try:
        status = _post(call, resolve(call.target, allow_private=allow_private), watch)
    except UnableToCall as error:
        is_unknown = error.code == "UNKNOWN_NAME"
        outcome = Outcome.UNKNOWN_NAME if is_unknown else Outcome.REFUSED_ADDRESS
        return Answer(outcome, duration_ms=watch.elapsed_ms())
    except TimeoutError:
        return Answer(Outcome.TIMEOUT, duration_ms=watch.elapsed_ms())
    except ssl.SSLCertVerificationError:
        return Answer(Outcome.CERTIFICATE, duration_ms=watch.elapsed_ms())
    except (OSError, HTTPException):
        return Answer(Outcome.CONNECTION, duration_ms=watch.elapsed_ms())
    outcome = Outcome.OK if status // 100 == 2 else Outcome.STATUS
    return Answer(outcome, status, watch.elapsed_ms())


def _post(call: Call, addresses: Sequence[tuple[int, Any]], watch: _Watch) -> int:
    connection = _Pinned(call.target, addresses, watch)
    try:
        connection.request("POST", call.target.path, call.body, call.headers)
        response = connection.getresponse()
        # The answer counts once its head is there; the rest is only let finish, and thrown away.
        with suppress(OSError, HTTPException):
            response.read(_MOST_ANSWER)
        return response.status
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to addresses that were checked, under the name they were checked for."""

    def __init__(self, target: Target, addresses: Sequence[tuple[int, Any]], watch: _Watch) -> None:
        super().__init__(target.host, target.port)
        # Its port is left out of the Host header.
        self.default_port = 443 if target.is_secure else 80
        self._target, self._addresses, self._watch = target, addresses, watch

    def connect(self) -> None:
        """Reach one of the addresses; the name is not looked up again."""
        line = self._reach()
        if self._target.is_secure:
            try:
                line.settimeout(self._watch.left())
                line = _tls().wrap_socket(line, server_hostname=self._target.host)
            except BaseException:
                line.close()
                raise
        # What http.client needs of a socket.
        self.sock = _Timed(line, self._watch)

    def _reach(self) -> socket.socket:
        failure: OSError = ConnectionError("no address")
        for family, address in self._addresses:
            line = socket.socket(family, socket.SOCK_STREAM)
            try:
                line.settimeout(min(CONNECT_SECONDS, self._watch.left()))
                line.connect(address)
            except OSError as error:
                line.close()
                failure = error
            else:
                return line
        raise failure


class _Timed:
    """A socket that no sending and no reading makes wait longer than what is left of a call."""

    def __init__(self, line: socket.socket, watch: _Watch) -> None:
        self._line, self._watch = line, watch

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(self._watch.left())
        self._line.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._line, self._watch))

    def close(self) -> None:
        self._line.close()


class _Reader(io.RawIOBase):
    """Reads with what is left of the time, so that an answer in drops ends too."""

    def __init__(self, line: socket.socket, watch: _Watch) -> None:
        super().__init__()
        self._line, self._watch = line, watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(self._watch.left())
        return self._line.recv_into(buffer)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
