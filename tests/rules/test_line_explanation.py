"""The arithmetic of a line written out, and reasons that are split step by step."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.parsing import TARIFF_FOLDER, parse_tariff
from billing.facts.explanation import CoveredDays, StepKind
from billing.facts.line_reasons import (
    NOT_COVERED,
    ContractLife,
    LineState,
    PersonLife,
    Piece,
    PieceKind,
    ReasonKind,
)
from billing.rules.explanation import list_steps
from billing.rules.line_reasons import explain_difference
from billing.rules.premium import compute_charge
from members.facts import Cover, EndReason, PayPeriod

(BANDED,) = parse_tariff(TARIFF_FOLDER / "bau-2016.yaml").versions
PERCENT = parse_tariff(TARIFF_FOLDER / "percent-2026.yaml").versions[0]
TARIFFS = {1: BANDED, 2: PERCENT}
MARCH = Month(2026, 3)
CONTRACT = ContractLife(
    Period(date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 3, 1)), is_new=False
)


def steps(covered: CoveredDays, **given: Any) -> list[tuple[str, str, bool]]:
    defaults: dict[str, Any] = {"pay": Decimal("2400.00"), "percent": None, "premium": None}
    known = {"recorded": Decimal("0.00"), "amount": Decimal("0.00")}
    found = list_steps(covered=covered, **(defaults | known | given))
    return [(step.kind.value, str(step.result), step.is_rounded) for step in found]


def days(number: int) -> CoveredDays:
    return CoveredDays(number, 31, date(2026, 3, 1), date(2026, 3, number))


def test_a_part_of_a_month_is_rounded_and_says_so() -> None:
    premium = Decimal("12.40")
    assert steps(days(17), premium=premium, amount=Decimal("7.03")) == [
        ("VALUE", "12.40", False),
        ("DAYS", "7.03", True),
    ]
    assert steps(days(15), premium=premium, amount=Decimal("6.20"))[-1] == ("DAYS", "6.20", False)


def test_a_percentage_is_rounded_where_it_has_to_be() -> None:
    found = list_steps(
        pay=Decimal("2401.00"), percent=Decimal("0.5"), premium=Decimal("12.01"),
        covered=days(31), recorded=Decimal("0.00"), amount=Decimal("12.01"),
    )  # fmt: skip
    assert [(s.kind, s.left, s.right, s.divisor, s.is_rounded) for s in found] == [
        (StepKind.PERCENT, Decimal("2401.00"), Decimal("0.5"), 100, True)
    ]


def test_who_is_not_covered_any_more_gets_back_what_was_recorded() -> None:
    nobody = CoveredDays(0, 31, None, None)
    assert steps(nobody, recorded=Decimal("13.00"), amount=Decimal("-13.00")) == [
        ("DIFFERENCE", "-13.00", False)
    ]


def cover(pay: Decimal, first: date, last: date | None = None) -> Cover:
    period = Period(first, last)
    end = EndReason.EMPLOYMENT_ENDED if last else None
    return Cover(period, end, (PayPeriod(period, pay),))


def state(month: Month, covers: list[Cover], tariff: int) -> tuple[LineState, Decimal]:
    stretches = [(p.period.first_day, p.period.last_day, p.amount) for c in covers for p in c.pays]
    charge = compute_charge(stretches, month=month, tariff=TARIFFS[tariff])
    if charge is None:
        return NOT_COVERED, Decimal("0.00")
    return LineState(charge.covered_days, charge.pay, charge.band, tariff), charge.amount


covers = st.builds(
    lambda pay, first, last: [cover(Decimal(pay), date(2026, 2, first), last)],
    pay=st.integers(500, 5000),
    first=st.integers(1, 28),
    last=st.one_of(st.none(), st.dates(date(2026, 2, 28), date(2026, 4, 5))),
)


@pytest.mark.parametrize("kind", [PieceKind.NEW_MONTH, PieceKind.CORRECTED])
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=covers, now=covers, tariffs=st.tuples(st.sampled_from([1, 2]), st.sampled_from([1, 2]))
)
def test_whatever_changed_at_once_the_parts_add_up(
    kind: PieceKind, before: list[Cover], now: list[Cover], tariffs: tuple[int, int]
) -> None:
    month_before = MARCH.plus(-1) if kind is PieceKind.NEW_MONTH else MARCH
    was, cost = state(month_before, before, tariffs[0])
    becomes, costs = state(MARCH, now, tariffs[1])
    piece = Piece(1, kind, costs - cost, month_before, was, MARCH, becomes)
    found = explain_difference(
        pieces=[piece], life=PersonLife(tuple(now)), contract=CONTRACT, tariffs=TARIFFS
    )
    assert sum((reason.amount for reason in found), Decimal(0)) == piece.amount
    same_days = kind is PieceKind.CORRECTED and was.covered_days == becomes.covered_days
    if piece.amount and same_days and tariffs == (1, 1):
        assert ReasonKind.PAY_CHANGE in {reason.kind for reason in found}


def test_new_terms_and_a_new_pay_are_told_apart() -> None:
    before, now = LineState(28, Decimal(2400), 4, 1), LineState(31, Decimal(3200), None, 2)
    # 13.00 in band 4; half a percent is 12.00 of 2,400 and 16.00 of 3,200.
    piece = Piece(1, PieceKind.NEW_MONTH, Decimal("3.00"), MARCH.plus(-1), before, MARCH, now)
    pay = PayPeriod(Period(date(2026, 3, 1)), Decimal(3200))
    life = PersonLife((Cover(Period(date(2026, 1, 1)), None, (pay,)),))
    found = explain_difference(pieces=[piece], life=life, contract=CONTRACT, tariffs=TARIFFS)
    assert [(reason.kind, reason.day, str(reason.amount)) for reason in found] == [
        (ReasonKind.PAY_CHANGE, date(2026, 3, 1), "4.00"),
        (ReasonKind.TERMS, date(2026, 3, 1), "-1.00"),
    ]
