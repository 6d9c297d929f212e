"""Wage tax of a month as the ministry's flow chart computes it (§ 39b (2) EStG).

Rounding is that of the flow chart: contributions down to the cent, the provision allowance up
to the euro, taxable income and yearly tax down to the euro, monthly amounts down to the cent.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from aupolicy.facts.payroll import (
    IncomeTaxTariff,
    PayProfile,
    PayrollParameters,
    SolidarityParameters,
    TaxClass,
)
from aupolicy.kernel.money import CENT, ZERO
from aupolicy.rules.contributions import (
    compute_care_percent,
    get_additional_percent,
    get_childless_percent,
)

EURO = Decimal(1)
MONTHS = 12
# y of § 32a (1) EStG is a ten-thousandth of income, six decimals in the flow chart.
TEN_THOUSAND = Decimal(10_000)
_SIX_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class WageTax:
    """Taxes of a month and the yearly amounts they come from, in EUR.

    `surcharge_base` is the yearly tax after child allowances (§ 51a EStG).
    """

    wage_tax: Decimal
    solidarity: Decimal
    church_tax: Decimal
    allowances: Decimal
    provision: Decimal
    taxable: Decimal
    yearly_tax: Decimal
    surcharge_base: Decimal
    solidarity_limit: Decimal


def compute_income_tax(taxable: Decimal, tariff: IncomeTaxTariff) -> Decimal:
    """Income tax in EUR of a year's taxable income, both whole euros (§ 32a (1) EStG)."""
    for flat in reversed(tariff.proportional):
        if taxable > flat.above:
            return _down(taxable * flat.percent / 100 - flat.less, EURO)
    for zone in reversed(tariff.progressive):
        if taxable > zone.above:
            y = _down((taxable - zone.above) / TEN_THOUSAND, _SIX_DECIMALS)
            return _down((zone.quadratic * y + zone.linear) * y + zone.constant, EURO)
    return Decimal(0)


def compute_provision_allowance(
    gross_year: Decimal, profile: PayProfile, parameters: PayrollParameters
) -> Decimal:
    """Vorsorgepauschale in whole EUR (§ 39b (2) S. 5 Nr. 3 EStG in force since 2026).

    Pension, health at the reduced rate and care; unemployment only as far as health, care and
    unemployment together stay within the limit. The transition zone makes no difference here.
    """
    rates, wage_tax = parameters.contributions, parameters.wage_tax
    pensionable = min(gross_year, rates.pension_ceiling * MONTHS)
    pension = _down(pensionable * rates.pension / 2 / 100, CENT)
    unemployment = _down(pensionable * rates.unemployment / 2 / 100, CENT)
    percent = (
        (wage_tax.health_reduced + get_additional_percent(profile, parameters)) / 2
        + compute_care_percent(profile, parameters)
        + get_childless_percent(profile, parameters)
    )
    health = _down(min(gross_year, rates.health_ceiling * MONTHS) * percent / 100, CENT)
    limited = min(health + unemployment, wage_tax.provision_limit)
    return max(_up(pension + health, EURO), _up(pension + limited, EURO))


def compute_wage_tax(
    gross_month: Decimal, *, profile: PayProfile, parameters: PayrollParameters
) -> WageTax:
    """Wage tax, solidarity surcharge and church tax of a month's regular pay in EUR."""
    gross_year = gross_month * MONTHS
    law = parameters.wage_tax
    allowances = min(_up(gross_year, EURO), law.employee_allowance) + law.special_expenses
    provision = compute_provision_allowance(gross_year, profile, parameters)
    taxable = max(gross_year - allowances - provision, Decimal(0))
    yearly = _split_tax(taxable, profile, parameters.income_tax)
    children = _down(profile.child_allowances * _child_allowance(profile, parameters), EURO)
    base = _split_tax(max(taxable - children, Decimal(0)), profile, parameters.income_tax)
    limit = parameters.solidarity.free_limit * _splitting(profile)
    solidarity = _yearly_solidarity(base, limit, parameters.solidarity)
    return WageTax(
        wage_tax=_monthly(yearly),
        solidarity=_monthly(solidarity),
        church_tax=_down(_monthly(base) * (profile.church_tax_percent or 0) / 100, CENT),
        allowances=allowances,
        provision=provision,
        taxable=taxable,
        yearly_tax=yearly,
        surcharge_base=base,
        solidarity_limit=limit,
    )


def _split_tax(taxable: Decimal, profile: PayProfile, tariff: IncomeTaxTariff) -> Decimal:
    parts = _splitting(profile)
    return compute_income_tax(_down(taxable / parts, EURO), tariff) * parts


def _splitting(profile: PayProfile) -> int:
    # Class III is taxed by the splitting tariff (§ 39b (2) S. 6, § 32a (5) EStG).
    return 2 if profile.tax_class is TaxClass.THREE else 1


def _child_allowance(profile: PayProfile, parameters: PayrollParameters) -> Decimal:
    full = parameters.wage_tax.child_allowance
    return full / 2 if profile.tax_class is TaxClass.FOUR else full


def _yearly_solidarity(base: Decimal, limit: Decimal, law: SolidarityParameters) -> Decimal:
    """§ 4 SolzG: nothing up to the limit, then eased in."""
    if base <= limit:
        return ZERO
    full = _down(base * law.percent / 100, CENT)
    return min(full, _down((base - limit) * law.mitigation_percent / 100, CENT))


def _monthly(yearly: Decimal) -> Decimal:
    return _down(yearly / MONTHS, CENT)


def _down(amount: Decimal, step: Decimal) -> Decimal:
    return amount.quantize(step, rounding=ROUND_DOWN)


def _up(amount: Decimal, step: Decimal) -> Decimal:
    return amount.quantize(step, rounding=ROUND_UP)
