"""One spelling of a context, so that equal contents have equal digests."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from documents.facts import Context


def _plain(value: Any) -> Any:
    """A value as JSON knows it; Decimal and dates as text, dataclasses as objects."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"no canonical form for {type(value).__name__}")


def write_canonical(context: Context) -> bytes:
    """Canonical JSON of a context: UTF-8, sorted keys, no spaces, amounts as text."""
    plain = _plain(context)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def compute_digest(context: Context) -> str:
    """SHA-256 of the canonical JSON in hexadecimal: the same for whatever says the same."""
    return hashlib.sha256(write_canonical(context)).hexdigest()
