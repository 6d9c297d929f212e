"""What the database charges for a new month is what the general rule would have charged."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import event, given, settings
from hypothesis import strategies as st
from psycopg import sql

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import ContractVersion, GroupContract
from billing.models import BillingRun, Statement
from billing.operations import fill_run
from billing.queries.expected_run import compute_expected_run
from billing.queries.run_digest import compute_run_digest
from members.models import InsuredPay, Membership, Person
from tests.laws.stories import PAYS, TARIFFS
from tests.laws.test_billing_laws import TIMES, law
from tests.laws.world import BIRTH_DATE, agree, at, preview, rolled_back

pytestmark = pytest.mark.django_db
# The shortest and a longest month.
MONTHS = [Month(2027, 2), Month(2027, 3)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days with one pay, so many days after the stretch before; `raised` within one membership."""

    gap: int
    days: int | None
    pay: Decimal
    raised: bool


@dataclass(frozen=True, slots=True)
class Insured:
    """Somebody whose first stretch begins on that day counted from the month's first."""

    begins: int
    stretches: list[Stretch]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that begins so many days before the month (or in it), and may end."""

    begins: int
    days: int | None
    tariff: str
    people: list[Insured]


lengths = st.sampled_from([1, 2, 15, 29, 30, 31, 32, 90, None, None])
stretches = st.builds(Stretch, st.sampled_from([0, 0, 1, 7]), lengths, PAYS, st.booleans())
# Half of the people are covered all month with one pay, as most people are.
steady = st.builds(
    Insured, st.sampled_from([-60, -1, 0]), st.lists(stretches, min_size=1, max_size=1)
)
moving = st.builds(Insured, st.integers(-45, 32), st.lists(stretches, min_size=1, max_size=4))
contracts = st.builds(
    Contract,
    st.sampled_from([-360, -40, -1, 0, 1, 14, 27]),
    st.sampled_from([None, None, None, 5, 45, 420]),
    st.sampled_from(TARIFFS),
    st.lists(steady | moving, min_size=1, max_size=5),
)


@settings(law, max_examples=40 * TIMES)
@given(
    month=st.sampled_from(MONTHS),
    agreed=st.lists(contracts, min_size=1, max_size=3),
    slice_members=st.sampled_from([1, 500]),
)
def test_the_database_charges_what_the_rule_charges(
    month: Month, agreed: list[Contract], slice_members: int
) -> None:
    with rolled_back():
        before = BillingRun.objects.create(
            month=month.plus(-1).first_day,
            started_at=at(month.plus(-1).first_day),
            posted_at=at(month.plus(-1).first_day),
        )
        for each in agreed:
            contract = sign(each, month, before)
            for place, insured in enumerate(each.people):
                insure(contract, str(place), list_memberships(month, insured))
        expected = compute_expected_run(month=month)
        with rolled_back():
            by_database = bill(month, slice_members)
        with rolled_back(), patch.object(fill_run, "group_new_months", return_value={}) as asked:
            by_rule = bill(month, slice_members)
            assert asked.called
        assert by_database == by_rule
        premium = sum((total for _, total, *_ in by_rule[1]), start=ZERO)
        assert (expected.lines, expected.premium, expected.corrections) == (
            len(by_rule[0]), premium, ZERO,
        )  # fmt: skip
        event(f"lines: {min(len(by_rule[0]), 4)}")


def sign(agreed: Contract, month: Month, before: BillingRun) -> GroupContract:
    """A contract, billed through the month before if it ran then."""
    start = month.first_day + timedelta(days=agreed.begins)
    contract = agree(start=start, tariff=agreed.tariff)
    if agreed.days is not None:
        contract.period = Period(start, start + timedelta(days=agreed.days))
        contract.save()
    if start < month.first_day:
        Statement.objects.create(
            contract=contract,
            run=before,
            month=before.month,
            number=f"AB-{contract.number}",
            total=0,
            line_count=0,
            insured_count=0,
            payroll=0,
            notices_through=0,
            terms_through=ContractVersion.objects.get(contract=contract).pk,
            contract_end=contract.period.last_day,
        )
    return contract


_Pays = list[tuple[Period, Decimal]]
"""Pay by the days on which it is insured, under one membership, without a gap."""


def list_memberships(month: Month, insured: Insured) -> list[_Pays]:
    """What a person's stretches come to from a month's first day on."""
    found: list[_Pays] = []
    day = month.first_day + timedelta(days=insured.begins)
    for stretch in insured.stretches:
        raised = stretch.raised and bool(found)
        day += timedelta(days=0 if raised else stretch.gap)
        last_day = None if stretch.days is None else day + timedelta(days=stretch.days - 1)
        if not raised:
            found.append([])
        found[-1].append((Period(day, last_day), stretch.pay))
        if last_day is None:
            break
        day = last_day + ONE_DAY
    return found


def insure(contract: GroupContract, number: str, memberships: list[_Pays]) -> None:
    """A person with cover as it stands, whatever notices made it."""
    person = Person.objects.create(
        employer=contract.employer,
        personnel_number=number,
        last_name="Müller",
        birth_date=BIRTH_DATE,
    )
    for pays in memberships:
        days = Period(pays[0][0].first_day, pays[-1][0].last_day)
        membership = Membership.objects.create(contract=contract, person=person, period=days)
        for period, amount in pays:
            InsuredPay.objects.create(membership=membership, period=period, amount=amount)


def bill(
    month: Month, slice_members: int
) -> tuple[list[str], list[tuple[int, Decimal, int, int, Decimal, int]]]:
    """The lines of a run of the month, each as text, and what its statements say."""
    run = preview(str(month), slice_members=slice_members)
    query = sql.SQL(
        "SELECT ROW(contract_id, person_id, covered_month, amount, covered_days, pay, band, t.key,"
        " t.valid_from)::text FROM {} l JOIN aupolicy_tariffsnapshot t ON t.id = tariff_id"
        " ORDER BY 1"
    ).format(sql.Identifier(run.lines_table))
    with connection.cursor() as cursor:
        cursor.execute(query)
        lines = [line for (line,) in cursor.fetchall()]
    told = Statement.objects.filter(run=run).order_by("contract_id")
    statements = told.values_list(
        "contract_id", "total", "line_count", "insured_count", "payroll", "notices_through"
    )
    assert len(compute_run_digest(run=run)) == 64
    return lines, list(statements)
