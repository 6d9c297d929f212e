"""Settling: what is owed is recorded once, corrected by cancelling, and never changed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, User
from claims.facts import DecisionKind
from claims.models import BenefitRun, BenefitSlice, Claim, Hold
from claims.operations.runs import (
    UnableToStartBenefitRun,
    finish_run,
    list_open_runs,
    start_benefit_run,
    work_run,
)
from claims.operations.settle import SettleReport, last_month_over, settle_people
from claims.rules.replay import replay_slice
from tests.claims.granting import grant, rule
from tests.claims.world import at, certify, insure, make_examiner, sick

pytestmark = pytest.mark.django_db


def settle(claim: Claim, through: str, *, on: str = "2025-12-01") -> SettleReport:
    return settle_people(
        person_ids=[claim.person_id],
        as_of=date.fromisoformat(through),
        user=None,
        reason="Test",
        now=at(on),
    )


def counted(claim: Claim) -> dict[str, tuple[int, Decimal]]:
    rows = BenefitSlice.objects.filter(claim=claim, cancelled_at=None).order_by("month")
    return {f"{row.month:%Y-%m}": (row.days, row.amount) for row in rows}


@pytest.fixture
def claim(contract: GroupContract, vera: User) -> Claim:
    """Sick from 1 January through 20 May 2025, benefit from 12 February: 335 EUR a month."""
    leave = sick(insure(contract), "2025-01-01", "2025-05-20")
    grant(leave.claim, "2025-02-12", by=vera)
    return leave.claim


def test_months_that_are_over_are_recorded_once(claim: Claim) -> None:
    report = settle(claim, "2025-04-30")
    assert report == SettleReport(3, 0, Decimal("859.83"))
    assert counted(claim) == {
        "2025-02": (17, Decimal("189.83")),
        "2025-03": (31, Decimal("335.00")),
        "2025-04": (30, Decimal("335.00")),
    }
    assert settle(claim, "2025-04-30") == SettleReport(0, 0, Decimal("0.00"))


def test_a_settling_through_an_earlier_day_takes_nothing_back(claim: Claim) -> None:
    settle(claim, "2025-05-31")
    before = counted(claim)
    assert settle(claim, "2025-02-28").cancelled == 0
    assert counted(claim) == before


def test_a_slice_explains_itself_and_can_be_computed_again(claim: Claim, vera: User) -> None:
    Hold.objects.create(
        claim=claim,
        period=Period(date(2025, 3, 11), date(2025, 4, 5)),
        percent=40,
        reason="Prüfung",
        review_on=date(2025, 5, 1),
        decided_by=vera,
        decided_at=at("2025-03-11"),
    )
    settle(claim, "2025-05-31")
    slices = list(BenefitSlice.objects.order_by("month"))
    assert [each.amount for each in slices] == [
        Decimal("189.83"),
        # 10 days in full and 21 at 40 percent: 335 x 1840 / 3000.
        Decimal("205.47"),
        # 5 days at 40 percent and 25 in full: 335 x 2700 / 3000.
        Decimal("301.50"),
        Decimal("223.33"),
    ]
    for each in slices:
        replayed = replay_slice(parts=each.parts, terms=each.terms)
        assert (replayed.days, replayed.amount) == (each.days, each.amount)
        assert replayed.percent_days == each.parts["percent_days"]
    assert slices[0].terms | {"tariff_from": ""} == {
        "first_day": "2025-01-01",
        "sum_since": "2025-01-01",
        "brought": 0,
        "deferral_days": 42,
        "benefit_until_day": 546,
        "relapse": "efzg",
        "benefit_proration": "days_30",
        "run_off": "stop",
        "divisor": 30,
        "sum": "335.00",
        "pay": "2400.00",
        "band": 4,
        "tariff": "bau-2016",
        "tariff_from": "",
    }
    assert slices[0].parts["pieces"] == [
        {"first": "2025-02-01", "last": "2025-02-11", "state": "DEFERRAL", "first_number": 32,
         "percent": 0},
        {"first": "2025-02-12", "last": "2025-02-28", "state": "PAID", "first_number": 43,
         "percent": 100},
    ]  # fmt: skip


def test_a_later_certificate_cancels_and_records_the_month_anew(claim: Claim) -> None:
    settle(claim, "2025-05-31")
    leave = claim.sick_leaves.get()
    certify(leave, "2025-05-21", "2025-05-31")
    report = settle(claim, "2025-05-31", on="2025-06-10")
    assert report == SettleReport(1, 1, Decimal("335.00") - Decimal("223.33"))
    cancelled = BenefitSlice.objects.get(cancelled_at__isnull=False)
    assert (cancelled.month, cancelled.cancel_reason) == (date(2025, 5, 1), "Test")
    assert counted(claim)["2025-05"] == (31, Decimal("335.00"))


def test_what_is_no_longer_owed_is_cancelled(claim: Claim, vera: User) -> None:
    settle(claim, "2025-05-31")
    leave = claim.sick_leaves.get()
    leave.withdrawn_at = at("2025-06-02")
    leave.save()
    assert settle(claim, "2025-05-31") == SettleReport(0, 4, Decimal("-1083.16"))
    assert counted(claim) == {}


def test_an_ended_claim_is_settled_through_its_end_at_once(claim: Claim, vera: User) -> None:
    rule(claim, DecisionKind.END, "2025-05-11", by=vera)
    settle(claim, "2025-04-30", on="2025-05-15")
    assert counted(claim)["2025-05"] == (10, Decimal("111.67"))
    # Before that day has come nothing is paid for it.
    BenefitSlice.objects.filter(month=date(2025, 5, 1)).update(cancelled_at=at("2025-05-15"))
    settle(claim, "2025-04-30", on="2025-05-09")
    assert "2025-05" not in counted(claim)


def test_a_refusal_takes_back_a_month_that_had_been_settled_early(claim: Claim, vera: User) -> None:
    rule(claim, DecisionKind.END, "2025-05-11", by=vera)
    settle(claim, "2025-04-30", on="2025-05-15")
    second = make_examiner("otto")
    rule(claim, DecisionKind.REFUSE, "2025-01-01", by=vera, second=second)
    settle(claim, "2025-04-30", on="2025-05-16")
    assert counted(claim) == {}


def test_nothing_is_settled_for_the_future(claim: Claim) -> None:
    settle(claim, "2025-05-31", on="2025-03-10")
    assert counted(claim)["2025-03"] == (10, Decimal("111.67"))


def test_the_database_refuses_a_day_twice_and_a_changed_slice(claim: Claim) -> None:
    settle(claim, "2025-02-28")
    found = BenefitSlice.objects.get()
    other = sick(claim.person, "2025-02-20").claim
    values = {
        "person_id": found.person_id,
        "contract_id": found.contract_id,
        "month": found.month,
        "days": 1,
        "amount": Decimal("1.00"),
        "payable": (Period(date(2025, 2, 20), date(2025, 2, 20)),),
        "parts": {},
        "terms": {},
        "computed_at": at("2025-03-01"),
    }
    with pytest.raises(IntegrityError, match="slice_no_day_twice"), transaction.atomic():
        BenefitSlice.objects.create(claim=other, **values)
    with pytest.raises(IntegrityError, match="slice_once_a_month"), transaction.atomic():
        BenefitSlice.objects.create(
            claim=claim, **values | {"payable": (Period(date(2025, 2, 1), date(2025, 2, 1)),)}
        )
    changes: list[dict[str, Any]] = [{"amount": Decimal("1.00")}, {"parts": {}}, {"days": 3}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            BenefitSlice.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitSlice.objects.all().delete()


def test_as_many_queries_for_one_as_for_many(contract: GroupContract, vera: User) -> None:
    def count(numbers: list[str]) -> int:
        claims = []
        for number in numbers:
            leave = sick(insure(contract, number), "2025-01-01", "2025-05-20")
            grant(leave.claim, "2025-02-12", by=vera)
            claims.append(leave.claim)
        with CaptureQueriesContext(connection) as queries:
            settle_people(
                person_ids=[claim.person_id for claim in claims],
                as_of=date(2025, 5, 31),
                user=None,
                reason="Test",
                now=at("2025-06-10"),
            )
        return len(queries)

    assert count(["1"]) == count(["2", "3", "4", "5"])


def test_a_run_settles_granted_claims_in_batches_and_goes_on_where_it_stood(
    contract: GroupContract, claim: Claim, vera: User
) -> None:
    others = [sick(insure(contract, n), "2025-01-01", "2025-05-20").claim for n in "12"]
    grant(others[0], "2025-02-12", by=vera)
    run = start_benefit_run(month=Month(2025, 4), user=vera, now=at("2025-05-02"))
    assert run.claim_count == 2
    assert start_benefit_run(month=Month(2025, 4), user=None, now=at("2025-05-02")) == run
    assert list_open_runs() == [run]
    assert work_run(run=run, now=at("2025-05-02"), batch=1)
    run.refresh_from_db()
    assert (run.done_count, run.slice_count, run.finished_at) == (1, 3, None)
    run = finish_run(run=run, now=at("2025-05-02"), batch=1)
    assert (run.done_count, run.slice_count, run.cancelled_count) == (2, 6, 0)
    assert (run.amount, run.finished_at) == (Decimal("1719.66"), at("2025-05-02"))
    assert counted(others[1]) == {}
    assert not work_run(run=run, now=at("2025-05-02"))
    again = finish_run(
        run=start_benefit_run(month=Month(2025, 4), user=None, now=at("2025-05-03")),
        now=at("2025-05-03"),
    )
    assert (again.slice_count, again.cancelled_count, again.amount) == (0, 0, Decimal("0.00"))


def test_a_month_that_is_not_over_has_no_run() -> None:
    with pytest.raises(UnableToStartBenefitRun) as error:
        start_benefit_run(month=Month(2025, 4), user=None, now=at("2025-04-30"))
    assert (error.value.code, error.value.params) == ("MONTH_NOT_OVER", {"month": Month(2025, 4)})
    assert not BenefitRun.objects.exists()


def test_last_month_over() -> None:
    assert last_month_over(date(2025, 1, 1)) == date(2024, 12, 31)
    assert last_month_over(date(2025, 3, 31)) == date(2025, 2, 28)


def test_a_batch_that_fails_leaves_nothing(claim: Claim, monkeypatch: Any) -> None:
    run = start_benefit_run(month=Month(2025, 4), user=None, now=at("2025-05-02"))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("claims.operations.runs.F", fail)
    with pytest.raises(RuntimeError):
        work_run(run=run, now=at("2025-05-02"))
    run.refresh_from_db()
    assert (run.done_through, BenefitSlice.objects.count()) == (0, 0)
