"""What a change of cover changes on the next statement. The premium rule is that of the runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from billing.facts.premium import BareStretch
from billing.rules.premium import compute_charge
from members.facts import Cover

Stretches = tuple[BareStretch, ...]


class PersonEffect(NamedTuple):
    """EUR more or less on the next statement; `corrections` is the part about billed months."""

    total: Decimal
    corrections: Decimal


NO_EFFECT = PersonEffect(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Window:
    """The days the next statement can be about, and how much of them is billed before it.

    `days` begin with the contract and end with the month of the statement, or with the contract
    where that ends earlier.
    """

    days: Period
    month: Month
    billed_through: Month | None


def cut_to_window(covers: Sequence[Cover], window: Period) -> Stretches:
    """Cover with pay inside the window, by first day: alike for all with equal days and pay."""
    begin, end = window.first_day, window.last_day
    if end is None:
        raise ValueError("a window without an end")
    cut: list[BareStretch] = []
    for cover in covers:
        for pay in cover.pays:
            first_day = max(pay.period.first_day, begin)
            last_day = min(pay.period.last_day or end, end)
            if first_day <= last_day:
                cut.append((first_day, last_day, pay.amount))
    return tuple(sorted(cut))


def find_first_difference(before: Stretches, after: Stretches) -> date | None:
    """The first day whose cover or pay differs, None where nothing does."""
    for one, other in zip(before, after, strict=False):
        if one == other:
            continue
        if one[0] == other[0] and one[2] == other[2]:
            return min(day for day in (one[1], other[1]) if day is not None) + ONE_DAY
        return min(one[0], other[0])
    rest = before[len(after) :] or after[len(before) :]
    return rest[0][0] if rest else None


def compute_effect(
    before: Stretches,
    after: Stretches,
    *,
    window: Window,
    tariffs: dict[Month, TariffVersion | None],
) -> PersonEffect:
    """The difference of what is owed for all months up to the next statement's.

    Months billed already cost what they owe before, so the next run charges this difference.
    """
    since = find_first_difference(before, after)
    if since is None:
        return NO_EFFECT
    total = corrections = ZERO
    for month in Month.of(since).through(window.month):
        tariff = tariffs[month]
        if tariff is None:
            continue
        difference = _owed(after, month, tariff) - _owed(before, month, tariff)
        total += difference
        if window.billed_through is not None and month <= window.billed_through:
            corrections += difference
    return PersonEffect(total, corrections)


def _owed(stretches: Stretches, month: Month, tariff: TariffVersion) -> Decimal:
    charge = compute_charge(stretches, month=month, tariff=tariff)
    return charge.amount if charge else ZERO
