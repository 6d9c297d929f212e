"""Pictures of amounts by month, of a person's cover, of what adds up to a whole.

The pages put a table beside each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH = 480
_CHART_HEIGHT = 184
_BASE = 148
_TOP = 24
_TIMELINE_HEIGHT = 84
_LARGEST_BAR_WIDTH = 40
_STACK_STEP = 72
_STACK_HEIGHT = 36
_LETTER_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: label under it, words above it, its value, and whether it is only a preview."""

    label: str
    words: str
    value: Decimal
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Stripe:
    """A stretch of a timeline with its words; `last_day` None goes on beyond the right end."""

    first_day: date
    last_day: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked day of a timeline."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stack: its value, the words in it, and its kind for the style sheet."""

    value: Decimal
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of pieces one after the other, with a label over its left and words over its right."""

    label: str
    words: str
    parts: Sequence[Part]


def draw_bars(bars: Sequence[Bar], *, title: str) -> str:
    """Columns over a base line, the largest as high as the picture; negative ones stay empty."""
    svg = _picture(_CHART_HEIGHT, title, "chart")
    largest = max((bar.value for bar in bars), default=Decimal(0)) or Decimal(1)
    step = WIDTH / max(len(bars), 6)
    width = min(_LARGEST_BAR_WIDTH, step * 0.72)
    for index, bar in enumerate(bars):
        middle = (index + 0.5) * step
        height = max(0, int(bar.value * (_BASE - _TOP) / largest))
        kind = "bar preview" if bar.preview else "bar"
        _rect(svg, (middle - width / 2, _BASE - height, width, height), kind)
        _text(svg, middle, _BASE - height - 7, bar.words, "value")
        _text(svg, middle, _BASE + 20, bar.label, "label")
    line = {"x1": "0", "x2": str(WIDTH), "y1": str(_BASE), "y2": str(_BASE), "class": "axis"}
    SubElement(svg, "line", line)
    return tostring(svg, encoding="unicode")


def draw_timeline(
    stripes: Sequence[Stripe], ticks: Sequence[Tick], *, first_day: date, last_day: date, title: str
) -> str:
    """Stretches from left to right between two days, with marked days under them."""
    svg = _picture(_TIMELINE_HEIGHT, title, "timeline")
    days = max((last_day - first_day).days, 1)

    def place(day: date) -> float:
        return (min(max(day, first_day), last_day) - first_day).days * WIDTH / days

    _rect(svg, (0, 16, WIDTH, 28), "ground")
    for index, stripe in enumerate(stripes):
        left, right = place(stripe.first_day), place(stripe.last_day or last_day)
        width = max(right - left, 2)
        _rect(svg, (left, 16, width, 28), f"stripe stripe-{index % 2}")
        if width > len(stripe.words) * 7.5:
            middle = _find_middle(left, left + width, [place(tick.day) for tick in ticks])
            _text(svg, middle, 35, stripe.words, f"words words-{index % 2}")
    for tick in ticks:
        x = place(tick.day)
        line = {"x1": _number(x), "x2": _number(x), "y1": "12", "y2": "52", "class": "tick"}
        SubElement(svg, "line", line)
        anchor = "start" if x < 40 else "end" if x > WIDTH - 40 else "middle"
        _text(svg, x, 70, tick.label, "label", anchor=anchor)
    return tostring(svg, encoding="unicode")


def _find_middle(left: float, right: float, lines: Sequence[float]) -> float:
    """The middle of the widest piece of a stripe that no line crosses."""
    edges = [left, *sorted(x for x in lines if left < x < right), right]
    start, end = max(pairwise(edges), key=lambda piece: piece[1] - piece[0])
    return (start + end) / 2


def draw_stacks(stacks: Sequence[Stack], *, title: str) -> str:
    """Bars one under the other on one scale; words that do not fit into a piece are left out."""
    svg = _picture(len(stacks) * _STACK_STEP, title, "stacks")
    largest = max((sum(part.value for part in stack.parts) for stack in stacks), default=0) or 1
    for index, stack in enumerate(stacks):
        top = index * _STACK_STEP
        _text(svg, 0, top + 14, stack.label, "label", anchor="start")
        _text(svg, WIDTH, top + 14, stack.words, "value", anchor="end")
        left = 0.0
        for part in stack.parts:
            width = float(part.value * WIDTH / largest)
            _rect(svg, (left, top + 22, width, _STACK_HEIGHT), f"part part-{part.kind}")
            if width > len(part.words) * _LETTER_WIDTH + 8:
                middle = top + 22 + _STACK_HEIGHT / 2 + 4
                _text(svg, left + width / 2, middle, part.words, f"in-{part.kind}")
            left += width
    return tostring(svg, encoding="unicode")


def _picture(height: int, title: str, kind: str) -> Element:
    box = {"viewBox": f"0 0 {WIDTH} {height}", "class": f"picture {kind}", "role": "img"}
    svg = Element("svg", {**box, "xmlns": "http://www.w3.org/2000/svg"})
    SubElement(svg, "title").text = title
    return svg


def _rect(svg: Element, box: tuple[float, float, float, float], kind: str) -> None:
    names = ("x", "y", "width", "height")
    size = {name: _number(value) for name, value in zip(names, box, strict=True)}
    SubElement(svg, "rect", {**size, "class": kind})


def _text(
    svg: Element, x: float, y: float, words: str, kind: str, *, anchor: str = "middle"
) -> None:
    place = {"x": _number(x), "y": _number(y), "text-anchor": anchor, "class": kind}
    SubElement(svg, "text", place).text = words


def _number(value: float) -> str:
    return f"{value:.1f}"
