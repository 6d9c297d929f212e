"""From elements to values by tables of paths: what is in no table is skipped with all it holds.

One table serves several versions of a message: both places of a value lead to the same name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lxml import etree

from aupolicy.kernel.money import CENT, LARGEST_AMOUNT, ZERO
from billing.parsing.bank_files.problems import UnableToReadBankFile

_BERLIN = ZoneInfo("Europe/Berlin")
_YEARS = range(1990, 2200)
# More decimals than two are allowed by the schema; beyond the cent they have to be nothing.
_AMOUNT = re.compile(r"\d{1,14}(?:\.\d{1,2}0{0,3})?", re.ASCII)
_NUMBER = re.compile(r"0*\d{1,9}", re.ASCII)
_SUM = re.compile(r"[+-]?\d{1,18}(?:\.\d{0,17})?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[\d:.]{8,18})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
# Max35Text, the length of references.
_REFERENCE = 35
# A file has a few structures of entries; a hostile one shall not fill the memory with them.
_MOST_PLANS = 1_000
# Days and amounts come again and again: so many of each are kept.
_MOST_KEPT = 4_096


class _Kind(Enum):
    BRANCH = auto()
    TEXT = auto()
    TEXTS = auto()
    AMOUNT = auto()
    SIGNED = auto()
    GROUP = auto()


@dataclass(frozen=True, slots=True)
class Leaf:
    """What to do with an element: made by `text`, `texts`, `amount`, `signed` and `group`."""

    kind: _Kind
    name: str
    most: int = 0
    paths: "Mapping[str, Leaf]" = field(default_factory=dict)


Paths = Mapping[str, Leaf]


def text(name: str, most: int = _REFERENCE) -> Leaf:
    """The first text that is not empty, of at most so many characters."""
    return Leaf(_Kind.TEXT, name, most)


def texts(name: str, most: int) -> Leaf:
    """All such elements, each of at most so many characters, joined by spaces."""
    return Leaf(_Kind.TEXTS, name, most)


def amount(name: str) -> Leaf:
    """The first such amount with its currency."""
    return Leaf(_Kind.AMOUNT, name)


def signed(name: str) -> Leaf:
    """All such amounts, each with the direction that follows it (CdtDbtInd)."""
    return Leaf(_Kind.SIGNED, name)


def group(name: str, paths: Paths) -> Leaf:
    """Each such element is read by a table of its own."""
    return Leaf(_Kind.GROUP, name, paths=paths)


@dataclass(slots=True)
class _Step:
    """A place in the tree of a table: by full tags, as the parser gives them."""

    kind: _Kind = _Kind.BRANCH
    name: str = ""
    most: int = 0
    shape: "Shape | None" = None
    steps: "dict[str, _Step]" = field(default_factory=dict)


class _Plan(NamedTuple):
    """Where in an element of one structure, counted in document order, stands what is read."""

    texts: Sequence[tuple[int, str, int]]
    others: Sequence[tuple[int, _Step]]


# Tags of an element and all below it in document order, and how many children each has.
_Structure = tuple[tuple[str, ...], tuple[int, ...]]


class Shape:
    """A table of paths, made ready for the elements of one namespace.

    The entries of a file have few structures: what stands where is found out once for each, which
    makes reading several times as fast as walking down every element.
    """

    def __init__(self, namespace: str, paths: Paths) -> None:
        self.paths: dict[str, str] = {}
        for path, leaf in paths.items():
            self.paths.setdefault(leaf.name, path)
        self._plans: dict[_Structure, _Plan] = {}
        self._root = _Step()
        for path, leaf in paths.items():
            step = self._root
            for part in path.split("/"):
                step = step.steps.setdefault(f"{{{namespace}}}{part}", _Step())
            step.kind, step.name, step.most = leaf.kind, leaf.name, leaf.most
            if leaf.kind is _Kind.GROUP:
                step.shape = Shape(namespace, leaf.paths)

    def read(self, element: etree._Element, place: str) -> "Values":
        """Values of an element; `place` says where it stands. Raises UnableToReadBankFile."""
        elements = list(element.iter())
        structure = (
            tuple([found.tag for found in elements]),
            tuple([len(found) for found in elements]),
        )
        plan = self._plans.get(structure)
        if plan is None:
            plan = self._keep_plan(structure)
        values = Values(self, place, get_line(element))
        values.take(elements, plan)
        return values

    def _keep_plan(self, structure: _Structure) -> _Plan:
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        places = list(_follow(enumerate(zip(*structure, strict=True)), {"": self._root}))
        plan = _Plan(
            [(i, step.name, step.most) for i, step in places if step.kind is _Kind.TEXT],
            [(i, step) for i, step in places if step.kind is not _Kind.TEXT],
        )
        return self._plans.setdefault(structure, plan)


def _follow(
    places: Iterator[tuple[int, tuple[str, int]]], steps: Mapping[str, _Step] | None
) -> Iterator[tuple[int, _Step]]:
    """The next element and all below it, in document order, with the steps that lead there."""
    index, (tag, size) = next(places)
    step = None if steps is None else steps.get("" if index == 0 else tag)
    if step is not None and step.kind is not _Kind.BRANCH:
        yield index, step
    for _ in range(size):
        yield from _follow(places, step.steps if step else None)


class _Stated(NamedTuple):
    """An amount as it stands there; `direction` only of amounts that have signs."""

    number: str
    currency: str
    direction: str


class Values:
    """What was found in an element, and how to ask for it. All raise UnableToReadBankFile."""

    __slots__ = ("_amounts", "_groups", "_shape", "_texts", "line", "place")

    def __init__(self, shape: Shape, place: str, line: int) -> None:
        self._shape = shape
        self.place = place
        self.line = line
        self._texts: dict[str, str] = {}
        self._amounts: dict[str, list[_Stated]] = {}
        self._groups: dict[str, list[Values]] = {}

    def text(self, name: str) -> str:
        """A text, empty if there is none."""
        return self._texts.get(name, "")

    def needed(self, name: str) -> str:
        """A text that has to be there."""
        found = self._texts.get(name, "")
        if not found:
            raise self.problem("ELEMENT_MISSING", name)
        return found

    def group(self, name: str) -> "list[Values]":
        """The elements of a group, in their order."""
        return self._groups.get(name, [])

    def amount(self, name: str) -> Decimal:
        """The first such amount, in euros, that has to be there; never negative."""
        for stated in self._amounts.get(name, ()):
            return self._euros(stated, name)
        raise self.problem("ELEMENT_MISSING", name)

    def euros(self, *names: str) -> Decimal | None:
        """The first of these amounts that is given in euros; None if there is none."""
        for name in names:
            for stated in self._amounts.get(name, ()):
                if stated.currency == "EUR":
                    return self._euros(stated, name)
        return None

    def net(self, name: str) -> Decimal | None:
        """Sum of such amounts of euros, those that were credited taken off; None without any."""
        found = None
        for stated in self._amounts.get(name, ()):
            if stated.currency == "EUR":
                value = self._euros(stated, name)
                found = (found or ZERO) + (-value if stated.direction == "CRDT" else value)
        return found

    def _euros(self, stated: _Stated, name: str) -> Decimal:
        if stated.currency != "EUR":
            raise self.problem("CURRENCY", name)
        value = _read_amount(stated.number)
        if value is None:
            raise self.problem("AMOUNT_UNREADABLE", name)
        return value

    def has(self, name: str) -> bool:
        """Whether an amount is given, in whatever currency."""
        return name in self._amounts

    def number(self, name: str) -> int | None:
        """A count; None if there is none."""
        found = self._texts.get(name)
        if not found:
            return None
        if not _NUMBER.fullmatch(found):
            raise self.problem("NUMBER_UNREADABLE", name)
        return int(found)

    def sum(self, name: str) -> Decimal | None:
        """A sum of amounts, without currency; None if there is none."""
        found = self._texts.get(name)
        if not found:
            return None
        if not _SUM.fullmatch(found):
            raise self.problem("NUMBER_UNREADABLE", name)
        return Decimal(found)

    def day(self, name: str) -> date | None:
        """A day, also of a moment; None if there is none."""
        found = self._texts.get(name)
        if not found:
            return None
        day = _read_day(found)
        if day is None:
            raise self.problem("DATE_UNREADABLE", name)
        return day

    def needed_day(self, name: str) -> date:
        """A day that has to be there."""
        day = self.day(name)
        if day is None:
            raise self.problem("ELEMENT_MISSING", name)
        return day

    def moment(self, name: str) -> datetime:
        """A moment that has to be there; without an offset it is German time."""
        moment = _read_moment(self.needed(name))
        if moment is None:
            raise self.problem("DATE_UNREADABLE", name)
        return moment

    def problem(self, code: str, name: str = "", **params: str | int) -> UnableToReadBankFile:
        """The error about one of these values, or about the element as a whole."""
        path = self._shape.paths.get(name, "")
        place = f"{self.place} / {path}" if path else self.place
        return UnableToReadBankFile(code, path=place, line=self.line, **params)

    def take(self, elements: Sequence[etree._Element], plan: _Plan) -> None:
        """Keep what the elements say, as the plan wants it."""
        found = self._texts
        for index, name, most in plan.texts:
            content = elements[index].text
            if content and (content := content.strip()):
                if len(content) > most:
                    raise self.problem("TEXT_TOO_LONG", name)
                found.setdefault(name, content)
        for index, step in plan.others:
            self._take(elements[index], step)

    def _take(self, element: etree._Element, step: _Step) -> None:
        if step.kind is _Kind.GROUP and step.shape:
            tag = etree.QName(element).localname
            place = f"{self.place} / {tag} {len(self._groups.get(step.name, ())) + 1}"
            self._groups.setdefault(step.name, []).append(step.shape.read(element, place))
            return
        content = (element.text or "").strip()
        if step.kind is _Kind.TEXTS:
            if len(content) > step.most:
                raise self.problem("TEXT_TOO_LONG", step.name)
            self._texts[step.name] = f"{self._texts.get(step.name, '')} {content}".strip()
            return
        stated = _Stated(content, element.get("Ccy") or "", _direction_after(element, step))
        self._amounts.setdefault(step.name, []).append(stated)


def get_line(element: etree._Element) -> int:
    """The line an element begins in, 0 if that is not known."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def forget(element: etree._Element) -> None:
    """Free an element that was read, and the one of its name before it."""
    element.clear()
    previous, parent = element.getprevious(), element.getparent()
    if parent is not None and previous is not None and previous.tag == element.tag:
        parent.remove(previous)


def _direction_after(element: etree._Element, step: _Step) -> str:
    following = element.getnext() if step.kind is _Kind.SIGNED else None
    if following is None or not following.tag.endswith("}CdtDbtInd"):
        return ""
    return (following.text or "").strip()


@lru_cache(maxsize=_MOST_KEPT)
def _read_amount(found: str) -> Decimal | None:
    if not _AMOUNT.fullmatch(found):
        return None
    value = Decimal(found).quantize(CENT)
    return value if value <= LARGEST_AMOUNT else None


@lru_cache(maxsize=_MOST_KEPT)
def _read_day(found: str) -> date | None:
    match = _DAY.fullmatch(found)
    if match is None:
        return None
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _read_moment(found: str) -> datetime | None:
    match = _MOMENT.fullmatch(found)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(match[1] + (match[2] or ""))
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_BERLIN)
