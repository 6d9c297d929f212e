"""What came of a call to somebody's address, and what an address is."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended."""

    OK = "OK"
    STATUS = "STATUS"
    TIMEOUT = "TIMEOUT"
    CONNECTION = "CONNECTION"
    CERTIFICATE = "CERTIFICATE"
    UNKNOWN_NAME = "UNKNOWN_NAME"
    REFUSED_ADDRESS = "REFUSED_ADDRESS"
    # Not called: its secret was sealed with a key that is no longer there.
    UNSIGNED = "UNSIGNED"


@dataclass(frozen=True, slots=True)
class Target:
    """An address (URL) taken apart: `path` is everything after the host, with its query."""

    is_secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status_code` only where the receiver answered at all."""

    outcome: Outcome
    status_code: int | None = None
    duration_ms: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more calls (410)."""
        return self.status_code == 410


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: signed anew for each attempt."""

    target: Target
    headers: dict[str, str]
    body: bytes
