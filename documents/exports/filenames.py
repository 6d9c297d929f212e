"""Names of files that survive every file system: plain letters, digits, point, dash, underscore."""

import re

from billing.exports.sepa_text import transliterate

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")
# Banks read capitals, people read names: "OEztuerk" becomes "Oeztuerk", "OELMUELLER" stays.
_LONE_UMLAUT = re.compile(r"[AOU]E(?=[a-z])")
PART_MAX_LENGTH = 60


def safe_part(text: str) -> str:
    """One part of a file name: "Müller & Söhne" -> "Mueller_Soehne"; never empty or hidden."""
    written_out = _LONE_UMLAUT.sub(lambda match: match[0].title(), transliterate(text))
    plain = _UNSAFE.sub("_", written_out).strip("_.-")
    return plain[:PART_MAX_LENGTH].rstrip("_.-") or "ohne"


def file_name(*parts: str, suffix: str = "pdf") -> str:
    """Parts joined by underscores: Versicherungsbestaetigung_1001_Mueller.pdf."""
    return f"{'_'.join(safe_part(part) for part in parts)}.{suffix}"
