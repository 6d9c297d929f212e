"""Instalments: a sum in parts of about the same size, and which of them are paid."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from aupolicy.kernel.money import CENT, ZERO
from aupolicy.kernel.month import Month


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sum, in EUR, and the day it is due."""

    due_date: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PartState:
    """A part with what is still open of it, in EUR."""

    due_date: date
    amount: Decimal
    open_amount: Decimal


def propose_parts(*, amount: Decimal, count: int, first: date) -> list[Part]:
    """A sum in equal monthly parts; the last one bears the cents that cannot be divided.

    In months without the first one's day the last day of the month stands for it.
    """
    each = (amount / count).quantize(CENT, rounding=ROUND_DOWN)
    days = [_months_later(first, months) for months in range(count)]
    amounts = [each] * (count - 1) + [amount - each * (count - 1)]
    return [Part(day, part) for day, part in zip(days, amounts, strict=True)]


def _months_later(day: date, months: int) -> date:
    month = Month.of(day).plus(months)
    return date(month.year, month.number, min(day.day, monthrange(month.year, month.number)[1]))


def spread(parts: Iterable[Part], *, settled: Decimal) -> list[PartState]:
    """What is open of each part when so much was settled: the earliest is paid first."""
    left = max(settled, ZERO)
    found = []
    for part in sorted(parts, key=lambda part: part.due_date):
        paid = min(left, part.amount)
        left -= paid
        found.append(PartState(part.due_date, part.amount, part.amount - paid))
    return found


def sum_due(parts: Iterable[Part], *, settled: Decimal, day: date) -> Decimal:
    """What may be asked for on a day, in EUR: parts due by then, less what was settled."""
    due = sum((part.amount for part in parts if part.due_date <= day), start=ZERO)
    return max(due - settled, ZERO)


def is_kept(parts: Iterable[Part], *, settled: Decimal, today: date) -> bool:
    """Whether everything due before today is settled."""
    owed = sum((part.amount for part in parts if part.due_date < today), start=ZERO)
    return settled >= owed


def share_out(amount: Decimal, open_amounts: Sequence[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Spread a sum over items (key, EUR open) in their order, each up to what is open of it."""
    return dict(_share_out(amount, open_amounts))


def _share_out(
    amount: Decimal, open_amounts: Sequence[tuple[int, Decimal]]
) -> Iterator[tuple[int, Decimal]]:
    left = amount
    for key, is_open in open_amounts:
        part = max(min(left, is_open), ZERO)
        left -= part
        yield key, part
