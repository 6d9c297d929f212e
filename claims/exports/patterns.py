"""Patterns of the states of days, drawn as paths: no ids to clash, and they print in grey.

Each state has a pattern of its own, so that no colour is needed to tell it from another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from xml.etree.ElementTree import Element, SubElement

from claims.facts import DayState

_PATTERNS: dict[DayState, tuple[str, ...]] = {
    DayState.DEFERRAL: (),
    DayState.PAID: (),
    DayState.REINTEGRATION: ("rising",),
    DayState.HELD: ("upright",),
    DayState.NOT_DECIDED: ("dots",),
    DayState.REFUSED: ("rising", "falling"),
    DayState.GAP: (),
    DayState.EXCLUDED: ("falling",),
    DayState.EXHAUSTED: ("level",),
    DayState.NOT_INSURED: ("level", "upright"),
    DayState.COVER_ENDED: ("dashes",),
}
_STEP = Decimal(7)
_SMALL_STEP = Decimal(5)


def write_number(value: Decimal) -> str:
    """A length as SVG writes it, with one decimal."""
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in user units."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal

    def attributes(self) -> dict[str, str]:
        """As a `rect` has them."""
        values = {"x": self.x, "y": self.y, "width": self.width, "height": self.height}
        return {name: write_number(value) for name, value in values.items()}


def has_pattern(state: DayState) -> bool:
    """Whether lines run through the band, so that words in it need a plate under them."""
    return bool(_PATTERNS[state])


def draw_pattern(parent: Element, state: DayState, box: Box) -> None:
    """The ground of a state and its lines, cut off at the edges of the box."""
    SubElement(parent, "rect", {**box.attributes(), "class": "ground"})
    paths = [_DRAWN[kind](box) for kind in _PATTERNS[state]]
    if paths:
        lines = " ".join(f"M{_pair(x1, y1)}L{_pair(x2, y2)}" for p in paths for x1, y1, x2, y2 in p)
        SubElement(parent, "path", {"d": lines, "class": "lines"})


_Lines = Iterator[tuple[Decimal, Decimal, Decimal, Decimal]]


def _pair(x: Decimal, y: Decimal) -> str:
    return f"{write_number(x)} {write_number(y)}"


def _steps(start: Decimal, end: Decimal, step: Decimal) -> Iterator[Decimal]:
    """Places on a grid of the whole picture, so that neighbours go on where the last one ends."""
    place = (floor(start / step) + 1) * step
    while place < end:
        yield place
        place += step


def _draw_rising(box: Box) -> _Lines:
    """Lines along x + y = c."""
    right, bottom = box.x + box.width, box.y + box.height
    for place in _steps(box.x + box.y, right + bottom, _STEP):
        x1, x2 = max(box.x, place - bottom), min(right, place - box.y)
        yield x1, place - x1, x2, place - x2


def _draw_falling(box: Box) -> _Lines:
    """Lines along y - x = c."""
    right, bottom = box.x + box.width, box.y + box.height
    for place in _steps(box.y - right, bottom - box.x, _STEP):
        x1, x2 = max(box.x, box.y - place), min(right, bottom - place)
        yield x1, x1 + place, x2, x2 + place


def _draw_upright(box: Box) -> _Lines:
    for x in _steps(box.x, box.x + box.width, _SMALL_STEP):
        yield x, box.y, x, box.y + box.height


def _draw_level(box: Box) -> _Lines:
    for y in _steps(box.y, box.y + box.height, _SMALL_STEP):
        yield box.x, y, box.x + box.width, y


def _draw_dots(box: Box) -> _Lines:
    for y in _steps(box.y + 1, box.y + box.height - 1, _STEP):
        for x in _steps(box.x + 1, box.x + box.width - 2, _STEP):
            yield x, y, x + Decimal("1.6"), y


def _draw_dashes(box: Box) -> _Lines:
    for y in _steps(box.y + 1, box.y + box.height - 1, _STEP):
        for x in _steps(box.x, box.x + box.width - 5, 2 * _STEP):
            yield x, y, x + 5, y


_DRAWN = {
    "rising": _draw_rising,
    "falling": _draw_falling,
    "upright": _draw_upright,
    "level": _draw_level,
    "dots": _draw_dots,
    "dashes": _draw_dashes,
}
