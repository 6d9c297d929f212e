"""The daily look: what is missing is asked for and reminded of, what is due is opened."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, User, WorkItem
from claims.facts import Channel, CheckCode, ClaimStatus, DecisionKind, Finding
from claims.models import Claim, DocumentRequest, Hold, Review
from claims.operations import daily
from claims.operations.daily import LookReport, look_after_claims
from claims.operations.leaves import link_relapse
from claims.queries.checks import check_claim
from claims.queries.clock import get_clock, get_limitation
from claims.tasks import look_after_claims as daily_task
from members.models import Person
from tests.claims.granting import grant, rule
from tests.claims.world import (
    Day,
    at,
    certify,
    day_after,
    insure,
    insure_many,
    leave_employment,
    look,
    sick,
    to_day,
)

pytestmark = pytest.mark.django_db
EVIDENCE, REVIEW = WorkItem.Kind.EVIDENCE, WorkItem.Kind.REVIEW


def look_on(day: Day) -> LookReport:
    return look_after_claims(today=to_day(day), now=at(day))


@pytest.fixture
def paying(person: Person, vera: User) -> Claim:
    """Certified until 27 February 2026, granted from 16 February on."""
    claim = sick(person, "2026-01-05", "2026-02-27").claim
    grant(claim, "2026-02-16", by=vera)
    look(person, "2026-02-16")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PAYING
    return claim


def work(kind: WorkItem.Kind) -> list[WorkItem]:
    return list(WorkItem.objects.filter(kind=kind, done_at=None).order_by("pk"))


def test_what_follows_the_last_certificate_is_asked_for_once(paying: Claim) -> None:
    assert look_on("2026-03-02").requested == ()
    report = look_on("2026-03-03")
    request = DocumentRequest.objects.get()
    assert report.requested == (request.pk,)
    assert (request.claim, request.kind) == (paying, "certificate")
    assert request.period == Period(date(2026, 2, 28))
    assert (request.due_on, request.asked_by) == (date(2026, 3, 17), None)
    assert look_on("2026-03-03") == LookReport(1, (), (), ())
    assert [item.subject for item in work(EVIDENCE)] == [paying.pk]


def test_reminders_come_when_time_is_over_and_end(paying: Claim) -> None:
    look_on("2026-03-03")
    request = DocumentRequest.objects.get()
    assert look_on("2026-03-17").reminded == ()
    assert look_on("2026-03-18").reminded == (request.pk,)
    assert look_on("2026-03-18").reminded == ()
    request.refresh_from_db()
    assert (request.reminders, request.reminded_on) == (1, date(2026, 3, 18))
    assert request.due_on == date(2026, 4, 1)
    assert look_on("2026-04-02").reminded == (request.pk,)
    assert look_on("2026-06-01").reminded == ()
    request.refresh_from_db()
    assert (request.reminders, request.closed_at) == (2, None)
    # Somebody must decide; the claim did not end by itself.
    paying.refresh_from_db()
    assert paying.status == ClaimStatus.EVIDENCE_MISSING
    assert [item.subject for item in work(EVIDENCE)] == [paying.pk]


def test_a_gap_is_asked_for_from_its_first_to_its_last_day(paying: Claim) -> None:
    leave = paying.sick_leaves.get()
    certify(leave, "2026-03-09", "2026-03-13", received="2026-03-10")
    certify(leave, "2026-03-23", "2026-04-30", received="2026-03-24")
    look_on("2026-03-24")
    request = DocumentRequest.objects.get()
    assert (request.kind, request.period) == ("gap", Period(date(2026, 2, 28), date(2026, 3, 22)))
    certify(leave, "2026-02-28", "2026-03-22", received="2026-03-30")
    request.refresh_from_db()
    assert request.received
    paying.refresh_from_db()
    assert paying.status == ClaimStatus.PAYING
    assert look_on("2026-03-31").requested == ()


def test_a_weekend_between_certificates_is_not_asked_for(paying: Claim) -> None:
    leave = paying.sick_leaves.get()
    certify(leave, "2026-03-02", "2026-03-31", received="2026-03-02")
    assert look_on("2026-03-03").requested == ()
    paying.refresh_from_db()
    assert paying.status == ClaimStatus.PAYING


def test_what_will_not_come_is_not_asked_for_again(paying: Claim, vera: User) -> None:
    look_on("2026-03-03")
    DocumentRequest.objects.update(closed_at=at("2026-03-10"), closed_by=vera)
    assert look_on("2026-03-20").requested == ()
    assert work(EVIDENCE) == []


def test_certificates_are_asked_for_when_benefit_comes_near(person: Person) -> None:
    claim = sick(person, "2026-01-05", channel=Channel.EMPLOYER).claim
    assert look_on("2026-02-01").requested == ()
    (key,) = look_on("2026-02-02").requested
    assert DocumentRequest.objects.get(pk=key).period == Period(date(2026, 1, 5))
    assert [item.subject for item in work(EVIDENCE)] == [claim.pk]


def test_nobody_is_asked_about_a_leave_that_will_be_short(person: Person) -> None:
    sick(person, "2026-01-05", channel=Channel.EMPLOYER, expected="2026-01-16")
    sick(person, "2026-01-26", "2026-02-06")
    for day in ("2026-01-20", "2026-02-10", "2026-03-10"):
        assert look_on(day).requested == ()
    assert set(Claim.objects.values_list("status", flat=True)) == {ClaimStatus.ENDED}


def test_what_an_examiner_asked_for_is_reminded_of(paying: Claim, vera: User) -> None:
    request = DocumentRequest.objects.create(
        claim=paying, kind="evidence", asked_at=at("2026-02-16"), asked_by=vera,
        due_on=date(2026, 2, 20),
    )  # fmt: skip
    assert look_on("2026-02-21").reminded == (request.pk,)
    assert work(EVIDENCE) == []
    look_on("2026-03-08")
    assert look_on("2026-03-23").reminded != (request.pk,)
    assert [item.subject for item in work(EVIDENCE)] == [paying.pk]


def test_claims_that_are_over_are_left_alone(paying: Claim, person: Person, vera: User) -> None:
    rule(paying, DecisionKind.END, "2026-02-28", by=vera)
    look(person, "2026-03-02")
    DocumentRequest.objects.create(
        claim=paying, kind="other", asked_at=at("2026-02-16"), asked_by=vera,
        due_on=date(2026, 2, 20),
    )  # fmt: skip
    assert look_on("2026-03-10") == LookReport(0, (), (), ())


def test_a_running_claim_always_has_a_review_ahead(paying: Claim) -> None:
    leave = paying.sick_leaves.get()
    certify(leave, "2026-02-28", "2026-08-31", received="2026-02-28")
    look_on("2026-03-02")
    review = Review.objects.get()
    assert (review.claim, review.due_on) == (paying, date(2026, 5, 25))
    assert look_on("2026-05-24").reviews == ()
    assert look_on("2026-05-25").reviews == (review.pk,)
    (item,) = work(REVIEW)
    assert (item.subject, item.title) == (
        review.pk,
        f"Nachprüfung zum Leistungsfall {paying.number}",
    )
    look_on("2026-05-26")
    assert Review.objects.count() == len(work(REVIEW)) == 1
    review.done_at = at("2026-05-27")
    review.save()
    look_on("2026-05-27")
    assert [each.due_on for each in Review.objects.order_by("pk")] == [
        date(2026, 5, 25),
        date(2026, 8, 19),
    ]


def test_a_hold_comes_up_for_review_once(paying: Claim, vera: User) -> None:
    Hold.objects.create(
        claim=paying, period=Period(date(2026, 2, 20)), percent=50, reason="fehlt",
        review_on=date(2026, 3, 10), decided_by=vera, decided_at=at("2026-02-20"),
    )  # fmt: skip
    assert look_on("2026-03-09").reviews == ()
    (key,) = look_on("2026-03-10").reviews
    assert Review.objects.get(pk=key).due_on == date(2026, 3, 10)
    Review.objects.update(done_at=at("2026-03-10"))
    assert look_on("2026-03-11").reviews == ()


def test_batches_find_everybody_once_in_as_many_queries(
    contract: GroupContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            report = look_on("2026-02-10")
        assert report.people == Claim.objects.values("person").distinct().count()
        return len(captured)

    people = insure_many(contract, 6)
    for person in people[:2]:
        sick(person, "2026-01-05", "2026-02-27")
    look_on("2026-02-10")
    few = count()
    for person in people[2:]:
        sick(person, "2026-01-05", "2026-02-27")
    look_on("2026-02-10")
    assert count() == few
    monkeypatch.setattr(daily, "BATCH", 4)
    assert look_on("2026-02-11").people == 6


def test_the_task_and_the_command_look(paying: Claim, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("look_after_claims", "--json", "--dry-run")
    told = json.loads(capsys.readouterr().out)
    assert (told["people"], told["requested"]) == (1, 1)
    assert not DocumentRequest.objects.exists()
    call_command("look_after_claims")
    assert "1 Personen mit offenem Leistungsfall" in capsys.readouterr().out
    assert DocumentRequest.objects.count() == 1
    DocumentRequest.objects.update(due_on=date(2026, 3, 1))
    daily_task()
    assert DocumentRequest.objects.get().reminders == 1


def findings(claim: Claim, today: Day) -> dict[CheckCode, tuple[Finding, tuple[date, ...]]]:
    claim.refresh_from_db()
    results = check_claim(claim, today=to_day(today))
    return {result.code: (result.finding, result.days) for result in results}


def test_an_ordinary_claim_passes_every_check(paying: Claim) -> None:
    found = findings(paying, "2026-02-16")
    assert {finding for finding, _ in found.values()} == {Finding.PASSED}
    assert set(found) == set(CheckCode)


def test_checks_find_what_there_is(contract: GroupContract) -> None:
    person = insure(contract, "18", since="2025-11-03", birth_date="1960-03-10")
    leave = sick(person, "2026-01-05", "2026-01-30")
    certify(leave, "2026-02-09", "2026-03-31")
    other = sick(person, "2026-01-12", "2026-01-23")
    assert other.claim == leave.claim
    leave_employment(contract, person, "2026-03-15")
    found = findings(leave.claim, "2026-03-01")
    assert found[CheckCode.COVER_LASTS] == (Finding.ATTENTION, (date(2026, 3, 15),))
    assert found[CheckCode.NO_GAP] == (
        Finding.ATTENTION,
        (date(2026, 1, 31), date(2026, 2, 8)),
    )
    assert found[CheckCode.NO_OVERLAP] == (
        Finding.ATTENTION,
        (date(2026, 1, 12), date(2026, 1, 23)),
    )
    # Born in March 1960: 66 years and 4 months, so cover would last through July 2026.
    assert found[CheckCode.BELOW_AGE] == (Finding.ATTENTION, (date(2026, 7, 31),))
    assert found[CheckCode.JOINED_IN_TIME] == (
        Finding.ATTENTION,
        (date(2025, 11, 3), date(2025, 11, 3)),
    )


def test_a_joining_told_after_the_leave_began_is_found(contract: GroupContract) -> None:
    person = insure(contract, "18", since="2025-03-01", told="2026-01-20")
    leave = sick(person, "2026-01-05", "2026-02-27", reported="2026-01-21")
    finding, days = findings(leave.claim, "2026-02-01")[CheckCode.JOINED_IN_TIME]
    assert (finding, days) == (Finding.ATTENTION, (date(2025, 3, 1), date(2026, 1, 20)))


def test_the_limit_near_and_the_onset_without_cover(contract: GroupContract) -> None:
    person = insure(contract, "18")
    long = sick(person, "2025-02-03", "2026-06-30", reported="2026-06-01")
    assert findings(long.claim, "2026-06-03")[CheckCode.WITHIN_LIMIT] == (
        Finding.ATTENTION,
        (day_after("2025-02-03", 545),),
    )
    late = insure(contract, "19", since="2026-02-01")
    before = sick(late, "2026-01-05", "2026-02-27", reported="2026-02-02")
    assert findings(before.claim, "2026-02-02")[CheckCode.INSURED_AT_ONSET][0] is Finding.FAILED


def test_nothing_is_checked_before_a_certificate(person: Person) -> None:
    assert check_claim(sick(person, "2026-01-05").claim, today=date(2026, 1, 6)) == ()


def test_the_clock_stands_while_something_is_owed(person: Person, vera: User) -> None:
    claim = sick(person, "2026-01-05", "2026-02-27").claim
    assert get_clock(claim, today=date(2026, 1, 20)).interim_on == date(2026, 2, 6)
    request = DocumentRequest.objects.create(
        claim=claim, kind="other", asked_at=at("2026-01-10"), due_on=date(2026, 1, 24)
    )
    clock = get_clock(claim, today=date(2026, 1, 20))
    assert clock.suspended_since == date(2026, 1, 10)
    assert (clock.suspended_days, clock.interim_on) == (11, date(2026, 2, 17))
    request.closed_at = at("2026-01-12")
    request.save()
    clock = get_clock(claim, today=date(2026, 1, 20))
    assert (clock.suspended_days, clock.suspended_since) == (3, None)
    assert clock.interim_on == date(2026, 2, 9)


def test_limitation_waits_for_a_decision(person: Person, vera: User) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27")
    assert get_limitation(leave.claim) is None
    grant(leave.claim, "2026-02-16", by=vera)
    assert get_limitation(leave.claim) == date(2029, 12, 31)
    rule(leave.claim, DecisionKind.REOPEN, "2026-02-16", by=vera)
    assert get_limitation(leave.claim) is None
    other = sick(person, "2026-05-04", "2026-05-08")
    link_relapse(sick_leave=other, first=leave, user=None, now=at("2026-05-08"))
    other.claim.refresh_from_db()
    assert other.claim.benefit_from is not None
