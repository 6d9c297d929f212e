"""The arithmetic of a premium line, step by step as one would write it on paper."""

from decimal import Decimal

from billing.facts.explanation import CoveredDays, Step, StepKind
from billing.rules.premium import DAYS_OF_A_PREMIUM_MONTH, prorate

_HUNDRED = 100


def list_steps(
    *,
    pay: Decimal | None,
    percent: Decimal | None,
    premium: Decimal | None,
    covered: CoveredDays,
    recorded: Decimal,
    amount: Decimal,
) -> tuple[Step, ...]:
    """The steps from the tariff's value to the amount of a line, in EUR.

    `premium` is that of a full month, None where nobody is covered; `percent` the tariff's where
    it has no bands. The last result is `amount`: what is owed minus what was recorded before.
    """
    steps: list[Step] = []
    if premium is not None:
        steps.append(_full_month(pay, percent, premium))
        if not covered.is_whole:
            steps.append(_part_of_month(premium, covered))
    if recorded or not steps:
        steps.append(
            Step(StepKind.DIFFERENCE, recorded + amount, recorded, 1, amount, is_rounded=False)
        )
    return tuple(steps)


def _full_month(pay: Decimal | None, percent: Decimal | None, premium: Decimal) -> Step:
    if percent is None or pay is None:
        return Step(StepKind.VALUE, premium, Decimal(1), 1, premium, is_rounded=False)
    return Step(
        StepKind.PERCENT,
        pay,
        percent,
        _HUNDRED,
        premium,
        is_rounded=pay * percent != premium * _HUNDRED,
    )


def _part_of_month(premium: Decimal, covered: CoveredDays) -> Step:
    result = prorate(premium, covered_days=covered.days, month_days=covered.month_days)
    return Step(
        StepKind.DAYS,
        premium,
        Decimal(covered.days),
        DAYS_OF_A_PREMIUM_MONTH,
        result,
        is_rounded=premium * covered.days != result * DAYS_OF_A_PREMIUM_MONTH,
    )
