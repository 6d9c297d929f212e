"""Names of files that survive every file system: plain letters, digits, point, dash, underscore."""

import re

from billing.exports.sepa_text import transliterate

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
PART_MAX_LENGTH = 60


def safe_part(text: str) -> str:
    """One part of a file name: "Müller & Söhne" -> "Mueller_Soehne"; never empty or hidden."""
    plain = _UNSAFE.sub("_", transliterate(text)).strip("_.-")
    return plain[:PART_MAX_LENGTH].rstrip("_.-") or "ohne"


def file_name(*parts: str, suffix: str = "pdf") -> str:
    """Parts joined by underscores: Versicherungsbestaetigung_1001_Mueller.pdf."""
    return f"{'_'.join(safe_part(part) for part in parts)}.{suffix}"
