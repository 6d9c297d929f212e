"""What the law of a year says about net pay and statutory sick pay, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TaxClass(StrEnum):
    """The wage tax classes a quote computes with (§ 38b EStG)."""

    ONE = "I"
    THREE = "III"
    FOUR = "IV"


@dataclass(frozen=True, slots=True)
class ProgressiveZone:
    """Yearly income above `above`: tax = (quadratic * y + linear) * y + constant, in EUR.

    y is the ten-thousandth part of what exceeds `above` (§ 32a (1) S. 2 Nr. 2, 3 EStG).
    """

    above: Decimal
    quadratic: Decimal
    linear: Decimal
    constant: Decimal


@dataclass(frozen=True, slots=True)
class ProportionalZone:
    """Yearly income above `above`: tax = percent of the income - less, in EUR (Nr. 4, 5)."""

    above: Decimal
    percent: Decimal
    less: Decimal


@dataclass(frozen=True, slots=True)
class IncomeTaxTariff:
    """The zones of § 32a (1) EStG, lowest first; below the first nothing is due."""

    progressive: tuple[ProgressiveZone, ...]
    proportional: tuple[ProportionalZone, ...]


@dataclass(frozen=True, slots=True)
class WageTaxParameters:
    """What is taken off yearly pay before tax, in EUR a year; `health_reduced` in percent."""

    employee_allowance: Decimal
    special_expenses: Decimal
    child_allowance: Decimal
    provision_limit: Decimal
    health_reduced: Decimal


@dataclass(frozen=True, slots=True)
class SolidarityParameters:
    """Solidarity surcharge: EUR of yearly wage tax, and percent."""

    free_limit: Decimal
    percent: Decimal
    mitigation_percent: Decimal


@dataclass(frozen=True, slots=True)
class ContributionParameters:
    """Social insurance: percent of pay (both sides together), ceilings in EUR a month.

    `care_childless`, `care_child_discount` and `care_saxony` concern the employee alone.
    """

    pension: Decimal
    unemployment: Decimal
    health: Decimal
    health_additional_average: Decimal
    care: Decimal
    care_childless: Decimal
    care_child_discount: Decimal
    care_saxony: Decimal
    health_ceiling: Decimal
    pension_ceiling: Decimal


@dataclass(frozen=True, slots=True)
class TransitionZone:
    """Übergangsbereich (§ 20 (2) SGB IV): EUR a month above `marginal_limit`, to `upper_limit`."""

    marginal_limit: Decimal
    upper_limit: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class SickPayParameters:
    """Statutory sick pay (§ 47 SGB V): percent, and the days a month counts."""

    gross_percent: Decimal
    net_percent: Decimal
    days_of_month: int
    surcharge_base_percent: Decimal


@dataclass(frozen=True, slots=True)
class PayrollParameters:
    """Tax and social insurance of one year."""

    key: str
    valid_from: date
    valid_until: date
    income_tax: IncomeTaxTariff
    wage_tax: WageTaxParameters
    solidarity: SolidarityParameters
    contributions: ContributionParameters
    transition_zone: TransitionZone
    sick_pay: SickPayParameters


@dataclass(frozen=True, slots=True)
class PayProfile:
    """What besides pay decides the deductions of an employee in statutory health insurance.

    `children` under 25 lower the care contribution from the second on; 0 means childless and
    at least 23 years old; younger people and parents of grown-up children count 1.
    `child_allowances` are those of the wage tax card (0, 0.5, 1, ...).
    `additional_health_percent` is that of the fund, None for the average of all funds.
    """

    tax_class: TaxClass
    church_tax_percent: Decimal | None = None
    children: int = 0
    child_allowances: Decimal = Decimal(0)
    additional_health_percent: Decimal | None = None
    saxony: bool = False


class FigureKey(StrEnum):
    """The figures of a gap calculation, each a line of its explanation."""

    GROSS = "GROSS"
    WAGE_TAX = "WAGE_TAX"
    SOLIDARITY = "SOLIDARITY"
    CHURCH_TAX = "CHURCH_TAX"
    PENSION = "PENSION"
    UNEMPLOYMENT = "UNEMPLOYMENT"
    HEALTH = "HEALTH"
    CARE = "CARE"
    NET = "NET"
    DAILY_GROSS = "DAILY_GROSS"
    DAILY_NET = "DAILY_NET"
    SICK_PAY = "SICK_PAY"
    SICK_PAY_PENSION = "SICK_PAY_PENSION"
    SICK_PAY_UNEMPLOYMENT = "SICK_PAY_UNEMPLOYMENT"
    SICK_PAY_CARE = "SICK_PAY_CARE"
    SICK_PAY_NET = "SICK_PAY_NET"
    SICK_PAY_MONTH = "SICK_PAY_MONTH"
    GAP = "GAP"
    BENEFIT = "BENEFIT"
    REMAINING = "REMAINING"


class InputKey(StrEnum):
    """What a figure is computed from; amounts in EUR, `..._PERCENT` in percent."""

    GROSS_MONTH = "GROSS_MONTH"
    GROSS_YEAR = "GROSS_YEAR"
    ALLOWANCES = "ALLOWANCES"
    PROVISION = "PROVISION"
    TAXABLE = "TAXABLE"
    YEARLY_TAX = "YEARLY_TAX"
    FREE_LIMIT = "FREE_LIMIT"
    BASE = "BASE"
    PERCENT = "PERCENT"
    ADDITIONAL_PERCENT = "ADDITIONAL_PERCENT"
    SURCHARGE_BASE = "SURCHARGE_BASE"
    SURCHARGE_PERCENT = "SURCHARGE_PERCENT"
    DEDUCTIONS = "DEDUCTIONS"
    CEILING = "CEILING"
    NET_MONTH = "NET_MONTH"
    DAYS = "DAYS"
    DAILY_GROSS = "DAILY_GROSS"
    DAILY_NET = "DAILY_NET"
    NET_PERCENT = "NET_PERCENT"
    DAILY_SICK_PAY = "DAILY_SICK_PAY"
    SICK_PAY_MONTH = "SICK_PAY_MONTH"
    GAP = "GAP"
    BENEFIT = "BENEFIT"
    INSURED_PAY = "INSURED_PAY"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of an explanation: EUR, the clause it follows from, and what went into it.

    A month's amount unless the key is DAILY_... or SICK_PAY... (those are of a calendar day,
    except SICK_PAY_MONTH). `clause` is as German law quotes itself; empty for plain sums.
    """

    key: FigureKey
    amount: Decimal
    clause: str
    inputs: Mapping[InputKey, Decimal]


class GapNote(StrEnum):
    """What a reader of a gap calculation should know about it."""

    TRANSITION_ZONE = "TRANSITION_ZONE"
    ABOVE_HEALTH_CEILING = "ABOVE_HEALTH_CEILING"
    ABOVE_PENSION_CEILING = "ABOVE_PENSION_CEILING"
    LIMITED_BY_NET = "LIMITED_BY_NET"
    AVERAGE_ADDITIONAL_CONTRIBUTION = "AVERAGE_ADDITIONAL_CONTRIBUTION"
    WITHOUT_ONE_OFF_PAY = "WITHOUT_ONE_OFF_PAY"
    BENEFIT_EXCEEDS_GAP = "BENEFIT_EXCEEDS_GAP"


@dataclass(frozen=True, slots=True)
class NetPay:
    """Net pay of a month with every deduction, in EUR."""

    gross: Decimal
    wage_tax: Decimal
    solidarity: Decimal
    church_tax: Decimal
    pension: Decimal
    unemployment: Decimal
    health: Decimal
    care: Decimal
    net: Decimal
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SickPay:
    """Statutory sick pay of a calendar day in EUR; `month` is that of a whole month (30 days)."""

    gross: Decimal
    pension: Decimal
    unemployment: Decimal
    care: Decimal
    net: Decimal
    month: Decimal
    limited_by_net: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing in a month of statutory sick pay and what cover pays of it, in EUR.

    `remaining` is never negative; `covered_percent` has one decimal and is at most 100.
    """

    gross: Decimal
    net_pay: NetPay
    sick_pay: SickPay
    gap: Decimal
    benefit: Decimal
    band: int | None
    remaining: Decimal
    covered_percent: Decimal
    notes: tuple[GapNote, ...]
    figures: tuple[Figure, ...]
