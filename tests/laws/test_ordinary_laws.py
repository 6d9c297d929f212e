"""What the database settles by itself is what the general rule would have settled."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.month import Month
from aupolicy.models import User
from claims.models import BenefitSlice
from claims.operations.ordinary import settle_ordinary
from members.models import Person
from tests.claims.world import (
    at,
    change_pay,
    insure,
    leave_employment,
    make_contract,
    make_examiner,
)
from tests.laws.test_settle_laws import BEGIN, NOW, TIMES, Case, Event, events, law
from tests.laws.world import rolled_back

pytestmark = pytest.mark.django_db
# Most stories stay ordinary: what else may happen is rare, or is added one at a time.
few: st.SearchStrategy[list[Event]] = (
    st.just([]) | st.just([]) | events.map(lambda story: story[:1]) | events
)
covers = st.sampled_from(["", "", "", "leaves", "rises"])
pays = st.sampled_from(["2400.00", "900.00", "900.01", "4711.11", "25000.00"])


@dataclass(frozen=True, slots=True)
class Told:
    """A leave from a day of the year on, by papers of so many days each, and what then happens.

    It is settled through the month `before`, and then by the run so many months `ahead` of it.
    """

    cover: str
    pay: str
    day: int
    papers: list[int]
    story: list[Event]
    after: int
    ahead: int

    @property
    def before(self) -> Month:
        """The month before the first with benefit, or `after` months later."""
        return Month.of(BEGIN + timedelta(days=self.day + 42)).plus(self.after - 1)


told = st.builds(
    Told,
    cover=covers,
    pay=pays,
    day=st.integers(1, 200),
    papers=st.lists(st.integers(5, 120), min_size=1, max_size=3),
    story=few,
    after=st.integers(0, 4),
    ahead=st.sampled_from([1, 1, 1, 1, 2, 0, -1]),
)


@settings(law, max_examples=20 * TIMES)
@given(told=told)
def test_an_ordinary_claim_is_settled_as_by_the_general_rule(told: Told) -> None:
    with rolled_back():
        case = Case(insure_somebody(told.cover, told.pay), *make_examiners())
        day = told.day
        for place, length in enumerate(told.papers):
            case.play(("certify" if place else "report", 0, day, length))
            day += length + 1
        case.play(("grant", 0, 0, 0))
        for each in told.story:
            case.play(each)
        take_back(told.before)
        event(expect_the_same(case, told.before.plus(told.ahead)))


def make_examiners() -> tuple[User, User]:
    return make_examiner("vera"), make_examiner("otto")


def take_back(last: Month) -> None:
    """As if it had been settled through a month only: decisions settle at once."""
    later = BenefitSlice.objects.filter(month__gt=last.first_day, cancelled_at=None)
    later.update(cancelled_at=at(NOW), cancel_reason="Test")


def insure_somebody(cover: str, pay: str) -> Person:
    """Somebody who is insured all year, leaves in summer, or is paid more from then on."""
    contract = make_contract()
    person = insure(contract, pay=pay)
    if cover == "leaves":
        leave_employment(contract, person, "2025-07-15")
    if cover == "rises":
        change_pay(contract, person, "2025-07-01", "5100.00")
    return person


def expect_the_same(case: Case, month: Month) -> str:
    """Either the person is left alone, or has the rows that the general rule writes: which."""
    before = list_rows()
    with rolled_back():
        report = settle_ordinary(person_ids=[case.person.pk], month=month, now=at(NOW))
        assert report.left in ([], [case.person.pk])
        ordinary = list_rows()
        again = case.settle_through(month.last_day)
        if not report.left:
            assert (again.created, again.cancelled) == (0, 0)
    if report.left:
        assert (report.created, ordinary) == (0, before)
        return "left to the general rule"
    general = case.settle_through(month.last_day)
    assert (report.created, report.amount) == (general.created, general.amount)
    assert (general.cancelled, list_rows()) == (0, ordinary)
    return f"ordinary, {report.created} created"


def list_rows() -> list[dict[str, Any]]:
    """Every slice but for what tells that it is another row."""
    rows = BenefitSlice.objects.order_by("claim_id", "month", "cancelled_at", "computed_at", "days")
    return [
        {name: value for name, value in row.items() if name not in ("id", "computed_at")}
        for row in rows.values()
    ]


def test_most_months_of_a_plain_leave_are_ordinary() -> None:
    """Deferral into the first month, months in full, and the month in which it ends."""
    case = Case(insure_somebody("", "2400.00"), *make_examiners())
    case.play(("report", 0, 9, 120))
    case.play(("grant", 0, 0, 0))
    take_back(Month(2025, 1))
    created = []
    for number in range(1, 8):
        with rolled_back():
            expect_the_same(case, Month(2025, number))
        report = settle_ordinary(
            person_ids=[case.person.pk], month=Month(2025, number), now=at(NOW)
        )
        assert report.left == []
        created.append(report.created)
    assert created == [0, 1, 1, 1, 1, 0, 0]
    assert case.settle_through(date(2025, 12, 31)).created == 0
