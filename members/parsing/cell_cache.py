"""Cells read once per text: the days, words and amounts of a payroll repeat."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from members.parsing.cells import Noted, UnableToReadCell
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


# Values that have to be sorted out before a row can be used.
ODD: frozenset[type] = frozenset({Bad, Noted})


class CellCache(dict[str, Any]):
    """The values of one column's texts: None for an empty one, `Bad` for what does not fit."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__({"": None})
        self._parse = parse
        self.has_odd = False

    def __missing__(self, text: str) -> Any:
        try:
            bare = clean(text)
            value = self._parse(bare) if bare else None
        except UnableToReadCell as error:
            value = Bad(error.code, error.params)
        if type(value) in ODD:
            self.has_odd = True
        self[text] = value
        return value

    def read(self, column: Sequence[str]) -> Sequence[Any]:
        """The values of these texts."""
        return list(map(self.__getitem__, column))


class CodeCache(CellCache):
    """Numbers and references: each stands in one row only, and most are their own value."""

    def __init__(self, parse: Callable[[str], Any], *, longest: int) -> None:
        super().__init__(parse)
        self._longest = longest

    def read(self, column: Sequence[str]) -> Sequence[Any]:
        """The values of these texts, at once if all of them are ASCII letters and digits."""
        all_texts = "".join(column)
        if (
            all_texts.isascii()
            and all_texts.isalnum()
            and "" not in column
            and max(map(len, column)) <= self._longest
        ):
            return column
        return super().read(column)


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
