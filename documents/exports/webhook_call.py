"""What is sent to somebody's address, as standard-webhooks describes it.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from documents.facts.webhooks import Call, Target

SECRET_PREFIX = "whsec_"  # noqa: S105 -- how every secret begins
_SECRET_BYTES = 32


def make_secret() -> str:
    """A new secret that signs, as its receiver keeps it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def write_body(*, topic: str, happened_at: datetime, data: Mapping[str, Any]) -> bytes:
    """The body: which event, when it happened, and the keys of what it is about."""
    told = {"type": topic, "timestamp": _write_moment(happened_at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def sign(*, message_id: str, sent_at: int, body: bytes, secret: str) -> str:
    """The signature of one attempt, "v1,..."; `sent_at` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    signed = f"{message_id}.{sent_at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def write_call(
    *, target: Target, message_id: str, body: bytes, secrets_in_force: Sequence[str], now: datetime
) -> Call:
    """One attempt. Every secret in force signs it, so that a receiver may know the old or the new.

    The id stays the same in all attempts; by it a receiver finds what came twice.
    """
    sent_at = int(now.timestamp())
    signatures = (
        sign(message_id=message_id, sent_at=sent_at, body=body, secret=secret)
        for secret in secrets_in_force
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "bAU-Webhooks/1",
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(signatures),
    }
    return Call(target, headers, body)


def _write_moment(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
