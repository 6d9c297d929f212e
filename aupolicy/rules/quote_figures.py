"""What a quote costs by the hour, in percent of payroll and by wage band."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from aupolicy.facts import BandCount, Quote, TariffVersion
from aupolicy.facts.quote import BandRow, HourlyCost, PayrollCost, QuoteFigures
from aupolicy.kernel.money import ZERO, round_cent

# 40 hours a week: 40 * 52 / 12.
FULL_TIME_HOURS = Decimal("173.33")
_FIVE_DECIMALS = Decimal("0.00001")
_ONE_DECIMAL = Decimal("0.1")


def compute_quote_figures(
    tariff: TariffVersion, quote: Quote, *, hours_per_month: Decimal = FULL_TIME_HOURS
) -> QuoteFigures:
    """The figures of a quote; `hours_per_month` are those one person works.

    Raises ValueError unless the hours are positive.
    """
    people = quote.insured or 1
    return QuoteFigures(
        payroll=compute_payroll_cost(quote),
        hourly=compute_hourly_cost(quote, hours_per_month=hours_per_month),
        average_pay=round_cent(quote.payroll / people),
        average_premium=round_cent(quote.premium / people),
        bands=compute_band_table(tariff, quote.by_band),
    )


def compute_payroll_cost(quote: Quote) -> PayrollCost:
    """Payroll before and after cover in EUR a month."""
    return PayrollCost(
        before=quote.payroll,
        premium=quote.premium,
        after=quote.payroll + quote.premium,
        rate_percent=quote.rate_percent,
    )


def compute_hourly_cost(quote: Quote, *, hours_per_month: Decimal) -> HourlyCost | None:
    """Pay and premium of an average hour of work, half up at the fifth decimal; None for nobody.

    15 people at 48,750.00 and 249.00 who work 160 hours: 20.31250 + 0.10375 = 20.41625.
    Raises ValueError unless the hours are positive.
    """
    if hours_per_month <= 0:
        raise ValueError(f"hours must be positive: {hours_per_month}")
    if not quote.insured:
        return None
    hours = hours_per_month * quote.insured
    pay = (quote.payroll / hours).quantize(_FIVE_DECIMALS, rounding=ROUND_HALF_UP)
    premium = (quote.premium / hours).quantize(_FIVE_DECIMALS, rounding=ROUND_HALF_UP)
    return HourlyCost(hours=hours, pay=pay, premium=premium, pay_and_premium=pay + premium)


def compute_band_table(tariff: TariffVersion, counted: Iterable[BandCount]) -> tuple[BandRow, ...]:
    """A row for every wage band of the tariff, or one for all people of a percent tariff."""
    by_band = {count.band: count for count in counted}
    whole = sum(count.insured for count in by_band.values())
    if tariff.rate is not None:
        count = by_band.get(None, BandCount(None, 0, ZERO, ZERO))
        return (_row(count, whole),)
    return tuple(
        _row(
            by_band.get(band.number, BandCount(band.number, 0, ZERO, ZERO)),
            whole,
            above=band.above,
            up_to=band.up_to,
            premium=band.premium,
            benefit=band.benefit,
        )
        for band in tariff.bands
    )


def _row(
    count: BandCount,
    whole: int,
    *,
    above: Decimal | None = None,
    up_to: Decimal | None = None,
    premium: Decimal | None = None,
    benefit: Decimal | None = None,
) -> BandRow:
    share = Decimal(count.insured * 100) / (whole or 1)
    return BandRow(
        band=count.band,
        above=above,
        up_to=up_to,
        premium=premium,
        benefit=benefit,
        insured=count.insured,
        payroll=count.payroll,
        total_premium=count.premium,
        share_percent=share.quantize(_ONE_DECIMAL, rounding=ROUND_HALF_UP),
    )
