"""When two entries tell of the same movement: once in a notification, once in a statement.

See docs/decisions/018-bank-answers.md.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Hashable
from typing import Any

from billing.facts.bank import BankEntry

_NOT_WORD = re.compile(r"\W+")


class Fingerprints:
    """Fingerprints of the entries of one message.

    Two equal movements of a day are two: they are told apart by their order in the message.
    """

    def __init__(self) -> None:
        self._seen = Counter[Hashable]()

    def take(self, entry: BankEntry) -> str:
        """The fingerprint of the next entry, 64 hexadecimal digits."""
        key = _identify(entry)
        # Kept by their digest: those of a hundred thousand entries would be large.
        digest = hashlib.sha256(key.encode()).digest()
        self._seen[digest] += 1
        times = self._seen[digest]
        if times == 1:
            return digest.hex()
        return hashlib.sha256(f"{key}|{times}".encode()).hexdigest()


# Entries just read and entries kept have these by the same names, and nothing else in common.
Movement = Any


def weak_key(entry: Movement) -> str:
    """What is equal in every telling of a movement, whether the bank gives its reference or not."""
    return "|".join((_movement(entry), entry.end_to_end_id, entry.party_iban, _words(entry)))


def _identify(entry: BankEntry) -> str:
    if entry.bank_reference or entry.end_to_end_id:
        return "|".join((_movement(entry), entry.bank_reference, entry.end_to_end_id))
    written = (entry.payment_information_id, entry.party_iban, _words(entry))
    return "|".join((_movement(entry), *written))


def _movement(entry: Movement) -> str:
    kind = "R" if entry.reversal else ""
    day = entry.booked_on.isoformat()
    return f"{entry.account_iban}|{entry.direction}{kind}|{entry.amount:.2f}|{day}"


def _words(entry: Movement) -> str:
    """The purpose without spaces and signs: messages break its lines differently."""
    return _NOT_WORD.sub("", entry.remittance).casefold()
