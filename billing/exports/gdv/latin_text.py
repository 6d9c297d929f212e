"""Text in the characters of ISO-8859-1, which is all that a GDV record can hold.

Letters that it has stay as they are, with their umlauts and accents. Of what it lacks, letters
lose their marks ("Č" to "C"), "œ", "ł" and the like are written out, "€" becomes "EUR", curly
quotes and long dashes straight ones, and what cannot be said otherwise a point. White space of
any kind becomes a blank; control characters and soft hyphens go.
"""

import re
import unicodedata

# Neither the soft hyphen, which is seen only where a line breaks, nor the blank that never breaks.
_PRINTABLE = re.compile(r"[ -~¡-¬®-ÿ]*")
_OTHERS = (
    str.maketrans("ŁłĐđĦħıŊŋŦŧ", "LlDdHhiNnTt")
    | str.maketrans({"Œ": "OE", "œ": "oe", "ẞ": "SS", "€": "EUR", "…": "...", "™": "TM"})
    | str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
    | str.maketrans(dict.fromkeys("‘’‚‛′", "'"))
    | str.maketrans(dict.fromkeys("“”„‟″", '"'))
)


def is_latin_text(text: str) -> bool:
    """Whether a text is printable and holds nothing but characters of ISO-8859-1."""
    return _PRINTABLE.fullmatch(text) is not None


def write_latin(text: str) -> str:
    """The text in printable characters of ISO-8859-1, without outer blanks.

    Applying it twice changes nothing more.
    """
    if not is_latin_text(text):
        composed = unicodedata.normalize("NFC", text).translate(_OTHERS)
        text = "".join(_latin(char) for char in composed)
    return text.strip()


def _latin(char: str) -> str:
    if is_latin_text(char):
        return char
    if char.isspace():
        return " "
    if unicodedata.category(char) in ("Cc", "Cf"):
        return ""
    parts = (part for part in unicodedata.normalize("NFKD", char).translate(_OTHERS))
    plain = "".join(p for p in parts if unicodedata.category(p)[0] != "M" and is_latin_text(p))
    return plain or ("" if unicodedata.category(char)[0] == "M" else ".")
