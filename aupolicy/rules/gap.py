"""The gap a long illness leaves: net pay less statutory sick pay, and what cover pays of it."""

from decimal import ROUND_HALF_UP, Decimal

from aupolicy.facts import TariffVersion
from aupolicy.facts.payroll import (
    Figure,
    FigureKey,
    Gap,
    GapNote,
    InputKey,
    NetPay,
    PayProfile,
    PayrollParameters,
    SickPay,
)
from aupolicy.kernel.money import ZERO
from aupolicy.rules.agreement import compute_price
from aupolicy.rules.contributions import is_in_transition_zone
from aupolicy.rules.net_pay import compute_net_pay
from aupolicy.rules.sick_pay import compute_statutory_sick_pay

_HUNDRED = Decimal("100.0")


def compute_gap(
    gross_month: Decimal,
    *,
    profile: PayProfile,
    tariff: TariffVersion,
    parameters: PayrollParameters,
    insured_pay: Decimal | None = None,
) -> Gap:
    """What is missing in a month of statutory sick pay, and what the tariff's benefit leaves.

    `insured_pay` is the pay the tariff looks at where it differs from the monthly gross (it
    counts contractual holiday and Christmas pay). Raises NotSubjectToInsurance.
    """
    net_pay = compute_net_pay(gross_month, profile=profile, parameters=parameters)
    # The easing of the transition zone raises net pay, but not the limit of sick pay.
    limiting = compute_net_pay(
        gross_month, profile=profile, parameters=parameters, transition_zone=False
    )
    sick_pay = compute_statutory_sick_pay(
        net_pay.gross, limiting.net, profile=profile, parameters=parameters
    )
    insured = net_pay.gross if insured_pay is None else insured_pay
    price = compute_price(tariff, insured)
    gap = max(net_pay.net - sick_pay.month, ZERO)
    remaining = max(gap - price.benefit, ZERO)
    benefit = Figure(FigureKey.BENEFIT, price.benefit, "", {InputKey.INSURED_PAY: insured})
    return Gap(
        gross=net_pay.gross,
        net_pay=net_pay,
        sick_pay=sick_pay,
        gap=gap,
        benefit=price.benefit,
        band=price.band,
        remaining=remaining,
        covered_percent=_covered_percent(gap, remaining),
        notes=_notes(net_pay, sick_pay, profile, parameters, over=price.benefit > gap),
        figures=(
            *net_pay.figures,
            *sick_pay.figures,
            *_explain(net_pay, sick_pay, gap, benefit, remaining),
        ),
    )


def _covered_percent(gap: Decimal, remaining: Decimal) -> Decimal:
    """How much of the gap is closed, one decimal half up."""
    if not gap:
        return _HUNDRED
    return ((gap - remaining) * 100 / gap).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _notes(
    net_pay: NetPay,
    sick_pay: SickPay,
    profile: PayProfile,
    parameters: PayrollParameters,
    *,
    over: bool,
) -> tuple[GapNote, ...]:
    rates = parameters.contributions
    told = {
        GapNote.TRANSITION_ZONE: is_in_transition_zone(net_pay.gross, parameters.transition_zone),
        GapNote.ABOVE_HEALTH_CEILING: net_pay.gross > rates.health_ceiling,
        GapNote.ABOVE_PENSION_CEILING: net_pay.gross > rates.pension_ceiling,
        GapNote.LIMITED_BY_NET: sick_pay.limited_by_net,
        GapNote.AVERAGE_ADDITIONAL_CONTRIBUTION: profile.additional_health_percent is None,
        GapNote.WITHOUT_ONE_OFF_PAY: True,
        GapNote.BENEFIT_EXCEEDS_GAP: over,
    }
    return tuple(note for note, applies in told.items() if applies)


def _explain(
    net_pay: NetPay, sick_pay: SickPay, gap: Decimal, benefit: Figure, remaining: Decimal
) -> tuple[Figure, ...]:
    months = {InputKey.NET_MONTH: net_pay.net, InputKey.SICK_PAY_MONTH: sick_pay.month}
    left = {InputKey.GAP: gap, InputKey.BENEFIT: benefit.amount}
    return (
        Figure(FigureKey.GAP, gap, "", months),
        benefit,
        Figure(FigureKey.REMAINING, remaining, "", left),
    )
