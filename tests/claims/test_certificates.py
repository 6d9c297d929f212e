"""Certificates, relapses and plans of reintegration: results, repetitions, each refusal."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, Reintegration, SickLeave
from claims.operations.leaves import (
    ReintegrationStep,
    UnableToAddCertificate,
    UnableToLinkRelapse,
    UnableToRecordReintegration,
    add_certificate,
    link_relapse,
    record_reintegration,
    unlink_relapse,
    withdraw_certificate,
    withdraw_leave,
    withdraw_reintegration,
)
from members.models import Person
from tests.claims.world import at, insure, make_examiner, sick, to_day

pytestmark = pytest.mark.django_db
NOW = at("2026-02-10")


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
