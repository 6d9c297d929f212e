"""Which demands of a contract a credit settles first (Verrechnung).

What is due goes before what is not (§ 366 (2) BGB); of what is due costs go before interest,
and interest before the premium (§ 367 (1) BGB); of the same kind the oldest goes first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

COSTS, INTEREST, PREMIUM = "costs", "interest", "premium"
_RANKS: Final = {"costs": 0, "bank_fee": 0, "lump_sum": 0, "interest": 1, "premium": 2}


@dataclass(frozen=True, slots=True)
class OpenSum:
    """What is open of an item, in EUR: a demand above, a credit below zero."""

    key: int
    kind: str
    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SetOff:
    """EUR of the credit `credit` that settle the demand `demand`."""

    credit: int
    demand: int
    amount: Decimal


def sort_demands(items: Iterable[OpenSum], *, today: date) -> list[OpenSum]:
    """Demands in the order in which the law has them settled."""
    return sorted(
        items,
        key=lambda item: (item.due_date > today, _RANKS[item.kind], item.due_date, item.key),
    )


def decide_set_offs(items: Iterable[OpenSum], *, today: date) -> Sequence[SetOff]:
    """What of the credits of one contract settles which of its demands, the oldest credit first."""
    known = list(items)
    demands = sort_demands((item for item in known if item.amount > 0), today=today)
    is_open = {demand.key: demand.amount for demand in demands}
    credits_ = sorted((i for i in known if i.amount < 0), key=lambda i: (i.due_date, i.key))
    found: list[SetOff] = []
    for credit in credits_:
        left = -credit.amount
        for demand in demands:
            part = min(left, is_open[demand.key])
            if part > 0:
                found.append(SetOff(credit.key, demand.key, part))
                is_open[demand.key] -= part
                left -= part
    return found
