"""The prices of one tariff version as a table in which the database can look pay up."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import CENT

# What `billing.rules.premium` does for every tariff, and the database for those that say so.
_PRORATION, _BAND_DAY = "days_30", "first"


@dataclass(frozen=True, slots=True)
class BandTable:
    """Wage bands from the lowest to the open one, EUR a month.

    `beginnings` are the least pays (on a cent) of every band but the first.
    """

    beginnings: tuple[Decimal, ...]
    premiums: tuple[Decimal, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PercentTable:
    """The premium is this share of monthly pay (0.005 is half a percent), half up to the cent."""

    share: Decimal


PriceTable = BandTable | PercentTable


def tabulate_prices(tariff: TariffVersion) -> PriceTable | None:
    """Prices of full months as `aupolicy.rules.compute_price` finds them for any pay.

    None for a tariff that prices by another day than the first covered one, or prorates in
    another way than by thirtieths: only the general rule may price it.
    """
    if (tariff.parameters.proration, tariff.parameters.band_day) != (_PRORATION, _BAND_DAY):
        return None
    if tariff.rate is not None:
        return PercentTable(tariff.rate.premium_percent.scaleb(-2))
    return BandTable(
        beginnings=tuple(_next_cent(b.up_to) for b in tariff.bands if b.up_to is not None),
        premiums=tuple(band.premium for band in tariff.bands),
        numbers=tuple(band.number for band in tariff.bands),
    )


def _next_cent(up_to: Decimal) -> Decimal:
    """The least pay above a bound that a band includes."""
    return up_to.quantize(CENT, rounding=ROUND_FLOOR) + CENT
