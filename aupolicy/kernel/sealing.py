"""Texts and files sealed with AES-256-GCM under keys from the environment.

What is sealed names the key that sealed it, so that a new key can be put in front of the old ones.
`place` (table, field and, where rows must not be exchanged, row) is bound to it, not hidden.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class UnableToUnseal(ValueError):
    """A text or file that was not sealed with one of our keys for this place."""


def seal(text: str, *, keys: Mapping[str, bytes], place: str) -> str:
    """Seal a text with the first key."""
    key_id, key = next(iter(keys.items()))
    return f"{key_id}:{base64.b64encode(_encrypt(text.encode(), key, place)).decode()}"


def unseal(sealed: str, *, keys: Mapping[str, bytes], place: str) -> str:
    """The text that was sealed for this place. Raises UnableToUnseal."""
    key_id, _, encoded = sealed.partition(":")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnableToUnseal(f"sealed with {key_id!r}") from error
    return _decrypt(raw, key_id, keys, place).decode()


def seal_bytes(content: bytes, *, keys: Mapping[str, bytes], place: str) -> bytes:
    """Seal a file's content with the first key."""
    key_id, key = next(iter(keys.items()))
    return key_id.encode() + b":" + _encrypt(content, key, place)


def unseal_bytes(sealed: bytes, *, keys: Mapping[str, bytes], place: str) -> bytes:
    """The content that was sealed for this place. Raises UnableToUnseal."""
    key_id, _, raw = sealed.partition(b":")
    return _decrypt(raw, key_id.decode(errors="replace"), keys, place)


def list_fingerprints(content: bytes, *, keys: Mapping[str, bytes], purpose: str) -> list[str]:
    """HMAC-SHA256 of a content under each key, the first key's first, in hexadecimal.

    It tells whether two contents are the same, but nobody without a key can try what one is. The
    keys that seal are not used themselves: another is derived from each for this purpose.
    """
    derived = [
        hmac.digest(key, f"fingerprint:{purpose}".encode(), "sha256") for key in keys.values()
    ]
    return [hmac.new(key, content, hashlib.sha256).hexdigest() for key in derived]


def _encrypt(content: bytes, key: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def _decrypt(raw: bytes, key_id: str, keys: Mapping[str, bytes], place: str) -> bytes:
    try:
        return AESGCM(keys[key_id]).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode())
    except (KeyError, ValueError, InvalidTag) as error:
        raise UnableToUnseal(f"sealed with {key_id!r}") from error
