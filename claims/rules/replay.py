"""Computing a slice again from what it says about itself, for whoever has to check it later.

Reads nothing but the slice's own `parts` and `terms`, and uses none of the code that computed it:
a mistake there would be seen here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.kernel.money import ZERO, round_cent


@dataclass(frozen=True, slots=True)
class Replayed:
    """What comes out: paid days, days times percent, EUR."""

    days: int
    percent_days: int
    amount: Decimal


def replay_slice(*, parts: Mapping[str, Any], terms: Mapping[str, Any]) -> Replayed:
    """The amount of a slice from its explanation, in EUR.

    Every day of the month at 100 percent: the sum. Otherwise sum x percent days / (divisor x
    100), at most the sum, half up to the cent.
    """
    days, percent_days = _count(parts["pieces"])
    full_sum = Decimal(terms["sum"])
    if percent_days == parts["month_days"] * 100:
        return Replayed(days, percent_days, full_sum)
    amount = round_cent(full_sum * percent_days / (terms["divisor"] * 100))
    return Replayed(days, percent_days, min(full_sum, amount))


def replay_decision(terms: Mapping[str, Any]) -> Decimal:
    """EUR due at once by what a decision says about itself: new slices less cancelled ones."""
    new = sum(
        (replay_slice(parts=each["parts"], terms=each["terms"]).amount for each in terms["new"]),
        start=ZERO,
    )
    return new - sum((Decimal(each["amount"]) for each in terms["cancelled"]), start=ZERO)


def _count(pieces: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    days = percent_days = 0
    for piece in pieces:
        if piece["percent"]:
            first, last = date.fromisoformat(piece["first"]), date.fromisoformat(piece["last"])
            length = (last - first).days + 1
            days += length
            percent_days += length * piece["percent"]
    return days, percent_days
