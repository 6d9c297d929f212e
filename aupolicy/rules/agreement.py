"""Prices, contract years, cancellation."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from aupolicy.facts import (
    BandCount,
    CancellationEffect,
    PercentRate,
    Price,
    Quote,
    TariffVersion,
    WageBand,
)
from aupolicy.kernel.legal_time import end_of_months, last_receipt_for
from aupolicy.kernel.money import round_cent, total
from aupolicy.kernel.period import ONE_DAY, Period

CONTRACT_YEAR_MONTHS = 12


def find_band(bands: tuple[WageBand, ...], pay: Decimal) -> WageBand:
    """The wage band of a monthly gross pay: above the lower bound, up to and including the upper.

    No pay at all belongs to the first band; the last band is open.
    """
    for band in bands:
        if band.up_to is None or pay <= band.up_to:
            return band
    raise LookupError(f"no wage band for {pay}: the last band must be open")


@lru_cache(maxsize=65_536)
def compute_price(tariff: TariffVersion, pay: Decimal) -> Price:
    """Premium and benefit in EUR of one full month for a monthly insured pay in EUR."""
    if tariff.rate is not None:
        return _percent_price(tariff.rate, pay)
    band = find_band(tariff.bands, pay)
    return Price(premium=band.premium, benefit=band.benefit, band=band.number)


def _percent_price(rate: PercentRate, pay: Decimal) -> Price:
    benefit = round_cent(pay * rate.benefit_percent / 100)
    if rate.largest_benefit is not None:
        benefit = min(benefit, rate.largest_benefit)
    return Price(round_cent(pay * rate.premium_percent / 100), benefit, band=None)


def compute_rate_percent(premium: Decimal, payroll: Decimal) -> Decimal:
    """Premium as percent of payroll, four decimals, half up; 0 for an empty payroll."""
    if not payroll:
        return Decimal("0.0000")
    return (premium * 100 / payroll).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def compute_quote(tariff: TariffVersion, payroll: Mapping[Decimal, int]) -> Quote:
    """Price a payroll given as {monthly gross in EUR: number of people}."""
    counts: dict[int | None, list[tuple[Decimal, int]]] = {}
    for pay, count in payroll.items():
        counts.setdefault(compute_price(tariff, pay).band, []).append((pay, count))
    by_band = tuple(
        BandCount(
            band=band,
            insured=sum(count for _, count in group),
            payroll=total(pay * count for pay, count in group),
            premium=total(compute_price(tariff, pay).premium * count for pay, count in group),
        )
        for band, group in sorted(counts.items(), key=lambda item: item[0] or 0)
    )
    premium, sum_of_pay = total(b.premium for b in by_band), total(b.payroll for b in by_band)
    return Quote(
        insured=sum(b.insured for b in by_band),
        payroll=sum_of_pay,
        premium=premium,
        rate_percent=compute_rate_percent(premium, sum_of_pay),
        by_band=by_band,
    )


def count_payroll(amounts: Iterable[Decimal]) -> dict[Decimal, int]:
    """A list of monthly gross amounts as {amount: number of people}."""
    return dict(Counter(amounts))


def compute_contract_year(start: date, day: date) -> Period:
    """The contract year (12 months, counted from the start of the contract) that holds `day`.

    A day before the start belongs to the first year.
    """
    years = max(0, day.year - start.year - 1)
    while True:
        first_day = start if years == 0 else _year_end(start, years) + ONE_DAY
        last_day = _year_end(start, years + 1)
        if day <= last_day:
            return Period(first_day, last_day)
        years += 1


def _year_end(start: date, years: int) -> date:
    return end_of_months(start, years * CONTRACT_YEAR_MONTHS)


def decide_cancellation(
    *, start: date, received: date, notice_months: int, end: date | None = None
) -> CancellationEffect:
    """Which end a cancellation received on a day has, for either party (§ 11 (3) VVG).

    The contract runs 12 months and renews by 12; notice is `notice_months` to the end of a
    contract year and counts from its receipt. `end` is a last day already agreed: a later
    cancellation never extends the contract.
    """
    nearest = compute_contract_year(start, received)
    deadline = last_receipt_for(nearest.last_day or received, notice_months=notice_months)
    in_time = received <= deadline
    year = nearest if in_time else compute_contract_year(start, _day_after(nearest))
    last_day = year.last_day or received
    return CancellationEffect(
        end=min(last_day, end) if end else last_day, in_time=in_time, deadline=deadline
    )


def _day_after(period: Period) -> date:
    return (period.last_day or period.first_day) + ONE_DAY


def compute_next_anniversary(start: date, day: date) -> date:
    """The day after the end of the contract year that holds `day` (Hauptfälligkeit)."""
    return _day_after(compute_contract_year(start, day))
