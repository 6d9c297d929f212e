"""Pages being written behind a letter: the rest of its last one, then new ones.

What is read aloud is tagged (PDF/UA-1): each piece of text carries a number on its page, and the
page's list of owners says which element of the structure it belongs to. Rules, running heads and
page numbers are artifacts, which a screen reader passes over.
"""

from dataclasses import dataclass, field

from documents.exports.lists import style
from documents.exports.lists.fonts import REGULAR, SEMI_BOLD, FontInUse, read_typeface
from documents.exports.lists.update import PdfUpdate

_ELLIPSIS = "…"


@dataclass(slots=True)
class Sheet:
    """A page being written: `y` is where the next line begins, in points from below.

    `number` is the page's object, `place` its key in the tree of owners.
    """

    number: int
    place: int
    y: float
    bottom: float
    owners: list[str]
    operators: list[str] = field(default_factory=list)

    def mark(self, owner: int) -> int:
        """The number on this page of a piece of text that belongs to an element."""
        self.owners.append(f"{owner} 0 R")
        return len(self.owners) - 1


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A new page that is written apart from its number, for which `foot` is reserved."""

    number: int
    place: int
    foot: int
    owners: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file's outline: a title and where it stands."""

    title: str
    page: int
    y: float


class Sheets:
    """The sheets behind a letter, with what they share.

    `root` is the page tree's object, `document` that of the element which holds all others.
    """

    def __init__(
        self, update: PdfUpdate, *, first: Sheet, root: int, document: int, heads: tuple[str, str]
    ) -> None:
        self.update = update
        self.regular = FontInUse(read_typeface(REGULAR))
        self.bold = FontInUse(read_typeface(SEMI_BOLD))
        self.fonts = (update.reserve(), update.reserve())
        self.sheet = self.first = first
        self.written: list[WrittenSheet] = []
        self.blocks: list[int] = []
        self.entries: list[Entry] = []
        self._root, self._document = root, document
        self._heads = heads
        self._resources = update.add(f"<</Font<<{self.font_entries}>>>>")

    @property
    def font_entries(self) -> str:
        """The fonts as a page's resources name them."""
        return f"/L0 {self.fonts[0]} 0 R/L1 {self.fonts[1]} 0 R"

    def add_block(self, number: int, tag: str, body: str) -> None:
        """An element of the document, behind those there are, with the number reserved for it."""
        self.blocks.append(number)
        self.update.put(number, f"<</S/{tag}/P {self._document} 0 R{body}>>")

    def make_room(self, height: float) -> bool:
        """Turn to a new sheet if so much does not fit on this one; whether it was turned."""
        if self.sheet.y - height >= self.sheet.bottom:
            return False
        place = self.sheet.place + 1
        self.close()
        self.sheet = Sheet(self.update.reserve(), place, style.TOP, style.BOTTOM, [])
        self.sheet.operators.append(self._draw_heads())
        return True

    def close(self) -> None:
        """Write the sheet; what was added to the letter's own page waits until its end."""
        sheet = self.sheet
        if sheet is self.first:
            return
        content = self.update.add_stream("".join(sheet.operators).encode())
        foot = self.update.reserve()
        owners = self.update.add(f"[{' '.join(sheet.owners)}]")
        self.update.put(
            sheet.number,
            f"<</Type/Page/Parent {self._root} 0 R/Tabs/S/StructParents {sheet.place}"
            f"/MediaBox[0 0 {style.PAGE_WIDTH:.6f} {style.PAGE_HEIGHT:.6f}]"
            f"/Resources {self._resources} 0 R/Contents[{content} 0 R {foot} 0 R]>>",
        )
        self.update.flush()
        self.written.append(WrittenSheet(sheet.number, sheet.place, foot, owners))

    def draw_page_number(self, index: int, pages: int) -> str:
        """The operators of "Seite 2 von 3" for the page with this index."""
        text = f"Seite {index + 1} von {pages}"
        y = style.PAGE_NUMBER if index else style.FIRST_PAGE_NUMBER
        drawn = self._draw_margin(style.RIGHT - self._width(text), y, text)
        return f"/Artifact<</Type/Pagination/Subtype/Footer>>BDC {drawn}EMC\n"

    def _draw_heads(self) -> str:
        left, right = self._heads
        room = style.RIGHT - style.LEFT - self._width(left) - style.HEADS_GAP
        right = self._shorten(right, room)
        drawn = self._draw_margin(style.LEFT, style.RUNNING_HEAD, left)
        drawn += self._draw_margin(style.RIGHT - self._width(right), style.RUNNING_HEAD, right)
        return f"/Artifact<</Type/Pagination/Subtype/Header>>BDC {drawn}EMC\n"

    def _draw_margin(self, x: float, y: float, text: str) -> str:
        return (
            f"BT {style.GREY} rg/L0 {style.MARGIN_SIZE} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm"
            f"<{self.regular.encode(text)}>Tj ET\n"
        )

    def _width(self, text: str) -> float:
        return self.regular.measure(text) * style.MARGIN_SIZE / 1000

    def _shorten(self, text: str, room: float) -> str:
        if self._width(text) <= room:
            return text
        while text and self._width(text + _ELLIPSIS) > room:
            text = text[:-1]
        return text.rstrip() + _ELLIPSIS
