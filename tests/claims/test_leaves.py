"""Leaves reported, certified, linked and taken back: results, repetitions, each refusal."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, WorkItem
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.queries import get_rights
from claims.facts import CertificateSource, Channel, ClaimStatus
from claims.models import Certificate, Claim, Reintegration, Review, SickLeave
from claims.operations.leaves import (
    ReintegrationStep,
    ReportedLeave,
    UnableToAddCertificate,
    UnableToLinkRelapse,
    UnableToRecordReintegration,
    UnableToReportLeave,
    UnableToWithdraw,
    add_certificate,
    link_relapse,
    record_reintegration,
    report_leave,
    unlink_relapse,
    withdraw_certificate,
    withdraw_leave,
    withdraw_reintegration,
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


@pytest.fixture
def contract() -> GroupContract:
    return make_contract()


@pytest.fixture
def person(contract: GroupContract) -> Person:
    return insure(contract)


def report(
    person: Person, first: str, *, channel: Channel = Channel.EMPLOYER, **details: object
) -> ReportedLeave:
    told: dict[str, object] = {"user": None, "now": NOW} | details
    return report_leave(person=person, first_day=to_day(first), channel=channel, **told)  # type: ignore[arg-type]


def refused(person: Person, first: str, **details: object) -> str:
    with pytest.raises(UnableToReportLeave) as caught:
        report(person, first, **details)  # type: ignore[arg-type]
    return caught.value.code


def paper(leave: SickLeave, first: str, last: str, **details: object) -> Certificate:
    told: dict[str, object] = {
        "period": Period(to_day(first), to_day(last)),
        "is_follow_up": False,
        "established_on": to_day(first),
        "accident": False,
        "source": CertificateSource.PAPER,
        "channel": Channel.EXAMINER,
        "user": None,
        "now": NOW,
    } | details
    return add_certificate(sick_leave=leave, **told)  # type: ignore[arg-type]


def paper_refused(leave: SickLeave, first: str, last: str, **details: object) -> str:
    with pytest.raises(UnableToAddCertificate) as caught:
        paper(leave, first, last, **details)
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
    happens(leave)
    withdraw_leave(sick_leave=leave, channel=Channel.EMPLOYER, user=hr, now=NOW)
    leave.refresh_from_db()
    assert (leave.withdrawn_at, leave.channel, leave.reference) == (None, "EXAMINER", "")
    # To the employer it is taken back like any other, and may be reported again.
    shown = SickLeave.objects.get(channel="EMPLOYER")
    assert (shown.withdrawn_at, shown.withdrawn_by) == (NOW, hr)
    assert (shown.first_day, shown.reference) == (leave.first_day, "HR-1")
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


def test_certificates_that_cannot_be(person: Person) -> None:
    leave = sick(person, "2026-01-05")
    assert paper_refused(leave, "2026-01-04", "2026-01-09") == "BEFORE_LEAVE"
    assert paper_refused(leave, "2026-01-05", "2027-01-06") == "TOO_LONG"
    late = date(2026, 2, 11)
    code = paper_refused(leave, "2026-01-05", "2026-01-09", established_on=late)
    assert code == "ESTABLISHED_IN_FUTURE"
    with pytest.raises(UnableToAddCertificate, match="NO_END"):
        paper(leave, "2026-01-05", "2026-01-05", period=Period(date(2026, 1, 5)))
    assert not Certificate.objects.exists()


def test_a_certificate_is_known_by_what_it_says(person: Person) -> None:
    leave = sick(person, "2026-01-05")
    first = paper(leave, "2026-01-05", "2026-01-09")
    assert paper_refused(leave, "2026-01-05", "2026-01-09") == "KNOWN"
    paper(leave, "2026-01-05", "2026-01-09", source=CertificateSource.EAU)
    paper(leave, "2026-01-05", "2026-01-09", established_on=None)
    assert paper_refused(leave, "2026-01-05", "2026-01-09", established_on=None) == "KNOWN"
    withdraw_certificate(certificate=first, user=None, now=NOW)
    paper(leave, "2026-01-05", "2026-01-09")
    assert Certificate.objects.filter(withdrawn_at=None).count() == 3


def test_withdrawing_again_changes_nothing(person: Person) -> None:
    first, second = make_examiner("vera"), make_examiner("otto")
    leave = sick(person, "2026-01-05", "2026-01-09")
    certificate = Certificate.objects.get()
    withdraw_certificate(certificate=certificate, user=first, now=at("2026-02-01"))
    withdraw_certificate(certificate=certificate, user=second, now=at("2026-02-02"))
    certificate.refresh_from_db()
    assert (certificate.withdrawn_by, certificate.withdrawn_at) == (first, at("2026-02-01"))
    leave.claim.refresh_from_db()
    assert leave.claim.certified_until is None


def test_a_certificate_of_a_withdrawn_leave_is_refused(person: Person) -> None:
    leave = sick(person, "2026-01-05")
    withdraw_leave(sick_leave=leave, channel=Channel.EXAMINER, user=None, now=NOW)
    assert paper_refused(leave, "2026-01-05", "2026-01-09") == "LEAVE_WITHDRAWN"


def first_of(leave: SickLeave) -> SickLeave | None:
    return SickLeave.objects.get(pk=leave.pk).same_illness_as


def test_relapses_point_at_the_first_leave_in_any_order(person: Person) -> None:
    first = sick(person, "2025-06-02", "2025-06-20")
    second = sick(person, "2025-09-01", "2025-09-19")
    third = sick(person, "2025-12-01", "2025-12-19")
    link_relapse(sick_leave=third, first=second, user=None, now=NOW)
    link_relapse(sick_leave=second, first=first, user=None, now=NOW)
    assert [first_of(leave) for leave in (first, second, third)] == [None, first, first]
    unlink_relapse(sick_leave=first, user=None, now=NOW)
    assert [first_of(leave) for leave in (first, second, third)] == [None, None, second]
    unlink_relapse(sick_leave=third, user=None, now=NOW)
    assert [first_of(leave) for leave in (first, second, third)] == [None, None, None]


def test_a_relapse_brings_its_days(person: Person) -> None:
    first = sick(person, "2025-06-02", "2025-07-11")  # 40 days
    second = sick(person, "2025-09-01", "2025-09-19")
    link_relapse(sick_leave=second, first=first, user=None, now=at("2025-09-02"))
    second.claim.refresh_from_db()
    assert second.claim.benefit_from == date(2025, 9, 3)


def test_leaves_that_cannot_be_one_illness(contract: GroupContract, person: Person) -> None:
    first, second = sick(person, "2025-06-02"), sick(person, "2025-09-01")
    other = sick(insure(contract, "18"), "2025-03-03")

    def code(relapse: SickLeave, earlier: SickLeave) -> str:
        with pytest.raises(UnableToLinkRelapse) as caught:
            link_relapse(sick_leave=relapse, first=earlier, user=None, now=NOW)
        return caught.value.code

    assert code(first, second) == "NOT_EARLIER"
    assert code(first, first) == "NOT_EARLIER"
    assert code(second, other) == "OTHER_PERSON"
    withdraw_leave(sick_leave=first, channel=Channel.EXAMINER, user=None, now=NOW)
    assert code(second, first) == "LEAVE_WITHDRAWN"


def plan(leave: SickLeave, first: str, last: str, *steps: tuple[str, str]) -> Reintegration:
    return record_reintegration(
        sick_leave=leave,
        period=Period(to_day(first), to_day(last)),
        daily_hours=Decimal("8.00"),
        steps=[ReintegrationStep(to_day(day), Decimal(hours)) for day, hours in steps],
        user=None,
        now=NOW,
    )


def test_reintegration_counts_like_certified_days(person: Person) -> None:
    leave = sick(person, "2025-12-01", "2026-01-30")
    recorded = plan(leave, "2026-01-31", "2026-02-27", ("2026-01-31", "2"), ("2026-02-14", "4"))
    leave.claim.refresh_from_db()
    assert leave.claim.certified_until == date(2026, 2, 27)
    assert recorded.steps == [
        {"from": "2026-01-31", "hours": "2"},
        {"from": "2026-02-14", "hours": "4"},
    ]
    withdraw_reintegration(reintegration=recorded, user=None, now=NOW)
    leave.claim.refresh_from_db()
    assert leave.claim.certified_until == date(2026, 1, 30)


@pytest.mark.parametrize(
    ("first", "last", "steps", "code"),
    [
        ("2025-11-30", "2025-12-31", [("2025-11-30", "2")], "BEFORE_LEAVE"),
        ("2026-01-01", "2027-01-02", [("2026-01-01", "2")], "TOO_LONG"),
        ("2026-02-10", "2026-02-20", [("2026-02-10", "2")], "OVERLAPS"),
        ("2026-03-02", "2026-03-20", [], "NO_STEPS"),
        ("2026-03-02", "2026-03-20", [("2026-03-03", "2")], "STEPS_DISORDERED"),
        (
            "2026-03-02",
            "2026-03-20",
            [("2026-03-02", "2"), ("2026-03-21", "4")],
            "STEPS_DISORDERED",
        ),
        (
            "2026-03-02",
            "2026-03-20",
            [("2026-03-02", "2"), ("2026-03-02", "4")],
            "STEPS_DISORDERED",
        ),
        ("2026-03-02", "2026-03-20", [("2026-03-02", "0")], "WRONG_HOURS"),
        ("2026-03-02", "2026-03-20", [("2026-03-02", "8.5")], "WRONG_HOURS"),
    ],
)
def test_plans_that_cannot_be(
    person: Person, first: str, last: str, steps: list[tuple[str, str]], code: str
) -> None:
    leave = sick(person, "2025-12-01", "2026-01-30")
    plan(leave, "2026-01-31", "2026-02-13", ("2026-01-31", "2"))
    with pytest.raises(UnableToRecordReintegration) as caught:
        plan(leave, first, last, *steps)
    assert caught.value.code == code
    assert Reintegration.objects.count() == 1


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


def test_history_names_who_linked(person: Person) -> None:
    examiner = make_examiner()
    first, second = sick(person, "2025-06-02"), sick(person, "2025-09-01")
    link_relapse(sick_leave=second, first=first, user=examiner, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_context->>'user' FROM claims_sickleaveevent"
            " WHERE pgh_obj_id = %s AND same_illness_as_id IS NOT NULL",
            [second.pk],
        )
        assert cursor.fetchall() == [(str(examiner.pk),)]


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
