"""What an employee pays into social insurance a month.

Each part is rounded half up to the cent (§ 2 BVV); the additional health contribution and the
surcharge of the childless are parts of their own.
"""

from dataclasses import dataclass
from decimal import Decimal

from aupolicy.facts.payroll import PayProfile, PayrollParameters, TransitionZone
from aupolicy.kernel.money import round_cent


@dataclass(frozen=True, slots=True)
class Contributions:
    """The employee's contributions of a month in EUR, with the pay they are taken from.

    `care_base` is what the surcharge of the childless and the discount for children come from.
    """

    pension: Decimal
    unemployment: Decimal
    health: Decimal
    care: Decimal
    pension_base: Decimal
    health_base: Decimal
    care_base: Decimal


def compute_care_percent(profile: PayProfile, parameters: PayrollParameters) -> Decimal:
    """The employee's part of the care contribution in percent, without the childless' surcharge.

    The second to fifth child under 25 lower it (§ 55 (3) SGB XI); Saxony: § 58 (3).
    """
    rates = parameters.contributions
    discounted = max(0, min(profile.children, 5) - 1)
    saxony = rates.care_saxony if profile.saxony else Decimal(0)
    return rates.care / 2 + saxony - discounted * rates.care_child_discount


def get_childless_percent(profile: PayProfile, parameters: PayrollParameters) -> Decimal:
    """Care surcharge of the childless in percent, 0 for everybody else."""
    return parameters.contributions.care_childless if not profile.children else Decimal(0)


def get_additional_percent(profile: PayProfile, parameters: PayrollParameters) -> Decimal:
    """Additional health contribution in percent, employer and employee together."""
    own = profile.additional_health_percent
    return parameters.contributions.health_additional_average if own is None else own


def is_in_transition_zone(gross_month: Decimal, zone: TransitionZone) -> bool:
    """Whether a monthly gross pay in EUR lies in the transition zone (§ 20 (2) SGB IV)."""
    return zone.marginal_limit < gross_month <= zone.upper_limit


def compute_employee_base(gross_month: Decimal, zone: TransitionZone) -> Decimal:
    """Pay the employee's part is taken from in the transition zone (§ 20 (2a) S. 6 SGB IV)."""
    share = zone.upper_limit / (zone.upper_limit - zone.marginal_limit)
    return round_cent(share * (gross_month - zone.marginal_limit))


def compute_total_base(gross_month: Decimal, zone: TransitionZone) -> Decimal:
    """Pay the whole contribution is taken from in the transition zone (§ 20 (2a) S. 1 SGB IV)."""
    low, high, factor = zone.marginal_limit, zone.upper_limit, zone.factor
    slope = high / (high - low) - low / (high - low) * factor
    return round_cent(factor * low + slope * (gross_month - low))


def compute_contributions(
    gross_month: Decimal,
    *,
    profile: PayProfile,
    parameters: PayrollParameters,
    transition_zone: bool = True,
) -> Contributions:
    """The employee's contributions from a monthly gross pay in EUR.

    `transition_zone` False leaves the easing of § 20 (2a) SGB IV out, as for trainees and for
    the net pay that limits sick pay.
    """
    rates, zone = parameters.contributions, parameters.transition_zone
    eased = transition_zone and is_in_transition_zone(gross_month, zone)
    pension_base = min(gross_month, rates.pension_ceiling)
    health_base = care_base = min(gross_month, rates.health_ceiling)
    if eased:
        pension_base = health_base = compute_employee_base(gross_month, zone)
        care_base = compute_total_base(gross_month, zone)
    additional = get_additional_percent(profile, parameters)
    return Contributions(
        pension=_part(pension_base, rates.pension / 2),
        unemployment=_part(pension_base, rates.unemployment / 2),
        health=_part(health_base, rates.health / 2) + _part(health_base, additional / 2),
        care=_care(health_base, care_base, profile, parameters),
        pension_base=pension_base,
        health_base=health_base,
        care_base=care_base,
    )


def _care(
    base: Decimal, care_base: Decimal, profile: PayProfile, parameters: PayrollParameters
) -> Decimal:
    """Care: surcharge and discount have a base of their own only in the transition zone."""
    surcharge = _part(care_base, get_childless_percent(profile, parameters))
    if base == care_base:
        return _part(base, compute_care_percent(profile, parameters)) + surcharge
    full = parameters.contributions.care / 2
    full += parameters.contributions.care_saxony if profile.saxony else Decimal(0)
    discount = _part(care_base, full - compute_care_percent(profile, parameters))
    return max(_part(base, full) - discount, Decimal("0.00")) + surcharge


def _part(base: Decimal, percent: Decimal) -> Decimal:
    return round_cent(base * percent / 100)
