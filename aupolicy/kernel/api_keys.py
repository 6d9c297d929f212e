"""Keys of programs: how they look, and what is kept of them."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

_START: Final = "bau"
_SHAPE: Final = re.compile(rf"({_START}_[a-z2-7]{{8}})_[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once; `prefix` is its beginning, by which people tell keys apart."""

    text: str
    prefix: str


def make_key() -> NewKey:
    """A new key: "bau_", eight characters that are no secret, and 256 bits that are."""
    shown = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(8))
    prefix = f"{_START}_{shown}"
    return NewKey(f"{prefix}_{secrets.token_urlsafe(32)}", prefix)


def make_client_secret() -> str:
    """A new secret for OAuth client credentials: 256 bits after a beginning that tells its kind."""
    return f"{_START}s_{secrets.token_urlsafe(32)}"


def looks_like_key(text: str) -> bool:
    """Whether a text has the shape of a key; anything else need not be looked up."""
    return _SHAPE.fullmatch(text) is not None


def hash_key(text: str) -> str:
    """What is kept of a key. It is random itself, so a plain SHA-256 gives nothing away."""
    return hashlib.sha256(text.encode()).hexdigest()
