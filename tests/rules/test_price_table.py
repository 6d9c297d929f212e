"""Prices that are looked up in a table are the prices of the rule."""

from bisect import bisect_right
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import round_cent
from aupolicy.parsing import parse_tariff, tariff_files
from aupolicy.rules import compute_price
from billing.rules.price_table import BandTable, tabulate_prices

VERSIONS = [version for path in tariff_files() for version in parse_tariff(path).versions]


@given(cents=st.integers(0, 1_200_000))
@example(cents=100_000)
@example(cents=100_001)
@example(cents=400_000)
@example(cents=400_001)
@pytest.mark.parametrize("version", VERSIONS, ids=lambda v: f"{v.key}-{v.valid_from}")
def test_a_table_has_the_price_of_any_pay(version: TariffVersion, cents: int) -> None:
    pay, table = Decimal(cents).scaleb(-2), tabulate_prices(version)
    price = compute_price(version, pay)
    assert table is not None
    if isinstance(table, BandTable):
        # As PostgreSQL's width_bucket counts.
        place = bisect_right(table.beginnings, pay)
        assert (table.premiums[place], table.numbers[place]) == (price.premium, price.band)
    else:
        assert (round_cent(pay * table.share), None) == (price.premium, price.band)


def test_what_a_tariff_settles_otherwise_is_left_to_the_rule() -> None:
    version = VERSIONS[0]
    assert tabulate_prices(version) is not None
    said = version.parameters
    for otherwise in (replace(said, proration="calendar"), replace(said, band_day="last")):
        assert tabulate_prices(replace(version, parameters=otherwise)) is None
