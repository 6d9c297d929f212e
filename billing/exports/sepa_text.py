"""Names and remittance in the characters every SEPA bank takes.

The schemes guarantee only `a-z A-Z 0-9 / - ? : ( ) . , ' +` and space (EPC130-08 1.4). German
banks take umlauts but may turn "ä" into "a" or "ae" as they like, so we decide ourselves. Where
the European Payments Council's conversion table (EPC217-08) would give "a" for "ä" we follow the
German alternative "ae" of the DFÜ agreement, annex 3.
"""

import re
import unicodedata
from functools import lru_cache

NAME_MAX_LENGTH = 70
REMITTANCE_MAX_LENGTH = 140

_ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_GAP = re.compile(r"\s+")
_WORD_WITH_SHARP_S = re.compile(r"\w*ß\w*")

_UMLAUTS = str.maketrans(
    {"Ä": "AE", "Ö": "OE", "Ü": "UE", "ä": "ae", "ö": "oe", "ü": "ue", "ẞ": "SS"}
)
# Letters and signs that Unicode does not take apart into a base letter and a mark.
_OTHERS = (
    str.maketrans("ØøŁłĐđÐðĦħıĸŊŋŦŧ", "OoLlDdDdHhikNnTt")
    | str.maketrans({"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "TH", "þ": "th", "€": "EUR"})
    | str.maketrans("&;⁄\\|[]{}", "+,///()()")
    | str.maketrans(dict.fromkeys("‐‑‒–—―−_~", "-"))
    | str.maketrans(dict.fromkeys('‘’‚‛´`′"“”„‟«»‹›″', "'"))
)
_GERMAN = _UMLAUTS | _OTHERS


def is_sepa_text(text: str) -> bool:
    """Whether a text uses nothing but the characters every SEPA bank takes."""
    return _ALLOWED.fullmatch(text) is not None


# Each text is asked for twice in a row: by the check of its payment, and when that is written.
@lru_cache(maxsize=8)
def transliterate(text: str) -> str:
    """The text in SEPA characters, without outer and double spaces.

    Ä to AE and ä to ae; ß to ss, or SS between capitals; other letters lose their marks (é to e);
    "&" becomes "+", white space a space, and what cannot be said otherwise a point.
    Applying it twice changes nothing more.
    """
    plain = text if is_sepa_text(text) else _write_german_out(text)
    if not is_sepa_text(plain):
        bare = _without_marks(plain).translate(_OTHERS)
        plain = _FOREIGN.sub(".", _GAP.sub(" ", bare))
    return " ".join(plain.split())


def sepa_name(name: str) -> str:
    """A party's name, transliterated and cut to 70 characters."""
    return _cut(transliterate(name), NAME_MAX_LENGTH)


def sepa_remittance(text: str) -> str:
    """Remittance text (Verwendungszweck), transliterated and cut to 140 characters."""
    return _cut(transliterate(text), REMITTANCE_MAX_LENGTH)


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip()


def _write_german_out(text: str) -> str:
    # Composed first, so that an "a" followed by a separate diaeresis is an "ä" too.
    composed = unicodedata.normalize("NFC", text)
    if "ß" in composed:
        composed = _WORD_WITH_SHARP_S.sub(_double_s, composed)
    return composed.translate(_GERMAN)


def _double_s(match: re.Match[str]) -> str:
    """Write ß out, as capitals only where the whole word is in capitals ("STRAßE")."""
    word = match[0]
    others = word.replace("ß", "")
    return word.replace("ß", "SS" if others.isupper() and len(others) > 1 else "ss")


def _without_marks(text: str) -> str:
    """Take letters apart and keep what remains without accents and invisible characters.

    Unicode categories: M are marks, Cf formatting characters such as a soft hyphen.
    """
    taken_apart = unicodedata.normalize("NFKD", text)
    kept = (char for char in taken_apart if unicodedata.category(char)[0] != "M")
    return "".join(char for char in kept if unicodedata.category(char) != "Cf")
