"""Headings and words compared as people mean them, however they are written."""

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_PUNCTUATION = re.compile(r"[^a-z0-9]")


def plain(text: str) -> str:
    """A heading or word without case, spaces, punctuation and umlaut spelling."""
    # Composed first: some programs write a letter and its dots apart.
    lowered = unicodedata.normalize("NFC", text).strip().casefold().translate(_UMLAUTS)
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKD", lowered))
