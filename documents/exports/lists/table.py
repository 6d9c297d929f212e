"""A table set row by row over as many pages as it takes: its head on each, its total with a row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from documents.exports.lists import style
from documents.exports.lists.fonts import FontInUse
from documents.exports.lists.sheet import Entry, Sheets

Cells = Sequence[str]
# A heading does not stand alone: so many rows of the list follow it on its page.
_ROWS_WITH_HEAD = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: `width` in mm (0: what is left), figures stand at its right end."""

    title: str
    width: float
    is_figure: bool = False
    indent: float = 0


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list: its heading, a sentence before it, and its rows, which may be a stream.

    The first cell of a row names it. `total` is the last row, or empty.
    """

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Cells]
    total: Cells = ()
    intro: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the text of a column stands, in points; of figures `left` is their right end."""

    left: float
    room: float
    is_figure: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """How rows of one kind look. `name` is the font's on the page; colours as PDF writes them."""

    font: FontInUse
    name: str
    size: float
    line: float
    colour: str


def set_table(sheets: Sheets, table: ListTable) -> bool:
    """Set a list behind what there is; False if it has no rows, and nothing is set."""
    rows = iter(table.rows)
    begin = list(islice(rows, _ROWS_WITH_HEAD))
    if not begin:
        return False
    _TableSetter(sheets, table).set_rows(begin, rows)
    return True


class _TableSetter:
    def __init__(self, sheets: Sheets, table: ListTable) -> None:
        self.sheets, self.table = sheets, table
        self.update = sheets.update
        self.places = _place_columns(table.columns)
        regular, bold = sheets.regular, sheets.bold
        self.row = _Look(regular, "L0", style.ROW_SIZE, style.ROW_LINE, style.INK)
        self.sum = _Look(bold, "L1", style.ROW_SIZE, style.ROW_LINE, style.INK)
        self.head = _Look(bold, "L1", style.HEAD_SIZE, style.HEAD_LINE, style.TEAL)
        self.number = self.update.reserve()
        self.column_scope = self.update.add("<</O/Table/Scope/Column>>")
        self.row_scope = self.update.add("<</O/Table/Scope/Row>>")
        self.parts: list[int] = []
        self.body = 0
        self.body_rows: list[int] = []
        self.rules: list[str] = []

    def set_rows(self, begin: list[Cells], rest: Iterator[Cells]) -> None:
        """The heading with the first rows, then the others, then the total."""
        self._begin(begin)
        row = None
        for following in chain(begin, rest):
            if row is not None:
                self._set_row(row, self._wrap(row, self.row), room=0)
            row = following
        if row is not None:
            lines = self._wrap(row, self.row)
            total = self._wrap(self.table.total, self.sum) if self.table.total else []
            self._set_row(row, lines, room=_height(total, self.sum) if total else 0)
            if total:
                self._set_total(total)
        self._end_page()
        self._end_table()

    def _begin(self, begin: list[Cells]) -> None:
        """Heading, sentence and head of the table, together with the first rows."""
        table = self.table
        self.head_lines = self._wrap([column.title for column in table.columns], self.head)
        intro = self._wrap_text(table.intro)
        height = style.BEFORE_TITLE + style.TITLE_LINE + style.AFTER_TITLE
        height += len(intro) * style.TEXT_LINE + (style.AFTER_TEXT if intro else 0)
        height += _height(self.head_lines, self.head)
        height += sum(_height(self._wrap(row, self.row), self.row) for row in begin)
        if not self.sheets.make_room(height):
            self.sheets.sheet.y -= style.BEFORE_TITLE
        sheet = self.sheets.sheet
        self.sheets.entries.append(Entry(table.title, sheet.number, sheet.y))
        look = _Look(self.sheets.bold, "L1", style.TITLE_SIZE, style.TITLE_LINE, style.TEAL)
        self._set_paragraph("H2", [table.title], look)
        sheet.y -= style.AFTER_TITLE
        if intro:
            look = _Look(self.sheets.regular, "L0", style.TEXT_SIZE, style.TEXT_LINE, style.INK)
            self._set_paragraph("P", intro, look)
            sheet.y -= style.AFTER_TEXT
        self._set_head()
        self._begin_body()

    def _wrap_text(self, text: str) -> list[str]:
        room = (style.RIGHT - style.LEFT) * 1000 / style.TEXT_SIZE
        return wrap(self.sheets.regular, text, room) if text else []

    def _set_paragraph(self, tag: str, lines: Sequence[str], look: _Look) -> None:
        sheet = self.sheets.sheet
        owner = self.update.reserve()
        mark = sheet.mark(owner)
        self.sheets.add_block(owner, tag, f"/Pg {sheet.number} 0 R/K {mark}")
        drawn = [f"/{tag}<</MCID {mark}>>BDC BT {look.colour} rg/{look.name} {look.size} Tf"]
        for line in lines:
            y = sheet.y - style.BASELINE * look.size - (look.line - 1.3 * look.size) / 2
            drawn.append(f"1 0 0 1 {style.LEFT:.2f} {y:.2f} Tm<{look.font.encode(line)}>Tj")
            sheet.y -= look.line
        sheet.operators.append("\n".join([*drawn, "ET EMC\n"]))

    def _set_head(self) -> None:
        """The head of the table as part of its structure, once."""
        sheet = self.sheets.sheet
        part = self.update.reserve(2 + len(self.places))
        row, cells = part + 1, range(part + 2, part + 2 + len(self.places))
        self.update.put(part, f"<</S/THead/P {self.number} 0 R/K {row} 0 R>>")
        self.update.put(row, f"<</S/TR/P {part} 0 R/K[{_refer(cells)}]>>")
        self._open_text(self.head)
        for cell, place, lines in zip(cells, self.places, self.head_lines, strict=True):
            mark = sheet.mark(cell)
            attributes = f"/A {self.column_scope} 0 R/Pg {sheet.number} 0 R/K {mark}"
            self.update.put(cell, f"<</S/TH/P {row} 0 R{attributes}>>")
            sheet.operators.append(f"/TH<</MCID {mark}>>BDC {self._draw_head(place, lines)}EMC\n")
        sheet.operators.append("ET\n")
        self._end_head()
        self.parts.append(part)

    def _repeat_head(self) -> None:
        """The head on a further page: for the eye only, a screen reader knows it already."""
        sheet = self.sheets.sheet
        sheet.operators.append("/Artifact BMC ")
        self._open_text(self.head)
        for place, lines in zip(self.places, self.head_lines, strict=True):
            sheet.operators.append(self._draw_head(place, lines))
        sheet.operators.append("ET EMC\n")
        self._end_head()

    def _draw_head(self, place: _Place, lines: Sequence[str]) -> str:
        """Lines of a head stand at its foot."""
        most = max(map(len, self.head_lines))
        top = self.sheets.sheet.y - (most - len(lines)) * self.head.line
        return self._draw(place, lines, self.head, top)

    def _end_head(self) -> None:
        self.sheets.sheet.y -= _height(self.head_lines, self.head)
        self._rule(style.TEAL, style.THICK)

    def _begin_body(self) -> None:
        self.body, self.body_rows = self.update.reserve(), []
        self._open_text(self.row)

    def _end_page(self) -> None:
        """What the page has of the table is whole: its rows in the structure, its rules."""
        self.update.put(self.body, f"<</S/TBody/P {self.number} 0 R/K[{_refer(self.body_rows)}]>>")
        self.parts.append(self.body)
        self.sheets.sheet.operators.append(f"ET\n/Artifact BMC {''.join(self.rules)}EMC\n")
        self.rules = []

    def _end_table(self) -> None:
        self.sheets.add_block(self.number, "Table", f"/K[{_refer(self.parts)}]")
        self.sheets.sheet.y -= style.AFTER_TABLE

    def _set_row(self, cells: Cells, lines: list[list[str]], *, room: float) -> None:
        """A row, with `room` left below it on its page."""
        height = _height(lines, self.row)
        sheet = self.sheets.sheet
        if sheet.y - height - room < sheet.bottom:
            self._end_page()
            self.sheets.make_room(style.PAGE_HEIGHT)
            self._repeat_head()
            self._begin_body()
        self._put_row(lines, self.row)
        self.sheets.sheet.y -= height
        self._rule(style.RULE, style.THIN)

    def _set_total(self, lines: list[list[str]]) -> None:
        self._rule(style.TEAL, style.THICK)
        self.sheets.sheet.operators.append("ET\n")
        self._open_text(self.sum)
        self._put_row(lines, self.sum)
        self.sheets.sheet.y -= _height(lines, self.sum)
        self._rule(style.TEAL, style.THICK)

    def _put_row(self, lines: list[list[str]], look: _Look) -> None:
        """Texts and elements of a row. This is where a long list spends its time."""
        sheet, put = self.sheets.sheet, self.update.put
        row = self.update.reserve(1 + len(lines))
        cells = range(row + 1, row + 1 + len(lines))
        self.body_rows.append(row)
        put(row, f"<</S/TR/P {self.body} 0 R/K[{_refer(cells)}]>>")
        tag, attributes = "TH", f"/A {self.row_scope} 0 R"
        for cell, place, texts in zip(cells, self.places, lines, strict=True):
            if texts:
                mark = sheet.mark(cell)
                page = f"/Pg {sheet.number} 0 R/K {mark}"
                drawn = self._draw(place, texts, look, sheet.y)
                sheet.operators.append(f"/{tag}<</MCID {mark}>>BDC {drawn}EMC\n")
            else:
                page = ""
            put(cell, f"<</S/{tag}/P {row} 0 R{attributes}{page}>>")
            tag, attributes = "TD", ""

    def _wrap(self, cells: Cells, look: _Look) -> list[list[str]]:
        """The lines of each cell of a row; an empty cell has none."""
        font, per_point = look.font, 1000 / look.size
        return [
            []
            if not text
            else [text]
            if font.measure(text) <= place.room * per_point
            else wrap(font, text, place.room * per_point)
            for text, place in zip(cells, self.places, strict=True)
        ]

    def _open_text(self, look: _Look) -> None:
        self.sheets.sheet.operators.append(f"BT {look.colour} rg/{look.name} {look.size} Tf\n")

    def _draw(self, place: _Place, lines: Sequence[str], look: _Look, top: float) -> str:
        """Lines of a cell whose row begins at `top`; within BT and ET, its font being set."""
        font = look.font
        y = top - style.CELL_PADDING - style.BASELINE * look.size
        drawn = ""
        for line in lines:
            x = place.left
            if place.is_figure:
                x -= font.measure(line) * look.size / 1000
            drawn += f"1 0 0 1 {x:.2f} {y:.2f} Tm<{font.encode(line)}>Tj "
            y -= look.line
        return drawn

    def _rule(self, colour: str, width: float) -> None:
        y = self.sheets.sheet.y + width / 2
        self.rules.append(
            f"{colour} RG {width:.2f} w {style.LEFT:.2f} {y:.2f} m {style.RIGHT:.2f} {y:.2f} l S\n"
        )


def _refer(numbers: Iterable[int]) -> str:
    return " ".join([f"{number} 0 R" for number in numbers])


def _height(lines: list[list[str]], look: _Look) -> float:
    most = max(map(len, lines), default=1) or 1
    return most * look.line + 2 * style.CELL_PADDING + style.THIN


def _place_columns(columns: Sequence[Column]) -> tuple[_Place, ...]:
    rest = style.RIGHT - style.LEFT - sum(column.width for column in columns) * style.MM
    places, x = [], style.LEFT
    for column in columns:
        width = column.width * style.MM or rest
        indent = column.indent * style.MM
        if column.is_figure:
            places.append(_Place(x + width, width - style.CELL_GAP, is_figure=True))
        else:
            places.append(_Place(x + indent, width - indent - style.CELL_GAP, is_figure=False))
        x += width
    return tuple(places)


def wrap(font: FontInUse, text: str, room: float) -> list[str]:
    """A text in lines of at most `room` thousandths of its size.

    They end at spaces and after hyphens, and anywhere where a single word is too long.
    """
    lines, line = [], ""
    for piece in _split(text):
        if font.measure((line + piece).rstrip(" ")) <= room:
            line += piece
            continue
        if line.strip(" "):
            lines.append(line.rstrip(" "))
        line = piece.lstrip(" ")
        while font.measure(line.rstrip(" ")) > room:
            fitting = _count_fitting(font, line, room)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line.rstrip(" ")] if line.strip(" ") else lines


def _split(text: str) -> list[str]:
    """Pieces after each of which a line may end."""
    pieces, start = [], 0
    for at, character in enumerate(text, start=1):
        if character in " -":
            pieces.append(text[start:at])
            start = at
    return [*pieces, text[start:]] if start < len(text) else pieces


def _count_fitting(font: FontInUse, text: str, room: float) -> int:
    count = len(text)
    while count > 1 and font.measure(text[:count]) > room:
        count -= 1
    return count
