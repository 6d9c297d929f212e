"""The premium of one person and month. The same function prices quotes, cases and bulk runs."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import round_cent
from aupolicy.kernel.month import Month
from aupolicy.rules import compute_price
from billing.facts.premium import BareStretch, Charge

DAYS_OF_A_PREMIUM_MONTH = 30


def compute_charge(
    stretches: Iterable[BareStretch], *, month: Month, tariff: TariffVersion
) -> Charge | None:
    """What a person owes for a month, None where no day is covered.

    The price is that of the pay in force on the first covered day (tariff parameter
    `band_day: first`); a month covered only in part is prorated (`proration: days_30`).
    """
    return compute_charge_between(stretches, month.first_day, month.last_day, tariff)


def compute_charge_between(
    stretches: Iterable[BareStretch], month_first: date, month_last: date, tariff: TariffVersion
) -> Charge | None:
    """`compute_charge` for a month given by its days: a run asks a million times for one month."""
    covered, first_covered, pay = 0, None, None
    for first_day, last_day, monthly_pay in stretches:
        begin = first_day if first_day > month_first else month_first
        end = month_last if last_day is None or last_day > month_last else last_day
        if end < begin:
            continue
        covered += (end - begin).days + 1
        if first_covered is None or begin < first_covered:
            first_covered, pay = begin, monthly_pay
    if pay is None:
        return None
    return _price_charge(tariff, pay, covered, (month_last - month_first).days + 1)


def _price_charge(tariff: TariffVersion, pay: Decimal, covered: int, month_days: int) -> Charge:
    price = compute_price(tariff, pay)
    amount = prorate(price.premium, covered_days=covered, month_days=month_days)
    return Charge(amount=amount, covered_days=covered, pay=pay, band=price.band)


def prorate(premium: Decimal, *, covered_days: int, month_days: int) -> Decimal:
    """Premium in EUR for the covered days of a month (§ 39 VVG, convention 30 days).

    A month covered in full costs the full premium whatever its length; otherwise
    premium x covered days / 30, at most the full premium, half up to the cent.
    """
    if covered_days >= month_days:
        return premium
    return min(premium, round_cent(premium * covered_days / DAYS_OF_A_PREMIUM_MONTH))
