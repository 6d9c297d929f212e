"""A code as an app shows it, written from RFC 6238 and not with the library under test."""

import base64
import hashlib
import hmac
import struct
import time


def make_code(secret: str, *, steps: int = 0) -> str:
    """Six digits for now, or some steps of 30 seconds later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = int(time.time()) // 30 + steps
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
