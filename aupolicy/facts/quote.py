"""What a quote shows beside premium and payroll."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class HourlyCost:
    """What cover adds to an hour of work: EUR with five decimals, not rounded to cents.

    `hours` are those of all insured people in a month. `pay_and_premium` is the sum of the two
    as shown.
    """

    hours: Decimal
    pay: Decimal
    premium: Decimal
    pay_and_premium: Decimal


@dataclass(frozen=True, slots=True)
class PayrollCost:
    """The same payroll before and after cover in EUR a month, and cover in percent of it."""

    before: Decimal
    premium: Decimal
    after: Decimal
    rate_percent: Decimal


@dataclass(frozen=True, slots=True)
class BandRow:
    """One row of the table per wage band; EUR a month.

    A band nobody falls into has zeros. With a percent tariff there is one row without band and
    bounds; `premium` and `benefit` of one person are None there, for they differ by person.
    """

    band: int | None
    above: Decimal | None
    up_to: Decimal | None
    premium: Decimal | None
    benefit: Decimal | None
    insured: int
    payroll: Decimal
    total_premium: Decimal
    share_percent: Decimal


@dataclass(frozen=True, slots=True)
class QuoteFigures:
    """All figures of a quote page. `hourly` is None for an empty payroll."""

    payroll: PayrollCost
    hourly: HourlyCost | None
    average_pay: Decimal
    average_premium: Decimal
    bands: tuple[BandRow, ...]
