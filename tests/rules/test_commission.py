"""Commission as a pure rule: the agreement of a month, the first year, owed minus recorded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.money import round_cent
from billing.facts.commission import AgreedCommission, PaidItem
from billing.rules.commission import compute_accrual, find_agreement, is_first_year

D = Decimal
START = date(2025, 3, 1)
GENERAL = AgreedCommission(1, 7, None, date(2025, 1, 1), date(2025, 12, 31), D("10"), D("3"))
LATER = AgreedCommission(2, 7, None, date(2026, 1, 1), None, D("12.5"), D("4"))
OWN = AgreedCommission(3, 7, 42, date(2025, 6, 1), date(2026, 6, 30), D("8"), D("2.5"))
ITEM = PaidItem(
    open_item_id=1, contract_id=9, broker_id=7, contract_start=START, month=START,
    amount=D("119.00"), tax=D("19.00"), paid=D("119.00"), recorded_base=D(0), recorded=D(0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "month", "found"),
    [
        (9, date(2024, 12, 1), None),
        (9, date(2025, 1, 1), GENERAL),
        (9, date(2025, 12, 1), GENERAL),
        (9, date(2026, 1, 1), LATER),
        (42, date(2025, 5, 1), GENERAL),
        (42, date(2025, 6, 1), OWN),
        (42, date(2026, 6, 1), OWN),
        (42, date(2026, 7, 1), LATER),
    ],
)
def test_the_agreement_of_a_month_and_the_contracts_own_first(
    contract: int, month: date, found: AgreedCommission | None
) -> None:
    agreements = [GENERAL, LATER, OWN]
    assert find_agreement(agreements, contract_id=contract, month=month) == found
    assert find_agreement(agreements[::-1], contract_id=contract, month=month) == found


@pytest.mark.parametrize(
    ("start", "month", "is_first"),
    [
        (START, date(2025, 3, 1), True),
        (START, date(2026, 2, 1), True),
        (START, date(2026, 3, 1), False),
        (date(2025, 3, 15), date(2026, 2, 1), True),
        (date(2025, 3, 15), date(2026, 3, 1), False),
    ],
)
def test_the_first_year_is_twelve_months(start: date, month: date, *, is_first: bool) -> None:
    assert is_first_year(month, start) is is_first


@pytest.mark.parametrize(
    ("changes", "percent", "base", "amount"),
    [
        # Tax earns nothing: 100.00 of 119.00 are premium.
        ({}, "10", "100.00", "10.00"),
        ({"paid": D("59.50")}, "10", "50.00", "5.00"),
        ({"recorded_base": D("50.00"), "recorded": D("5.00")}, "10", "50.00", "5.00"),
        # The payment came back.
        ({"paid": D(0), "recorded_base": D("100.00"), "recorded": D("10.00")},
         "10", "-100.00", "-10.00"),
        # A credit of a correction that was set off: less premium was paid.
        ({"amount": D("-23.80"), "tax": D("-3.80"), "paid": D("-23.80")},
         "10", "-20.00", "-2.00"),
        # The second year goes by the running percentage of the later agreement.
        ({"month": date(2026, 3, 1)}, "4", "100.00", "4.00"),
        ({"month": date(2026, 1, 1)}, "12.5", "100.00", "12.50"),
        # A percentage that was agreed anew, looking back: only the difference is new.
        ({"contract_id": 42, "month": date(2025, 6, 1), "recorded_base": D("100.00"),
          "recorded": D("10.00")}, "8", "0.00", "-2.00"),
    ],
)  # fmt: skip
def test_what_is_new(changes: dict[str, object], percent: str, base: str, amount: str) -> None:
    found = compute_accrual(replace(ITEM, **changes), [GENERAL, LATER, OWN])  # type: ignore[arg-type]
    assert found is not None
    assert (found.percent, found.base, found.amount) == (D(percent), D(base), D(amount))


@pytest.mark.parametrize(
    "changes",
    [
        {"recorded_base": D("100.00"), "recorded": D("10.00")},
        {"paid": D(0)},
        {"paid": D("0.03")},
        {"month": date(2024, 12, 1)},
    ],
)
def test_where_nothing_is_new(changes: dict[str, object]) -> None:
    assert compute_accrual(replace(ITEM, **changes), [GENERAL, LATER]) is None  # type: ignore[arg-type]


_CENTS = st.integers(0, 11_900).map(lambda cents: D(cents) / 100)
_PERCENT = st.decimals(0, 100, places=3)


@given(
    payments=st.lists(_CENTS, min_size=1, max_size=12),
    percent=_PERCENT,
    tax=st.integers(0, 1_900).map(lambda cents: D(cents) / 100),
    sign=st.sampled_from([1, -1]),
)
def test_entries_always_add_up_to_what_today_s_payments_owe(
    payments: list[Decimal], percent: Decimal, tax: Decimal, sign: int
) -> None:
    """However payments come and go: the sum is that of one calculation of the last state."""
    agreement = replace(GENERAL, first_year_percent=percent)
    item = replace(ITEM, amount=sign * ITEM.amount, tax=sign * tax)
    for paid in payments:
        item = replace(item, paid=sign * paid)
        if found := compute_accrual(item, [agreement]):
            item = replace(
                item,
                recorded_base=item.recorded_base + found.base,
                recorded=item.recorded + found.amount,
            )
        assert compute_accrual(item, [agreement]) is None
        net = round_cent(item.paid * (item.amount - item.tax) / item.amount)
        assert item.recorded == round_cent(net * percent / 100)
        if not paid:
            assert item.recorded == 0
