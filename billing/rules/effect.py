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
from aupolicy.rules import compute_price
from billing.facts.premium import BareStretch
from billing.rules.premium import compute_charge_between
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
            first_day, last_day = pay.period.first_day, pay.period.last_day
            first_day = max(first_day, begin)
            if last_day is None or last_day > end:
                last_day = end
            if first_day <= last_day:
                cut.append((first_day, last_day, pay.amount))
    if len(cut) > 1:
        cut.sort()
    return tuple(cut)


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


def narrow(stretches: Stretches, first_day: date) -> Stretches:
    """Only what is covered from a day on; people who differ before become alike."""
    if stretches and stretches[0][0] >= first_day:
        return stretches
    return tuple(
        (begin if begin > first_day else first_day, end, pay)
        for begin, end, pay in stretches
        if end is None or end >= first_day
    )


class PricedMonth(NamedTuple):
    """A month with the tariff version that prices it, None where no terms are agreed."""

    month: Month
    first_day: date
    last_day: date
    tariff: TariffVersion | None


def compute_effect(
    before: Stretches,
    after: Stretches,
    *,
    months: Sequence[PricedMonth],
    billed_through: Month | None,
) -> PersonEffect:
    """The difference of what is owed for some months, up to the next statement's.

    Months billed already cost what they owe before, so the next run charges this difference.
    """
    total = corrections = ZERO
    owed = zip(months, _list_owed(before, months), _list_owed(after, months), strict=True)
    for priced, was, becomes in owed:
        if was != becomes:
            total += becomes - was
            if billed_through is not None and priced.month <= billed_through:
                corrections += becomes - was
    return PersonEffect(total, corrections)


def _list_owed(stretches: Stretches, months: Sequence[PricedMonth]) -> list[Decimal]:
    """What is owed for each month; most are covered in full by the stretch of the one before."""
    owed: list[Decimal] = []
    known: tuple[TariffVersion, Decimal] | None = None
    premium = ZERO
    for _, first_day, last_day, tariff in months:
        # The first stretch that reaches into the month or lies behind it.
        found = next((one for one in stretches if one[1] is None or one[1] >= first_day), None)
        if tariff is None or found is None:
            owed.append(ZERO)
            continue
        begin, end, pay = found
        if begin > first_day or (end is not None and end < last_day):
            charge = compute_charge_between(stretches, first_day, last_day, tariff)
            owed.append(charge.amount if charge else ZERO)
            continue
        if known is None or known[0] is not tariff or known[1] is not pay:
            known, premium = (tariff, pay), compute_price(tariff, pay).premium
        owed.append(premium)
    return owed
