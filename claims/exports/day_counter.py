"""The day counter of a leave: a picture of what each day counts as, and the table beside it.

The picture is one SVG without script and style attributes, so that it may stand in a page under a
strict content security policy; its classes are coloured by the style sheet of the page, in a
letter by one that is put into it. No state is told by colour alone: each has its own pattern.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from aupolicy.kernel.money import ZERO, round_cent
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY
from claims.exports.patterns import Box, draw_pattern, has_pattern, write_number
from claims.facts import DayState, Leave, Piece

WIDE, NARROW = 680, 340
_MONTH_WIDTH = 50
_BAND_HEIGHT = Decimal(30)
_LEVEL_HEIGHT = 16
_LABEL_HEIGHT = 34
_LETTER_WIDTH = Decimal("6.6")
_GAP_BETWEEN = 8
_LEGEND_STEP = 22
# A single day of a long leave would be a hair.
_LEAST_WIDTH = Decimal(4)
_COUNTED_ON = frozenset(DayState) - {DayState.DEFERRAL, DayState.GAP, DayState.NOT_INSURED}


@dataclass(frozen=True, slots=True)
class CounterWords:
    """What the picture says, in the language of its reader.

    `labels` are short, `reasons` one sentence; `causes` say more for the causes of pieces that
    may be told. `first_benefit` has %(number)d and %(day)s, `cover_ends` and `ends` %(day)s,
    `stretch` %(first)s and %(last)s, `numbers` %(first)d and %(last)d, `one_number` %(first)d.
    """

    title: str
    description: str
    labels: Mapping[DayState, str]
    reasons: Mapping[DayState, str]
    causes: Mapping[str, str]
    first_benefit: str
    cover_ends: str
    ends: str
    stretch: str
    numbers: str
    one_number: str
    write_day: Callable[[date], str]
    write_tick: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class CounterRow:
    """One row of the table beside the picture: days that count alike.

    `first_number` and `last_number` are numbers of the day counter, None where days are not
    counted. `monthly` is the EUR a month that these days are paid at: 0.00 in the deferral period
    and wherever nothing is paid.
    """

    first_day: date
    last_day: date
    first_number: int | None
    last_number: int | None
    state: DayState
    cause: str
    percent: int
    monthly: Decimal

    @property
    def days(self) -> int:
        """Calendar days of the row."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marked day with its words; `after` where the line stands at the end of the day."""

    day: date
    words: str
    after: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """Days on one line of the picture; `scale` is the width of a day, `whole` that of a line."""

    first_day: date
    last_day: date
    scale: Decimal
    whole: Decimal

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def left(self, day: date) -> Decimal:
        """Where a day begins."""
        return (day - self.first_day).days * self.scale


def list_counter_rows(leave: Leave) -> list[CounterRow]:
    """The days of a leave from the first to the last, those that pay nothing included."""
    return [_make_row(piece, leave.monthly_sum) for piece in leave.pieces]


def _make_row(piece: Piece, monthly_sum: Decimal) -> CounterRow:
    first, last = piece.period.first_day, _last(piece)
    days = (last - first).days
    return CounterRow(
        first_day=first,
        last_day=last,
        first_number=piece.first_number,
        last_number=None if piece.first_number is None else piece.first_number + days,
        state=piece.state,
        cause=piece.cause,
        percent=piece.percent,
        monthly=round_cent(monthly_sum * piece.percent / 100) if piece.percent else ZERO,
    )


def draw_day_counter(
    pieces: Sequence[Piece],
    *,
    words: CounterWords,
    width: int = WIDE,
    name: str = "counter",
    styles: str = "",
) -> str:
    """The picture of a leave as inline SVG, "" without pieces.

    `width` is in user units (about pixels): WIDE for a page, NARROW for a phone; a long leave
    goes on in further lines. `name` makes the ids of title and description unique in a page.
    `styles` is a style sheet for where none of the page reaches: in a PDF.
    """
    if not pieces:
        return ""
    svg = _picture(words, name, styles)
    top = Decimal(0)
    for row in _cut_rows(pieces, width):
        top = _draw_row(svg, row, pieces, words, top)
    height = _draw_legend(svg, pieces, words, width, top + 6)
    svg.set("viewBox", f"0 0 {width} {write_number(height)}")
    return tostring(svg, encoding="unicode")


def draw_both_widths(pieces: Sequence[Piece], *, words: CounterWords, name: str = "counter") -> str:
    """The picture for screens: a wide one and a narrow one; the style sheet shows what fits."""
    if not pieces:
        return ""
    wide = draw_day_counter(pieces, words=words, name=f"{name}-wide")
    narrow = draw_day_counter(pieces, words=words, width=NARROW, name=f"{name}-narrow")
    return f'<div class="counter-wide">{wide}</div><div class="counter-narrow">{narrow}</div>'


def _picture(words: CounterWords, name: str, styles: str) -> Element:
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "picture counter",
            "role": "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-description",
        },
    )
    SubElement(svg, "title", {"id": f"{name}-title"}).text = words.title
    SubElement(svg, "desc", {"id": f"{name}-description"}).text = words.description
    if styles:
        SubElement(svg, "style").text = styles
    return svg


def _last(piece: Piece) -> date:
    """The last day of a piece; the pieces of a leave all have one."""
    return piece.period.last_day or piece.period.first_day


def _cut_rows(pieces: Sequence[Piece], width: int) -> list[_Row]:
    """Lines of whole months, about equally long, all on one scale."""
    first, last = pieces[0].period.first_day, _last(pieces[-1])
    months = list(Month.of(first).through(Month.of(last)))
    most = max(1, width // _MONTH_WIDTH)
    count = -(-len(months) // most)
    each = -(-len(months) // count)
    stretches = [
        (
            max(first, months[start].first_day),
            min(last, months[min(start + each, len(months)) - 1].last_day),
        )
        for start in range(0, len(months), each)
    ]
    longest = max((end - begin).days + 1 for begin, end in stretches)
    return [_Row(begin, end, Decimal(width) / longest, Decimal(width)) for begin, end in stretches]


def _list_marks(pieces: Sequence[Piece], words: CounterWords) -> list[_Mark]:
    """The days that get words over the band."""
    marks = []
    begun = next((p for p in pieces if p.state in _COUNTED_ON and p.first_number), None)
    if begun is not None and pieces[0].state is DayState.DEFERRAL:
        day = begun.period.first_day
        values = {"number": begun.first_number, "day": words.write_day(day)}
        marks.append(_Mark(day, words.first_benefit % values))
    ended = next((p for p in pieces if p.state is DayState.COVER_ENDED), None)
    if ended is not None:
        day = ended.period.first_day - ONE_DAY
        marks.append(_Mark(day, words.cover_ends % {"day": words.write_day(day)}, after=True))
    last = _last(pieces[-1])
    return [*marks, _Mark(last, words.ends % {"day": words.write_day(last)}, after=True)]


def _draw_row(
    svg: Element, row: _Row, pieces: Sequence[Piece], words: CounterWords, top: Decimal
) -> Decimal:
    """One line of the picture from `top` down; returns where the next one may begin."""
    marks = [mark for mark in _list_marks(pieces, words) if mark.day in row]
    placed = _place_marks(row, marks)
    levels = 1 + max((level for _mark, _left, level in placed), default=-1)
    band = top + levels * _LEVEL_HEIGHT + 4
    # Short ones last: they are drawn wider than they are, and nothing may cover them.
    for piece in sorted(pieces, key=lambda piece: -(piece.period.days or 0)):
        _draw_band(svg, row, piece, words, band)
    for mark, left, level in placed:
        x = row.left(mark.day) + (row.scale if mark.after else 0)
        over = band - (level + 1) * _LEVEL_HEIGHT + 8
        _line(svg, x, over + 5, band + _BAND_HEIGHT, "mark")
        if left + len(mark.words) * _LETTER_WIDTH >= row.whole:
            _text(svg, row.whole, over, mark.words, "value", anchor="end")
        else:
            _text(svg, left, over, mark.words, "value")
    _draw_ticks(svg, row, words, band + _BAND_HEIGHT)
    return band + _BAND_HEIGHT + _LABEL_HEIGHT + _GAP_BETWEEN


def _place_marks(row: _Row, marks: Sequence[_Mark]) -> list[tuple[_Mark, Decimal, int]]:
    """Marks with the left end of their words and their level over the band, the lowest free."""
    taken: list[list[tuple[Decimal, Decimal]]] = []
    placed = []
    for mark in marks:
        length = len(mark.words) * _LETTER_WIDTH
        x = row.left(mark.day) + (row.scale if mark.after else 0)
        left = min(max(ZERO, x - length / 2), max(ZERO, row.whole - length))
        box = (left - _GAP_BETWEEN, left + length)
        level = next(
            (number for number, boxes in enumerate(taken) if _is_free(box, boxes)), len(taken)
        )
        taken += [[]] if level == len(taken) else []
        taken[level].append(box)
        placed.append((mark, left, level))
    return placed


def _is_free(box: tuple[Decimal, Decimal], others: Sequence[tuple[Decimal, Decimal]]) -> bool:
    return all(box[1] <= left or right <= box[0] for left, right in others)


def _draw_band(svg: Element, row: _Row, piece: Piece, words: CounterWords, top: Decimal) -> None:
    """What of a piece lies in a row: its pattern, its reason on hover, a label where one fits."""
    first, last = max(piece.period.first_day, row.first_day), min(_last(piece), row.last_day)
    if last < first:
        return
    width = max(((last - first).days + 1) * row.scale, _LEAST_WIDTH)
    left = min(row.left(first), row.whole - width)
    band = SubElement(svg, "g", {"class": f"band {state_class(piece.state)}"})
    SubElement(band, "title").text = describe_piece(piece, words)
    draw_pattern(band, piece.state, Box(left, top, width, _BAND_HEIGHT))
    label = words.labels[piece.state]
    length = len(label) * _LETTER_WIDTH
    if length + 12 < width:
        middle = left + width / 2
        if has_pattern(piece.state):
            _rect(band, Box(middle - length / 2 - 4, top + 6, length + 8, Decimal(18)), "plate")
        _text(band, middle, top + 19, label, "words", anchor="middle")


def describe_piece(piece: Piece, words: CounterWords) -> str:
    """A piece in words: its state, its days and their numbers, the reason."""
    first, last = piece.period.first_day, _last(piece)
    days = {"first": words.write_day(first), "last": words.write_day(last)}
    parts = [words.stretch % days if first != last else days["first"]]
    if piece.first_number is not None:
        numbers = {"first": piece.first_number, "last": piece.first_number + (last - first).days}
        parts.append((words.numbers if first != last else words.one_number) % numbers)
    reason = words.causes.get(piece.cause) or words.reasons[piece.state]
    return f"{words.labels[piece.state]}: {', '.join(parts)}. {reason}"


def _draw_ticks(svg: Element, row: _Row, words: CounterWords, top: Decimal) -> None:
    """The first day of the row and of each month with their dates, the year where it begins."""
    days = [row.first_day]
    days += [
        month.first_day
        for month in Month.of(row.first_day).through(Month.of(row.last_day))
        if month.first_day > row.first_day
    ]
    free, year = Decimal(0), 0
    for day in days:
        x, label = row.left(day), words.write_tick(day)
        length = len(label) * _LETTER_WIDTH
        _line(svg, x, top, top + 7, "tick")
        if x >= free and x + length <= row.whole + 4:
            _text(svg, x, top + 18, label, "date")
            free = x + length + 5
            if day.year != year:
                _text(svg, x, top + 31, str(day.year), "date")
                year = day.year


def _draw_legend(
    svg: Element, pieces: Sequence[Piece], words: CounterWords, width: int, top: Decimal
) -> Decimal:
    """The states that occur with their patterns, in order; returns where the picture ends."""
    left = Decimal(0)
    for state in dict.fromkeys(piece.state for piece in pieces):
        label = words.labels[state]
        length = 30 + len(label) * _LETTER_WIDTH
        if left and left + length > width:
            left, top = Decimal(0), top + _LEGEND_STEP
        entry = SubElement(svg, "g", {"class": f"band {state_class(state)}"})
        draw_pattern(entry, state, Box(left + 1, top + 1, Decimal(22), Decimal(14)))
        _text(svg, left + 29, top + 12, label, "label")
        left += length + 14
    return top + _LEGEND_STEP


def state_class(state: DayState) -> str:
    """The class of a state for style sheets: "is-not-decided"."""
    return f"is-{state.lower().replace('_', '-')}"


def _rect(parent: Element, box: Box, kind: str) -> None:
    SubElement(parent, "rect", {**box.attributes(), "class": kind})


def _line(parent: Element, x: Decimal, top: Decimal, bottom: Decimal, kind: str) -> None:
    place = {"x1": write_number(x), "x2": write_number(x)}
    place |= {"y1": write_number(top), "y2": write_number(bottom)}
    SubElement(parent, "line", {**place, "class": kind})


def _text(
    parent: Element, x: Decimal, y: Decimal, words: str, kind: str, *, anchor: str = "start"
) -> None:
    place = {"x": write_number(x), "y": write_number(y), "text-anchor": anchor, "class": kind}
    SubElement(parent, "text", place).text = words
