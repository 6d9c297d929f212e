"""Whatever happens in whatever order, the bill is the one that the notices demand."""

import os
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from billing.models import (
    BillingRun,
    Collection,
    CollectionItem,
    LedgerEntry,
    NumberSeries,
    PremiumLine,
    Statement,
)
from billing.operations import create_collections
from members.models import InsuredPay, Person
from tests.laws.oracle import expect_charges
from tests.laws.stories import LAST_MONTH, Agreed, Story, arrange, stories
from tests.laws.world import (
    at,
    bill,
    check_books,
    creditor,
    give_mandate,
    read_charges,
    rolled_back,
    settle,
)

pytestmark = pytest.mark.django_db
# How many times the usual number of examples to try, and then others each time: LAWS=50.
TIMES = int(os.environ.get("LAWS", "1"))
# The fixtures are the same for all examples of a test; each example is rolled back.
law = settings(
    deadline=None,
    derandomize=TIMES == 1,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DUE = date(2027, 6, 1)


@settings(law, max_examples=60 * TIMES)
@given(story=stories())
def test_the_runs_charge_what_the_notices_demand(story: Story) -> None:
    with rolled_back():
        contracts = story.tell()
        assert by_index(contracts) == expect_charges(story)
        assert check_books() == sum(expect_charges(story).values(), start=Decimal(0))


@settings(law, max_examples=25 * TIMES)
@given(story=stories(), seed=st.integers(0, 1_000))
def test_the_order_of_arrival_does_not_matter(story: Story, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - drawn by Hypothesis
    runs = len(story.months)
    said = [(arrival.contract, arrival.notice) for arrival in story.arrivals]
    chance.shuffle(said)
    otherwise = replace(
        story,
        contracts=tuple(_known_otherwise(agreed, chance, runs) for agreed in story.contracts),
        arrivals=arrange(said, [chance.randrange(runs) for _ in said]),
    )
    with rolled_back():
        first = outcome(story.tell())
    with rolled_back():
        assert outcome(otherwise.tell()) == first


def _known_otherwise(agreed: Agreed, chance: random.Random, runs: int) -> Agreed:
    """The same contract, with its end and its new terms recorded at other times."""
    return replace(
        agreed,
        cancelled=None if agreed.cancelled is None else chance.randrange(runs),
        renewed=None if agreed.renewed is None else chance.randrange(runs),
    )


def outcome(contracts: list[GroupContract]) -> list[object]:
    """Who is insured under what name while the contract lasts, their pay, and the charges."""
    ends = {c.pk: c.period for c in GroupContract.objects.all()}
    index = {contract.pk: number for number, contract in enumerate(contracts)}
    found = []
    for pay in InsuredPay.objects.select_related("membership__person"):
        cover = pay.membership
        # Somebody may have been said to join after the end before anybody knew of the end.
        insured = pay.period.intersection(ends[cover.contract_id])
        if insured is not None:
            person = cover.person.personnel_number
            found.append((index[cover.contract_id], person, str(insured), pay.amount))
            within = cover.period.intersection(ends[cover.contract_id])
            found.append((index[cover.contract_id], person, str(within), Decimal(0)))
    # A joining after the end may have been refused, and with it the name it tells.
    lasting = {c.employer_id: index[c.pk] for c in contracts if ends[c.pk].last_day is None}
    people = Person.objects.filter(employer_id__in=lasting)
    names = sorted(
        (lasting[p.employer_id], p.personnel_number, p.first_name, p.last_name) for p in people
    )
    return [sorted(found), names, by_index(contracts), check_books()]


def by_index(contracts: list[GroupContract]) -> dict[tuple[int, str, Month], Decimal]:
    index = {contract.pk: number for number, contract in enumerate(contracts)}
    return {(index[c], person, month): eur for (c, person, month), eur in read_charges().items()}


TABLES = (PremiumLine, Statement, LedgerEntry, BillingRun, Collection, CollectionItem, NumberSeries)


@settings(law, max_examples=15 * TIMES)
@given(story=stories(most_notices=3))
def test_done_twice_is_done_once(story: Story) -> None:
    with rolled_back():
        for contract in story.tell():
            give_mandate(contract, signed_on=contract.period.first_day)
        collect()
        before = everything()
        bill(str(story.months[-1]))
        collect()
        assert everything() == before
        check_collections()
        # And the next month has nothing to say about the months before.
        following = bill(str(LAST_MONTH.plus(1)))
        months = PremiumLine.objects.filter(run=following).values_list("covered_month", flat=True)
        assert set(months) <= {LAST_MONTH.plus(1).first_day}
        check_books()


def collect() -> None:
    create_collections(due=DUE, now=at(date(2027, 5, 1)), creditor=creditor())
    settle()


def everything() -> list[list[dict[str, object]]]:
    return [[dict(row) for row in table.objects.order_by("pk").values()] for table in TABLES]


def check_collections() -> None:
    """Every due statement over a positive sum is set off or in one file; the files add up."""
    demanded = Statement.objects.filter(number__isnull=False, due_date__lte=DUE, total__gt=0)
    for statement in demanded:
        settled = [each.amount for each in statement.open_item.allocations.all()]
        assert sum(settled) == statement.total
    items = CollectionItem.objects.all()
    assert {item.open_item.statement_id for item in items} <= {each.pk for each in demanded}
    assert len({item.open_item_id for item in items}) == len(items)
    for collection in Collection.objects.all():
        mine = [item.amount for item in items if item.collection_id == collection.pk]
        assert (len(mine), sum(mine)) == (collection.debit_count, collection.control_sum)
