"""Where a list goes on: opaque to programs, checked when it comes back."""

import base64
import binascii
import json
from typing import Any

from api.facts import Problem

_LONGEST = 400


def write_cursor(place: list[Any]) -> str:
    """The place after which the next page begins, as URL-safe text."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(text: str, kinds: tuple[type, ...]) -> list[Any]:
    """The place a cursor names; `kinds` are the types of its parts. Raises Problem (400)."""
    try:
        padded = text + "=" * (-len(text) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise Problem(400, "INVALID_CURSOR") from None
    fits = isinstance(place, list) and len(text) <= _LONGEST and len(place) == len(kinds)
    if not fits or any(type(part) is not kind for part, kind in zip(place, kinds, strict=True)):
        raise Problem(400, "INVALID_CURSOR")
    if any(isinstance(part, int) and not 0 <= part < 2**63 for part in place):
        raise Problem(400, "INVALID_CURSOR")
    if any(isinstance(part, str) and not part.isprintable() for part in place):
        raise Problem(400, "INVALID_CURSOR")
    found: list[Any] = place
    return found
