"""Reads of the pages of a run: contracts beside the run before, people of one contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from billing.facts.line_reasons import ReasonKind
from billing.models import BillingRun
from billing.queries.contract_difference import PersonDifference
from billing.queries.run_preview import (
    PreviewFilter,
    PreviewRow,
    PreviewSum,
    count_reasons,
    list_contracts_of_run,
    sum_contracts_of_run,
)

CONTRACTS_PAGE_SIZE = 25
PEOPLE_PAGE_SIZE = 50
PEOPLE_SORTED_BY = ("name", "number", "before", "now", "difference")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class HintedRow:
    """A contract of the run with what may make it differ, counted (see `count_reasons`)."""

    row: PreviewRow
    hints: dict[str, int]


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """Which part of a list is shown; `first` and `last` count from one."""

    number: int
    size: int
    all: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, ceil(self.all / self.size))

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The first row shown."""
        return self.offset + 1

    @property
    def last(self) -> int:
        """The last row shown."""
        return min(self.number * self.size, self.all)


def turn_to(number: int, *, size: int, rows: int) -> NumberedPage:
    """The page of a number, the nearest there is."""
    page = NumberedPage(1, size, rows)
    return NumberedPage(min(max(number, 1), page.pages), size, rows)


def page_of_contracts(
    run: BillingRun, previous: BillingRun | None, wanted: PreviewFilter, number: int
) -> tuple[NumberedPage, list[HintedRow], PreviewSum]:
    """One page of the contracts of a run, with the sums over all that the filter lets through."""
    sums = sum_contracts_of_run(run, previous, wanted)
    page = turn_to(number, size=CONTRACTS_PAGE_SIZE, rows=sums.contracts)
    rows = list_contracts_of_run(
        run, previous, wanted, limit=CONTRACTS_PAGE_SIZE, offset=page.offset
    )
    return page, _add_hints(run, previous, rows), sums


def stream_contracts(
    run: BillingRun, previous: BillingRun | None, wanted: PreviewFilter
) -> Iterator[HintedRow]:
    """All contracts that the filter lets through, for files."""
    rows = list_contracts_of_run(run, previous, wanted)
    for start in range(0, len(rows), _BATCH):
        yield from _add_hints(run, previous, rows[start : start + _BATCH])


def _add_hints(
    run: BillingRun, previous: BillingRun | None, rows: list[PreviewRow]
) -> list[HintedRow]:
    hints = count_reasons(run, previous, [row.contract_id for row in rows])
    return [HintedRow(row, hints.get(row.contract_id, {})) for row in rows]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people of a contract's difference are shown, and in which order.

    `kind` is a kind of reason; `sort` is one of PEOPLE_SORTED_BY, with a minus before it for the
    other way round.
    """

    text: str = ""
    kind: ReasonKind | None = None
    sort: str = "name"


def filter_differences(
    people: tuple[PersonDifference, ...], wanted: PeopleFilter
) -> list[PersonDifference]:
    """The people that the filter lets through, in its order; they come in order of their names."""
    words = wanted.text.casefold().replace(",", " ").split()
    found = [
        person
        for person in people
        if (wanted.kind is None or any(r.kind is wanted.kind for r in person.reasons))
        and all(word in _search_text(person) for word in words)
    ]
    key, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if key == "name":
        return found[::-1] if is_down else found
    fields = {"number": "personnel_number"}
    return sorted(found, key=lambda person: getattr(person, fields.get(key, key)), reverse=is_down)


def _search_text(person: PersonDifference) -> str:
    return f"{person.last_name} {person.first_name} {person.personnel_number}".casefold()
