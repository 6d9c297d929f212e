"""A law of the bank's files: in any order and however often, the books come out the same."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import BankEntry, CollectionItem, Outcome
from tests.bank.world import (
    DUE,
    FIRST,
    SECOND,
    balances,
    came_back,
    collect_two,
    credited,
    entry,
    notification,
    open_amounts,
    receive,
    statement,
    transaction,
    transfer,
)
from tests.laws.world import rolled_back
from tests.parsing.bank_samples import COLLECTED, make_report, make_status

pytestmark = pytest.mark.django_db
SUM = FIRST + SECOND


def make_files(first: CollectionItem, second: CollectionItem) -> list[bytes]:
    """What a bank sends of two debits: one comes back, one is rejected and yet credited."""
    parts = [
        transaction(debit.amount, "CRDT", end_to_end_id=debit.end_to_end_id)
        for debit in (first, second)
    ]
    singly = entry(SUM, "CRDT", *parts, code=COLLECTED, day=DUE, reference="S9")
    returns = (came_back(first), came_back(second, charges=""))
    paid = transfer(FIRST, f"Beitrag {first.open_item.number}")
    moved = SUM - FIRST - 3 - SECOND + FIRST
    return [
        notification(singly, message_id="A"),
        notification(*returns, message_id="B"),
        make_report(make_status(second.end_to_end_id, amount=str(SECOND))),
        notification(paid, message_id="C"),
        statement(credited(first), *returns, paid, moved=moved),
    ]


@pytest.fixture
def files(db: None) -> list[bytes]:
    return make_files(*collect_two())


def read_all(files: list[bytes], order: list[int]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    with rolled_back():
        for place in order:
            receive(files[place])
        assert not BankEntry.objects.filter(outcome=Outcome.UNCLEAR).exists()
        return balances(), open_amounts()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(range(5)),
    again=st.lists(st.integers(min_value=0, max_value=4), max_size=3),
)
def test_the_books_do_not_depend_on_the_order(
    files: list[bytes], order: list[int], again: list[int]
) -> None:
    expected = {
        "1200": -Decimal(3) + FIRST, "1400": SECOND + 3, "4000": -SUM, "4970": Decimal(3),
        "2670": -Decimal(3),
    }  # fmt: skip
    found, opened = read_all(files, [*order, *again])
    assert found == expected
    assert opened == {"AB-2026-0000001": 0, "AB-2026-0000002": SECOND, "NF-2026-0000001": 3}
