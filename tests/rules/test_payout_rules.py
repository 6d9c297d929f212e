"""What a payout keeps back and what it says at the bank."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.exports.sepa_text import is_sepa_text
from billing.facts.recovery import RecoveryMode
from billing.rules.offset import Offset, OpenRecovery, compute_offsets, subtract_offsets
from billing.rules.remittance import describe_payout

OFFSET, INSTALMENTS, RECLAIM = RecoveryMode


def eur(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("amount", "recovery", "kept"),
    [
        ("300.00", OpenRecovery(1, eur("120.00"), OFFSET), "120.00"),
        ("300.00", OpenRecovery(1, eur("300.00"), OFFSET), "300.00"),
        ("300.00", OpenRecovery(1, eur("900.00"), OFFSET), "300.00"),
        ("300.00", OpenRecovery(1, eur("900.00"), INSTALMENTS, eur("50.00")), "50.00"),
        ("300.00", OpenRecovery(1, eur("20.00"), INSTALMENTS, eur("50.00")), "20.00"),
        ("30.00", OpenRecovery(1, eur("900.00"), INSTALMENTS, eur("50.00")), "30.00"),
        ("300.00", OpenRecovery(1, eur("900.00"), RECLAIM), None),
    ],
)
def test_each_mode(amount: str, recovery: OpenRecovery, kept: str | None) -> None:
    offsets = compute_offsets(amount=eur(amount), recoveries=[recovery])
    assert offsets == ((Offset(1, eur(kept)),) if kept else ())


def test_recoveries_are_met_in_order_and_carry_over() -> None:
    recoveries = [
        OpenRecovery(1, eur("100.00"), RECLAIM),
        OpenRecovery(2, eur("80.00"), INSTALMENTS, eur("30.00")),
        OpenRecovery(3, eur("500.00"), OFFSET),
    ]
    first = compute_offsets(amount=eur("200.00"), recoveries=recoveries)
    assert first == (Offset(2, eur("30.00")), Offset(3, eur("170.00")))
    left = subtract_offsets(recoveries, first)
    assert [(each.key, each.amount) for each in left] == [
        (1, eur("100.00")),
        (2, eur("50.00")),
        (3, eur("330.00")),
    ]
    second = compute_offsets(amount=eur("1000.00"), recoveries=left)
    assert [(o.key, o.amount) for o in second] == [(2, eur("30.00")), (3, eur("330.00"))]
    assert [r.key for r in subtract_offsets(left, second)] == [1, 2]


amounts = st.decimals(eur("0.01"), eur("5000.00"), places=2)
recoveries_of = st.lists(
    st.builds(
        OpenRecovery,
        key=st.integers(1, 99),
        amount=amounts,
        mode=st.sampled_from(RecoveryMode),
        instalment=amounts,
    ),
    max_size=6,
    unique_by=lambda recovery: recovery.key,
)


@given(amounts, recoveries_of)
def test_never_more_than_the_payout_or_than_is_owed(
    amount: Decimal, recoveries: list[OpenRecovery]
) -> None:
    offsets = compute_offsets(amount=amount, recoveries=recoveries)
    assert sum(offset.amount for offset in offsets) <= amount
    owed = {recovery.key: recovery.amount for recovery in recoveries}
    assert all(0 < offset.amount <= owed[offset.key] for offset in offsets)
    left = subtract_offsets(recoveries, offsets)
    kept = sum(offset.amount for offset in offsets)
    assert sum(r.amount for r in left) == sum(owed.values()) - kept


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2026-12"], "12/2026"),
        (["2026-12", "2026-10", "2026-11"], "10/2026-12/2026"),
        (["2025-12", "2026-01", "2026-03"], "12/2025-01/2026, 03/2026"),
        (["2025-01", "2025-03", "2025-05", "2025-07", "2025-09"], "01/2025-09/2025"),
    ],
)
def test_a_payout_names_months_and_contract(months: list[str], words: str) -> None:
    days = [date.fromisoformat(f"{month}-01") for month in months]
    text = describe_payout(months=days, contract="GV-2026-0001")
    assert text == f"Leistung {words} Vertrag GV-2026-0001"
    assert is_sepa_text(text)
    assert len(text) <= 140
