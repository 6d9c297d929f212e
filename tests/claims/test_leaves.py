"""Leaves reported, certified, linked and taken back: results, repetitions, each refusal."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, WorkItem
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import get_rights
from claims.facts import CertificateSource, Channel, ClaimStatus
from claims.models import Certificate, Claim, Review, SickLeave
from claims.operations.leaves import (
    ReportedLeave,
    UnableToReportLeave,
    UnableToWithdraw,
    link_relapse,
    report_leave,
    withdraw_leave,
)
from members.models import Person
from tests.claims.granting import grant
from tests.claims.world import (
    at,
    certify,
    insure,
    make_contract,
    make_examiner,
    make_user,
    sick,
    to_day,
)

pytestmark = pytest.mark.django_db
NOW = at("2026-02-10")


def report(
    person: Person, first: str, *, channel: Channel = Channel.EMPLOYER, **details: object
) -> ReportedLeave:
    told: dict[str, object] = {"user": None, "now": NOW} | details
    return report_leave(person=person, first_day=to_day(first), channel=channel, **told)  # type: ignore[arg-type]


def refused(person: Person, first: str, **details: object) -> str:
    with pytest.raises(UnableToReportLeave) as caught:
        report(person, first, **details)  # type: ignore[arg-type]
    return caught.value.code


def test_a_report_opens_a_claim(contract: GroupContract, person: Person) -> None:
    reported = report(person, "2026-02-02", expected_last_day=date(2026, 2, 20))
    claim = Claim.objects.get()
    assert reported.is_new
    assert reported.sick_leave.claim_id == claim.pk
    assert (claim.contract, claim.person) == (contract, person)
    assert claim.number == f"L-2026-{claim.pk:06d}"
    assert (claim.status, claim.first_day) == (ClaimStatus.REPORTED, date(2026, 2, 2))
    assert claim.registered_on == date(2026, 2, 10)


def test_a_certificate_may_come_with_the_report(person: Person) -> None:
    period = Period(date(2026, 2, 2), date(2026, 2, 13))
    report(person, "2026-02-02", certificate=period, source=CertificateSource.EAU)
    certificate = Certificate.objects.get()
    assert (certificate.period, certificate.source) == (period, "EAU")
    claim = Claim.objects.get()
    assert (claim.status, claim.certified_until) == (ClaimStatus.DEFERRAL, date(2026, 2, 13))


def test_the_same_again_is_the_same(person: Person) -> None:
    details = {"certificate": Period(date(2026, 2, 2), date(2026, 2, 13)), "reference": "HR-1"}
    first = report(person, "2026-02-02", **details)  # type: ignore[arg-type]
    again = report(person, "2026-02-02", **details)  # type: ignore[arg-type]
    assert (first.is_new, again.is_new) == (True, False)
    assert first.sick_leave == again.sick_leave
    assert (Claim.objects.count(), Certificate.objects.count()) == (1, 1)


def test_what_is_told_again_is_added(person: Person) -> None:
    report(person, "2026-02-02")
    again = report(person, "2026-02-02", expected_last_day=date(2026, 3, 1), reference="HR-7")
    assert again.sick_leave.expected_last_day == date(2026, 3, 1)
    assert again.sick_leave.reference == "HR-7"


def test_the_same_first_day_by_another_way_is_the_same_leave(person: Person) -> None:
    first = report(person, "2026-02-02", channel=Channel.EMPLOYER)
    again = report(person, "2026-02-02", channel=Channel.PERSON)
    assert not again.is_new
    assert again.sick_leave == first.sick_leave
    assert again.sick_leave.channel == Channel.EMPLOYER


def test_an_employer_does_not_learn_what_the_person_told_before(person: Person) -> None:
    own = report(person, "2026-02-02", channel=Channel.PERSON, expected_last_day=date(2026, 4, 1))
    reported = report(person, "2026-02-02", channel=Channel.EMPLOYER)
    assert reported.is_new
    assert reported.sick_leave == own.sick_leave
    # What the employer sees from now on is what it told itself.
    assert (reported.sick_leave.channel, reported.sick_leave.expected_last_day) == (
        "EMPLOYER",
        None,
    )
    # Nor that a day lies in a leave which the person alone has reported.
    report(person, "2026-03-02", channel=Channel.PERSON, now=at("2026-03-10"))
    certify(SickLeave.objects.get(first_day="2026-03-02"), "2026-03-02", "2026-03-31")
    hidden = report(person, "2026-03-09", channel=Channel.BROKER, now=at("2026-03-10"))
    assert hidden.is_new


def test_a_leave_cannot_begin_tomorrow(person: Person) -> None:
    assert refused(person, "2026-02-11") == "IN_FUTURE"
    assert report(person, "2026-02-10").is_new


def test_a_leave_cannot_end_before_it_begins(person: Person) -> None:
    assert refused(person, "2026-02-02", expected_last_day=date(2026, 2, 1)) == "ENDS_BEFORE_START"


def test_somebody_never_insured_cannot_be_reported(contract: GroupContract) -> None:
    stranger = Person.objects.create(
        employer_id=contract.employer_id,
        personnel_number="99",
        first_name="Nie",
        last_name="Versichert",
        birth_date=date(1990, 1, 1),
    )
    assert refused(stranger, "2026-02-02") == "NOT_A_MEMBER"
    assert not Claim.objects.exists()


def test_somebody_no_longer_insured_can(contract: GroupContract) -> None:
    left = insure(contract, "18", until="2025-12-31")
    report(left, "2026-02-02", certificate=Period(date(2026, 2, 2), date(2026, 4, 30)))
    assert Claim.objects.get().contract == contract


def test_a_reference_is_used_once_in_an_employer(contract: GroupContract, person: Person) -> None:
    report(person, "2026-02-02", reference="HR-1")
    other = insure(contract, "18")
    assert refused(other, "2026-02-03", reference="HR-1") == "REFERENCE_USED"
    elsewhere = insure(make_contract("T-2"), "17")
    assert report(elsewhere, "2026-02-03", reference="HR-1").is_new


@pytest.mark.parametrize("day", ["2026-01-06", "2026-01-16", "2026-01-30"])
def test_a_day_of_another_leave_needs_another_illness(person: Person, day: str) -> None:
    report(person, "2026-01-05", expected_last_day=date(2026, 1, 16))
    certify(SickLeave.objects.get(), "2026-01-05", "2026-01-30")
    assert refused(person, day, channel=Channel.PERSON) == "WITHIN_OTHER"
    # Certificates that came another way are none of the employer's business.
    if day <= "2026-01-16":
        assert refused(person, day) == "WITHIN_OTHER"
    else:
        assert report(person, day).is_new
    assert report(person, day, channel=Channel.PERSON, new_illness=True).sick_leave


def test_the_day_after_another_leave_is_another(person: Person) -> None:
    report(person, "2026-01-05", expected_last_day=date(2026, 1, 16))
    assert report(person, "2026-01-17").is_new


def test_a_withdrawn_leave_is_not_in_the_way(person: Person) -> None:
    first = report(person, "2026-02-02", reference="HR-1").sick_leave
    withdraw_leave(sick_leave=first, channel=Channel.EMPLOYER, user=None, now=NOW)
    assert Claim.objects.get().status == ClaimStatus.ENDED
    again = report(person, "2026-02-02", reference="HR-1")
    assert again.is_new
    assert again.sick_leave != first


def test_an_employer_takes_back_only_its_own(person: Person) -> None:
    examiner = make_examiner()
    leave = sick(person, "2026-01-05", "2026-02-27", channel=Channel.PERSON)
    with pytest.raises(UnableToWithdraw) as caught:
        withdraw_leave(sick_leave=leave, channel=Channel.EMPLOYER, user=None, now=NOW)
    assert caught.value.code == "OF_OTHERS"
    withdraw_leave(sick_leave=leave, channel=Channel.EXAMINER, user=examiner, now=NOW)
    leave.refresh_from_db()
    assert leave.withdrawn_by == examiner


def _decide(leave: SickLeave) -> None:
    grant(leave.claim, "2026-02-16", by=make_examiner())


def _certify(leave: SickLeave) -> None:
    certify(leave, "2026-01-05", "2026-02-27")


def _link(leave: SickLeave) -> None:
    link_relapse(sick_leave=leave, first=sick(leave.person, "2025-12-01"), user=None, now=NOW)


@pytest.mark.parametrize("happens", [_decide, _certify, _link])
def test_what_concerns_others_goes_on_without_the_employer(
    person: Person, happens: Callable[[SickLeave], None]
) -> None:
    hr = make_user("hr")
    leave = report(person, "2026-01-05", reference="HR-1").sick_leave
    known = SickLeave.objects.get(pk=leave.pk).public_id
    happens(leave)
    withdraw_leave(sick_leave=leave, channel=Channel.EMPLOYER, user=hr, now=NOW)
    leave.refresh_from_db()
    assert (leave.withdrawn_at, leave.channel, leave.reference) == (None, "EXAMINER", "")
    # To the employer it is taken back like any other, and may be reported again.
    shown = SickLeave.objects.get(channel="EMPLOYER")
    assert (shown.withdrawn_at, shown.withdrawn_by) == (NOW, hr)
    assert (shown.first_day, shown.reference) == (leave.first_day, "HR-1")
    assert shown.public_id == known
    review = Review.objects.get()
    assert WorkItem.objects.get(kind=WorkItem.Kind.REVIEW).subject == review.pk
    again = report(person, "2026-01-05", reference="HR-1")
    assert (again.is_new, again.sick_leave) == (True, leave)


def test_a_person_asks_the_examiner_once_it_is_decided(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27", channel=Channel.PERSON)
    _decide(leave)
    with pytest.raises(UnableToWithdraw) as caught:
        withdraw_leave(sick_leave=leave, channel=Channel.PERSON, user=None, now=NOW)
    assert caught.value.code == "DECIDED"


def test_the_employers_own_people_report_inside_their_fence(person: Person) -> None:
    hr = make_user("hr")
    from_hr = Scope.of(get_rights(hr, NOW.date()))
    assert not from_hr.people_of.strip("{}")
    own = Scope("{}", f"{{{person.employer_id}}}", "{}")
    with acting_within(own):
        reported = report(person, "2026-02-02", user=hr)
        # The settings of the fence are as before: no claim is seen, the leave is.
        assert not Claim.objects.exists()
        assert SickLeave.objects.get() == reported.sick_leave
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_make_one_claim(django_db_blocker: DjangoDbBlocker) -> None:
    person = insure(make_contract())
    together = threading.Barrier(4)
    found: list[ReportedLeave] = []

    def tell(channel: Channel) -> None:
        try:
            together.wait(10)
            found.append(report(person, "2026-02-02", channel=channel))
        finally:
            connection.close()

    channels = (Channel.EMPLOYER, Channel.PERSON, Channel.EXAMINER, Channel.BROKER)
    threads = [threading.Thread(target=tell, args=[channel]) for channel in channels]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({reported.sick_leave.pk for reported in found}) == 1
    assert len(found) == 4
    assert (Claim.objects.count(), SickLeave.objects.count()) == (1, 1)
