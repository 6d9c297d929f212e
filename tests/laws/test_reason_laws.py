"""Whatever happened, the reasons of a difference add up to it, for every contract of every run."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given, settings

from aupolicy.kernel.money import ZERO
from aupolicy.models import GroupContract
from billing.models import BillingRun
from billing.queries.contract_difference import compare_contract, explain_contract
from billing.queries.run_preview import (
    PreviewFilter,
    get_previous_run,
    list_contracts_of_run,
    sum_contracts_of_run,
)
from billing.queries.runs import get_run_sum
from tests.laws.stories import Story, stories
from tests.laws.test_billing_laws import TIMES, law
from tests.laws.world import rolled_back

pytestmark = pytest.mark.django_db


@settings(law, max_examples=15 * TIMES)
@given(story=stories())
def test_reasons_add_up_to_the_difference(story: Story) -> None:
    with rolled_back():
        contracts = list(story.tell())
        for run in BillingRun.objects.order_by("month"):
            differences = [_check_contract(run, contract) for contract in contracts]
            _check_run(run, differences)


def _check_contract(run: BillingRun, contract: GroupContract) -> Decimal:
    compared = compare_contract(run, contract)
    found = explain_contract(compared)
    for person in found.people:
        assert _sum(reason.amount for reason in person.reasons) == person.difference
    assert _sum(part.amount for part in found.sums) == compared.difference
    return compared.difference


def _check_run(run: BillingRun, differences: list[Decimal]) -> None:
    previous = get_previous_run(run)
    sums = sum_contracts_of_run(run, previous, PreviewFilter())
    rows = list_contracts_of_run(run, previous, PreviewFilter(sort="-difference"))
    assert sums.difference == _sum(differences) == _sum(row.difference for row in rows)
    assert [row.difference for row in rows] == sorted(
        (row.difference for row in rows), reverse=True
    )
    assert sums.total == get_run_sum(run).total
    assert sums.total_before == (get_run_sum(previous).total if previous else ZERO)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, start=ZERO)
