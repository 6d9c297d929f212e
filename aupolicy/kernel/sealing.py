"""Single fields sealed with AES-256-GCM under keys from the environment.

A sealed text names the key that sealed it, so that a new key can be put in front of the old ones.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class UnableToUnseal(ValueError):
    """A text that was not sealed with one of our keys for this place."""


def seal(text: str, *, keys: Mapping[str, bytes], place: str) -> str:
    """Seal a text with the first key. `place` (table and field) is bound to it, not hidden."""
    key_id, key = next(iter(keys.items()))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, keys: Mapping[str, bytes], place: str) -> str:
    """The text that was sealed for this place. Raises UnableToUnseal."""
    key_id, _, encoded = sealed.partition(":")
    try:
        raw = base64.b64decode(encoded, validate=True)
        opened = AESGCM(keys[key_id]).decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode()
        )
    except (KeyError, binascii.Error, ValueError, InvalidTag) as error:
        raise UnableToUnseal(f"sealed with {key_id!r}") from error
    return opened.decode()
