"""Cells read once per text: the days, words and amounts of a payroll repeat."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from members.parsing.cells import UnableToReadCell
from members.parsing.workbook_marks import FORMULA_WITHOUT_VALUE, MERGED

LONGEST_CELL = 500
_ERRORS = re.compile(r"#(REF!|VALUE!|NAME\?|DIV/0!|N/A|NUM!|NULL!|BEZUG!|WERT!|NV|ZAHL!|SPILL!)")
_GUARDED = re.compile(r"\A'(?=[=+\-@\d])")
# Left out quietly: they only say where a word may break.
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[ \t\r\n\xa0\u2000-\u200a\u202f\u3000]+")
# Control characters, and those that change the direction of writing: what is seen is then not
# what is stored.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# UTF-8 that was read as Windows-1252 and saved again ("MÃ¼ller"), or letters lost before.
_BROKEN = re.compile(r"\ufffd|Ã[\u0080-\u00bf\u0152\u0178\u017d\u201a-\u2026\u2030\u20ac\u2122]")
_PLAIN_TEXT = re.compile(r"[0-9A-Za-zÄÖÜäöüßéèáç.,;:/+€ _-]*")


class Bad(NamedTuple):
    """What is wrong with a cell."""

    code: str
    params: Mapping[str, str]


class CellCache(dict[str, Any]):
    """The values of one column's texts: None for an empty one, `Bad` for what does not fit.

    A text that `usual` describes is its own value; that spares most texts which stand in no
    other row the way through `parse`.
    """

    def __init__(self, parse: Callable[[str], Any], *, usual: str = r"(?!)") -> None:
        super().__init__({"": None})
        self._parse = parse
        self._is_usual = re.compile(usual).fullmatch

    def __missing__(self, text: str) -> Any:
        if self._is_usual(text):
            self[text] = text
            return text
        try:
            bare = clean(text)
            value = self._parse(bare) if bare else None
        except UnableToReadCell as error:
            value = Bad(error.code, error.params)
        self[text] = value
        return value


def clean(text: str) -> str:
    """A cell's text as people see it: no spaces around, letters composed, nothing invisible.

    Raises UnableToReadCell for what cannot be what somebody meant to write.
    """
    text = text.strip()
    if len(text) > LONGEST_CELL:
        raise UnableToReadCell("CELL_TOO_LONG", most=str(LONGEST_CELL))
    if _PLAIN_TEXT.fullmatch(text):
        return text
    if text == MERGED:
        raise UnableToReadCell("MERGED_CELL")
    if text == FORMULA_WITHOUT_VALUE:
        raise UnableToReadCell("FORMULA_WITHOUT_VALUE")
    if _ERRORS.fullmatch(text):
        raise UnableToReadCell("FORMULA_ERROR")
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    text = _GUARDED.sub("", unicodedata.normalize("NFC", text))
    if _UNSEEN.search(text):
        raise UnableToReadCell("UNSEEN_CHARACTERS")
    if _BROKEN.search(text):
        raise UnableToReadCell("BROKEN_LETTERS")
    return text
