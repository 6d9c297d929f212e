"""Dates of reminders by the BGB, default interest, and the file that sets them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aupolicy.parsing.checked import UnableToReadTariff
from billing.facts.arrears import BaseRates, Interest
from billing.parsing.dunning import DUNNING_FILE, parse_dunning
from billing.rules.reminders import (
    assume_receipt,
    compute_interest,
    deadline_after_days,
    deadline_after_months,
    deadline_after_weeks,
    first_premium_due,
    last_day_to_pay,
)

D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "paid_by"),
    [
        ("2026-11-23", "2026-11-23"),  # Monday
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-12-25", "2026-12-28"),  # Christmas, then a weekend
        ("2026-04-03", "2026-04-07"),  # Good Friday to Easter Monday
        ("2026-05-01", "2026-05-04"),  # Labour Day on a Friday
        ("2026-10-03", "2026-10-05"),  # Unity Day on a Saturday
        ("2026-06-04", "2026-06-05"),  # Corpus Christi, in some states
        ("2026-01-06", "2026-01-07"),  # Epiphany, in some states
        ("2026-11-18", "2026-11-19"),  # Day of Prayer and Repentance, in Saxony
        ("2027-11-17", "2027-11-18"),
        ("2022-11-16", "2022-11-17"),  # 23 November is itself a Wednesday
        ("2026-12-31", "2026-12-31"),
        ("2027-01-01", "2027-01-04"),
    ],
)
def test_a_payment_is_due_on_a_working_day(day: str, paid_by: str) -> None:
    assert last_day_to_pay(D(day)) == D(paid_by)


@pytest.mark.parametrize(
    ("posted", "received"),
    [
        ("2026-11-23", "2026-11-27"),
        ("2026-11-24", "2026-11-30"),  # the fourth day is a Saturday
        ("2026-12-21", "2026-12-28"),
    ],
)
def test_receipt_is_assumed_days_after_posting(posted: str, received: str) -> None:
    assert assume_receipt(D(posted), days=4) == D(received)


@pytest.mark.parametrize(
    ("received", "weeks", "deadline"),
    [
        ("2026-11-23", 2, "2026-12-07"),  # Monday to Monday
        ("2026-12-11", 2, "2026-12-28"),  # to 25 December
        ("2024-02-15", 2, "2024-02-29"),  # a leap day
        ("2025-02-15", 2, "2025-03-03"),  # 1 March is a Saturday
        ("2026-11-25", 3, "2026-12-16"),
    ],
)
def test_weeks_end_on_the_weekday_of_receipt(received: str, weeks: int, deadline: str) -> None:
    assert deadline_after_weeks(D(received), weeks=weeks) == D(deadline)


@pytest.mark.parametrize(
    ("received", "days", "deadline"),
    [("2026-11-23", 14, "2026-12-07"), ("2026-11-26", 30, "2026-12-28")],
)
def test_days_are_counted_from_the_day_after_receipt(
    received: str, days: int, deadline: str
) -> None:
    assert deadline_after_days(D(received), days=days) == D(deadline)


@pytest.mark.parametrize(
    ("received", "deadline"),
    [
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2024-01-31", "2024-02-29"),  # no 31st
        ("2026-12-15", "2027-01-15"),
        ("2026-10-21", "2026-11-23"),  # a Saturday
        ("2026-11-25", "2026-12-28"),  # Christmas
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number(received: str, deadline: str) -> None:
    assert deadline_after_months(D(received), months=1) == D(deadline)


def test_the_first_premium_is_due_when_fourteen_days_are_over() -> None:
    assert first_premium_due(D("2026-11-02"), days=14) == D("2026-11-17")
    assert first_premium_due(D("2026-11-07"), days=14) == D("2026-11-24")


RATES = BaseRates(
    (
        (D("2023-07-01"), Decimal("3.12")),
        (D("2024-01-01"), Decimal("3.62")),
        (D("2024-07-01"), Decimal("3.37")),
    ),
    D("2024-12-31"),
)


def interest(balances: list[tuple[str, str]], first: str, last: str, points: str = "5") -> Interest:
    return compute_interest(
        [(D(day), Decimal(amount)) for day, amount in balances],
        first_day=D(first),
        last_day=D(last),
        rates=RATES,
        points=Decimal(points),
    )


@pytest.mark.parametrize(
    ("balances", "first", "last", "points", "amounts"),
    [
        # 1000 x 8.12 % x 10 / 365 = 2.2246...
        ([("2023-01-01", "1000.00")], "2023-12-01", "2023-12-10", "5", ["2.22"]),
        # 9 points: 1000 x 12.12 % x 10 / 365 = 3.3205...
        ([("2023-01-01", "1000.00")], "2023-12-01", "2023-12-10", "9", ["3.32"]),
        # The year turns: 365 days, then a leap year with another rate; 8.62 % x 10 / 366 = 2.3552
        ([("2023-01-01", "1000.00")], "2023-12-22", "2024-01-10", "5", ["2.22", "2.36"]),
        # A leap day counts: 29 days of February 2024 are 1000 x 8.62 % x 29 / 366 = 6.8300...
        ([("2023-01-01", "1000.00")], "2024-02-01", "2024-02-29", "5", ["6.83"]),
        # Half is paid: 8.62 % x 5 / 366 of 1000 = 1.1776, of 500 = 0.5888
        (
            [("2023-01-01", "1000.00"), ("2024-03-06", "500.00")],
            "2024-03-01",
            "2024-03-10",
            "5",
            ["1.18", "0.59"],
        ),
        # Paid in full: nothing more.
        (
            [("2023-01-01", "1000.00"), ("2024-03-06", "0.00")],
            "2024-03-01",
            "2024-12-31",
            "5",
            ["1.18"],
        ),
    ],
)
def test_interest_is_counted_to_the_day(
    balances: list[tuple[str, str]], first: str, last: str, points: str, amounts: list[str]
) -> None:
    found = interest(balances, first, last, points)
    assert [str(piece.amount) for piece in found.pieces] == amounts
    assert found.unknown_from is None


def test_half_a_cent_is_rounded_up() -> None:
    nothing = BaseRates(((D("2023-01-01"), Decimal("0.00")),), D("2024-12-31"))
    found = compute_interest(
        [(D("2024-01-01"), Decimal("36.60"))],
        first_day=D("2024-03-01"),
        last_day=D("2024-03-01"),
        rates=nothing,
        points=Decimal("5.00"),
    )
    assert found.amount == Decimal("0.01")


def test_no_rate_is_guessed() -> None:
    found = interest([("2023-01-01", "1000.00")], "2024-12-30", "2025-01-31")
    assert [(p.first_day, p.last_day) for p in found.pieces] == [(D("2024-12-30"), D("2024-12-31"))]
    assert found.unknown_from == D("2025-01-01")
    later = interest([("2023-01-01", "1000.00")], "2025-02-01", "2025-02-28")
    assert later.amount == 0
    assert later.unknown_from == D("2025-02-01")


def test_the_file_is_checked(tmp_path: Path) -> None:
    """Less than two weeks is no reminder by § 38 (1), and 41 EUR no lump sum by § 288 (5)."""
    text = DUNNING_FILE.read_text(encoding="utf-8")
    for old, new, key in (
        ("value: 2\n        unit: weeks", "value: 1\n        unit: weeks", "reminder_weeks"),
        ("value: 0.00", "value: 41.00", "lump_sum"),
        ("known_through: 2026-06-30", "known_through: 2025-12-31", "known_through"),
        ("source: bundesbank", "source: nobody", "base_rate"),
    ):
        assert old in text
        path = tmp_path / "dunning.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(UnableToReadTariff, match=key):
            parse_dunning(path)
