"""Default interest (§ 288 BGB), to the day."""

from bisect import bisect_right
from calendar import isleap
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from aupolicy.kernel.money import round_cent
from aupolicy.kernel.period import ONE_DAY
from billing.facts.arrears import BaseRates, Interest, InterestPiece

_HUNDRED = Decimal(100)
_YEAR, _LEAP_YEAR = 365, 366


def compute_interest(
    balances: Sequence[tuple[date, Decimal]],
    *,
    first_day: date,
    last_day: date,
    rates: BaseRates,
    points: Decimal,
) -> Interest:
    """Interest of a demand from `first_day` to `last_day`, both included (§ 288 (1), (2) BGB).

    `balances` are what was open of it (EUR), each from its day on, oldest first. The rate is
    `points` above the base rate of each day (§ 247 BGB); days count as they are, a year as 365 or
    366. Only the premium itself bears interest (§ 289 BGB). Cut where rate, balance or year
    change, and each piece rounded half up, so that a letter's table adds up. No interest is
    charged for days without a published rate.
    """
    known = min(last_day, rates.known_through)
    unknown = max(first_day, rates.known_through + ONE_DAY) if last_day > known else None
    starts = _cut(balances, rates, first_day, known)
    pieces = []
    for number, start in enumerate(starts):
        end = starts[number + 1] - ONE_DAY if number + 1 < len(starts) else known
        base = _value_on(balances, start)
        if base is not None and base > 0:
            pieces.append(_compute_piece(start, end, base, rates, points))
    return Interest(tuple(pieces), unknown)


def _cut(
    balances: Sequence[tuple[date, Decimal]], rates: BaseRates, first: date, last: date
) -> list[date]:
    if last < first:
        return []
    days = {first, *(day for day, _ in balances), *(day for day, _ in rates.rates)}
    days |= {date(year, 1, 1) for year in range(first.year + 1, last.year + 1)}
    return sorted(day for day in days if first <= day <= last)


def _value_on(values: Sequence[tuple[date, Decimal]], day: date) -> Decimal | None:
    """The value in force on a day; None before the first."""
    place = bisect_right([since for since, _ in values], day)
    return values[place - 1][1] if place else None


def _compute_piece(
    first: date, last: date, base: Decimal, rates: BaseRates, points: Decimal
) -> InterestPiece:
    base_rate = _value_on(rates.rates, first)
    if base_rate is None:
        raise LookupError(f"no base rate is known for {first}")
    percent = base_rate + points
    year_days = _LEAP_YEAR if isleap(first.year) else _YEAR
    days = (last - first).days + 1
    amount = round_cent(base * percent * days / _HUNDRED / year_days)
    return InterestPiece(first, last, base, percent, year_days, amount)
