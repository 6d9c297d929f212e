"""Amounts: rounding, reading, writing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.money import UnableToReadAmount, format_amount, parse_amount, round_cent

AMOUNTS = st.decimals(min_value=0, max_value=9_999_999, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2.400,00", "2400.00"),
        ("2400.00", "2400.00"),
        ("2400 €", "2400.00"),
        ("2.400", "2400.00"),
        ("2.400,5", "2400.50"),
        ("2400", "2400.00"),
        ("EUR 2,400.00", "2400.00"),
        ("1.234.567,89 Euro", "1234567.89"),
        ("2\u00a0400,00", "2400.00"),
        ("2'400.00", "2400.00"),
        ("2400,-", "2400.00"),
        ("0", "0.00"),
        ("12.50", "12.50"),
    ],
)
def test_read(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["zweitausend", "", "-5", "2.40,00", "2,400,00", "1e5", "NaN", "2400.001", "24.00.00", "²400",
     "99999999999", "2400 $", "=2400"],
)  # fmt: skip
def test_refuse(text: str) -> None:
    with pytest.raises(UnableToReadAmount) as caught:
        parse_amount(text)
    assert caught.value.text == text


@given(AMOUNTS)
def test_what_is_written_reads_back(amount: Decimal) -> None:
    assert parse_amount(format_amount(amount)) == amount
    assert parse_amount(str(amount)) == amount


@pytest.mark.parametrize(
    ("exact", "cents"), [("8.945", "8.95"), ("8.944999", "8.94"), ("-8.945", "-8.95")]
)
def test_round_half_up(exact: str, cents: str) -> None:
    assert round_cent(Decimal(exact)) == Decimal(cents)
