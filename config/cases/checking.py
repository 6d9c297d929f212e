"""Comparing what a case expects with what the product does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from config.cases.kinds import KINDS
from config.cases.reading import Case

# What a case expects not to come out at all.
NOTHING = "null"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that came out differently."""

    case: Case
    key: str
    expected: str
    got: str


def check_case(case: Case) -> list[Difference]:
    """Run a case; keys left out of `expected` are not compared."""
    outcome = KINDS[case.kind](case.given)
    return [
        Difference(case, key, expected, got)
        for key, expected, got in _pairs(case.expected, outcome)
        if not _same(expected, got)
    ]


def _pairs(
    expected: Mapping[str, Any], got: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, str, str]]:
    for key, value in expected.items():
        found = got.get(key)
        if isinstance(value, Mapping):
            inner = found if isinstance(found, Mapping) else {}
            yield from _pairs(value, inner, f"{prefix}{key}.")
        else:
            said = "-" if value == NOTHING else str(value)
            yield f"{prefix}{key}", said, "-" if found is None else str(found)


def _same(expected: str, got: str) -> bool:
    try:
        return Decimal(expected) == Decimal(got)
    except InvalidOperation:
        return expected == got
