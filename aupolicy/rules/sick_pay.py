"""Statutory sick pay of an employee (Krankengeld, § 47 SGB V), a calendar day at a time.

Daily pay, daily net pay, sick pay and every deduction are rounded half up to the cent, as the
funds do: 1,366.09 net a month are 45.54 a day and limit sick pay to 40.99.
"""

from dataclasses import dataclass
from decimal import Decimal

from aupolicy.facts.payroll import (
    Figure,
    FigureKey,
    InputKey,
    PayProfile,
    PayrollParameters,
    SickPay,
)
from aupolicy.kernel.money import round_cent
from aupolicy.rules.contributions import compute_care_percent, get_childless_percent


@dataclass(frozen=True, slots=True)
class _Daily:
    gross: Decimal
    net: Decimal
    sick_pay: Decimal
    pension: Decimal
    unemployment: Decimal
    care: Decimal
    surcharge_base: Decimal


def compute_statutory_sick_pay(
    gross_month: Decimal,
    net_month: Decimal,
    *,
    profile: PayProfile,
    parameters: PayrollParameters,
) -> SickPay:
    """Sick pay in EUR from the last month's gross and net pay in EUR, without one-off pay.

    70 % of daily pay up to the ceiling of health insurance, at most 90 % of daily net pay; the
    employee's part of pension, unemployment and care contributions is taken from it. `net_month`
    is net pay without the easing of the transition zone (§ 47 (1) S. 8 SGB V).
    """
    law = parameters.sick_pay
    days = law.days_of_month
    daily_gross = round_cent(min(gross_month, parameters.contributions.health_ceiling) / days)
    daily_net = round_cent(net_month / days)
    of_gross = round_cent(daily_gross * law.gross_percent / 100)
    of_net = round_cent(daily_net * law.net_percent / 100)
    daily = _deduct(daily_gross, daily_net, min(of_gross, of_net), profile, parameters)
    net = daily.sick_pay - daily.pension - daily.unemployment - daily.care
    return SickPay(
        gross=daily.sick_pay,
        pension=daily.pension,
        unemployment=daily.unemployment,
        care=daily.care,
        net=net,
        month=net * days,
        limited_by_net=of_net < of_gross,
        figures=(
            *_explain_sick_pay(gross_month, net_month, daily, parameters),
            *_explain_deductions(daily, profile, parameters),
            *_explain_payout(daily, net, parameters),
        ),
    )


def _deduct(
    gross: Decimal,
    net: Decimal,
    sick_pay: Decimal,
    profile: PayProfile,
    parameters: PayrollParameters,
) -> _Daily:
    """The parts an insured person bears (§ 170 SGB VI, § 347 SGB III, § 59 (2) SGB XI)."""
    rates = parameters.contributions
    surcharge_base = round_cent(gross * parameters.sick_pay.surcharge_base_percent / 100)
    surcharge = round_cent(surcharge_base * get_childless_percent(profile, parameters) / 100)
    care = round_cent(sick_pay * compute_care_percent(profile, parameters) / 100)
    return _Daily(
        gross=gross,
        net=net,
        sick_pay=sick_pay,
        pension=round_cent(sick_pay * rates.pension / 2 / 100),
        unemployment=round_cent(sick_pay * rates.unemployment / 2 / 100),
        care=care + surcharge,
        surcharge_base=surcharge_base,
    )


def _explain_sick_pay(
    gross_month: Decimal, net_month: Decimal, daily: _Daily, parameters: PayrollParameters
) -> tuple[Figure, ...]:
    law = parameters.sick_pay
    days = Decimal(law.days_of_month)
    return (
        Figure(
            FigureKey.DAILY_GROSS,
            daily.gross,
            "§ 47 Abs. 2 S. 3, Abs. 6 SGB V",
            {
                InputKey.GROSS_MONTH: gross_month,
                InputKey.CEILING: parameters.contributions.health_ceiling,
                InputKey.DAYS: days,
            },
        ),
        Figure(
            FigureKey.DAILY_NET,
            daily.net,
            "§ 47 Abs. 1 S. 2, 8 SGB V",
            {InputKey.NET_MONTH: net_month, InputKey.DAYS: days},
        ),
        Figure(
            FigureKey.SICK_PAY,
            daily.sick_pay,
            "§ 47 Abs. 1 S. 1, 2 SGB V",
            {
                InputKey.DAILY_GROSS: daily.gross,
                InputKey.PERCENT: law.gross_percent,
                InputKey.DAILY_NET: daily.net,
                InputKey.NET_PERCENT: law.net_percent,
            },
        ),
    )


def _explain_deductions(
    daily: _Daily, profile: PayProfile, parameters: PayrollParameters
) -> tuple[Figure, ...]:
    rates = parameters.contributions
    return (
        Figure(
            FigureKey.SICK_PAY_PENSION,
            daily.pension,
            "§ 166 Abs. 1 Nr. 2, § 170 Abs. 1 Nr. 2 SGB VI",
            {InputKey.DAILY_SICK_PAY: daily.sick_pay, InputKey.PERCENT: rates.pension / 2},
        ),
        Figure(
            FigureKey.SICK_PAY_UNEMPLOYMENT,
            daily.unemployment,
            "§ 345 Nr. 5, § 347 Nr. 5 SGB III",
            {InputKey.DAILY_SICK_PAY: daily.sick_pay, InputKey.PERCENT: rates.unemployment / 2},
        ),
        Figure(
            FigureKey.SICK_PAY_CARE,
            daily.care,
            "§ 57 Abs. 2, § 59 Abs. 2, 5 SGB XI",
            {
                InputKey.DAILY_SICK_PAY: daily.sick_pay,
                InputKey.PERCENT: compute_care_percent(profile, parameters),
                InputKey.SURCHARGE_BASE: daily.surcharge_base,
                InputKey.SURCHARGE_PERCENT: get_childless_percent(profile, parameters),
            },
        ),
    )


def _explain_payout(
    daily: _Daily, net: Decimal, parameters: PayrollParameters
) -> tuple[Figure, ...]:
    days = Decimal(parameters.sick_pay.days_of_month)
    return (
        Figure(
            FigureKey.SICK_PAY_NET,
            net,
            "",
            {
                InputKey.DAILY_SICK_PAY: daily.sick_pay,
                InputKey.DEDUCTIONS: daily.sick_pay - net,
            },
        ),
        Figure(
            FigureKey.SICK_PAY_MONTH,
            net * days,
            "§ 47 Abs. 1 S. 7 SGB V",
            {InputKey.DAILY_SICK_PAY: net, InputKey.DAYS: days},
        ),
    )
