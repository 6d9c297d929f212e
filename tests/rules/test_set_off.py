"""Which demands a credit settles first, and what of instalments is due."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.rules.instalments import Part, is_kept, propose_parts, share_out, spread, sum_due
from billing.rules.set_off import OpenSum, decide_set_offs

TODAY = date(2026, 3, 10)
D = Decimal


def _sum(key: int, kind: str, day: date, amount: str) -> OpenSum:
    return OpenSum(key, kind, day, D(amount))


def test_costs_then_interest_then_the_oldest_premium_then_what_is_not_due() -> None:
    items = [
        _sum(1, "premium", date(2026, 1, 1), "100"),
        _sum(2, "premium", date(2026, 2, 1), "100"),
        _sum(3, "premium", date(2026, 4, 1), "100"),
        _sum(4, "interest", date(2026, 3, 1), "2"),
        _sum(5, "costs", date(2026, 3, 5), "5"),
        _sum(6, "lump_sum", date(2026, 3, 1), "40"),
        _sum(9, "premium", date(2026, 3, 1), "-300"),
    ]
    found = decide_set_offs(items, today=TODAY)
    assert [(each.demand, each.amount) for each in found] == [
        (6, D(40)), (5, D(5)), (4, D(2)), (1, D(100)), (2, D(100)), (3, D(53)),
    ]  # fmt: skip


def test_several_credits_are_used_oldest_first() -> None:
    items = [
        _sum(1, "premium", date(2026, 1, 1), "50"),
        _sum(8, "premium", date(2026, 2, 1), "-30"),
        _sum(9, "premium", date(2026, 1, 15), "-30"),
    ]
    found = decide_set_offs(items, today=TODAY)
    assert [(each.credit, each.demand, each.amount) for each in found] == [
        (9, 1, D(30)), (8, 1, D(20)),
    ]  # fmt: skip


_AMOUNTS = st.integers(-9_999, 9_999).filter(bool)


@given(st.lists(_AMOUNTS, max_size=8))
def test_no_more_is_set_off_than_there_is_on_either_side(cents: list[int]) -> None:
    items = [
        OpenSum(key, "premium", date(2026, 1, 1 + key), D(number) / 100)
        for key, number in enumerate(cents)
    ]
    found = decide_set_offs(items, today=TODAY)
    owed = sum((item.amount for item in items if item.amount > 0), start=D(0))
    had = -sum((item.amount for item in items if item.amount < 0), start=D(0))
    assert sum((each.amount for each in found), start=D(0)) == min(owed, had)
    for item in items:
        parts = [e.amount for e in found if item.key in {e.demand, e.credit}]
        assert sum(parts, start=D(0)) <= abs(item.amount)
        assert all(part > 0 for part in parts)


def test_parts_add_up_and_the_last_bears_the_cents() -> None:
    parts = propose_parts(amount=D("100.00"), count=3, first=date(2026, 1, 31))
    assert parts == [
        Part(date(2026, 1, 31), D("33.33")),
        Part(date(2026, 2, 28), D("33.33")),
        Part(date(2026, 3, 31), D("33.34")),
    ]


PARTS = [Part(date(2026, 3, 1), D(30)), Part(date(2026, 4, 1), D(30))]


def test_what_is_settled_pays_the_earliest_part_first() -> None:
    assert [part.open_amount for part in spread(PARTS, settled=D(40))] == [D(0), D(20)]
    assert [part.open_amount for part in spread(PARTS, settled=D(-5))] == [D(30), D(30)]


def test_due_is_what_has_come_less_what_was_settled() -> None:
    assert sum_due(PARTS, settled=D(0), day=date(2026, 2, 28)) == D(0)
    assert sum_due(PARTS, settled=D(10), day=date(2026, 3, 1)) == D(20)
    assert sum_due(PARTS, settled=D(40), day=date(2026, 3, 31)) == D(0)


def test_a_plan_is_kept_until_the_day_after_an_unpaid_part() -> None:
    assert is_kept(PARTS, settled=D(0), today=date(2026, 3, 1))
    assert not is_kept(PARTS, settled=D("29.99"), today=date(2026, 3, 2))
    assert is_kept(PARTS, settled=D(30), today=date(2026, 4, 1))


def test_a_sum_is_shared_out_in_order_up_to_what_is_open() -> None:
    assert share_out(D(50), [(1, D(20)), (2, D(40)), (3, D(10))]) == {1: D(20), 2: D(30), 3: D(0)}
