"""Claims follow the leaves: one for each, the same whatever order things arrive in."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import combinations, permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, WorkItem
from claims.facts import Channel, ClaimStatus, DecisionKind
from claims.models import Claim, DocumentRequest, SickLeave
from claims.operations.arrange import arrange_claims
from claims.operations.leaves import (
    link_relapse,
    report_leave,
    withdraw_certificate,
    withdraw_leave,
)
from claims.queries.facts import get_entitlement, get_entitlements, load_people
from members.models import Person
from tests.claims.granting import grant, rule
from tests.claims.world import (
    at,
    certify,
    insure,
    insure_many,
    leave_employment,
    look,
    make_contract,
    make_examiner,
    sick,
    to_day,
)

pytestmark = pytest.mark.django_db
CLAIM, EVIDENCE = WorkItem.Kind.CLAIM, WorkItem.Kind.EVIDENCE


def open_work(kind: WorkItem.Kind) -> list[int]:
    return list(WorkItem.objects.filter(kind=kind, done_at=None).values_list("subject", flat=True))


def status(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.status


def test_a_leave_from_report_to_examination(person: Person) -> None:
    leave = sick(person, "2026-01-05")
    assert status(leave.claim) == ClaimStatus.REPORTED
    # 42 days are over on 15 February; two weeks before, certificates are asked for.
    assert leave.claim.next_step_on == date(2026, 2, 2)
    certify(leave, "2026-01-05", "2026-01-30")
    assert status(leave.claim) == ClaimStatus.DEFERRAL
    certify(leave, "2026-01-31", "2026-02-27", received="2026-01-31")
    assert (status(leave.claim), leave.claim.benefit_from) == ("DEFERRAL", date(2026, 2, 16))
    assert open_work(CLAIM) == []
    look(person, "2026-02-02")
    assert status(leave.claim) == ClaimStatus.TO_EXAMINE
    item = WorkItem.objects.get(kind=CLAIM)
    assert (item.subject, item.due) == (leave.claim_id, date(2026, 2, 16))
    assert item.title == f"Leistungsfall {leave.claim.number} prüfen"
    assert person.last_name not in item.title


def test_work_goes_with_its_reason(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27", today="2026-02-10")
    assert open_work(CLAIM) == [leave.claim_id]
    grant(leave.claim, "2026-02-16", by=make_examiner())
    look(person, "2026-02-16")
    assert status(leave.claim) == ClaimStatus.PAYING
    assert open_work(CLAIM) == []
    look(person, "2026-03-10")
    assert status(leave.claim) == ClaimStatus.EVIDENCE_MISSING
    assert open_work(EVIDENCE) == [leave.claim_id]
    certify(leave, "2026-02-28", "2026-03-31", received="2026-03-11")
    assert status(leave.claim) == ClaimStatus.PAYING
    assert open_work(EVIDENCE) == []


def test_a_gap_stops_and_does_not_end(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27")
    grant(leave.claim, "2026-02-16", by=make_examiner())
    certify(leave, "2026-03-09", "2026-03-31", received="2026-03-11")
    assert status(leave.claim) == ClaimStatus.EVIDENCE_MISSING
    assert open_work(EVIDENCE) == [leave.claim_id]


def test_days_kept_follow_what_is_withdrawn(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-01-30")
    last = certify(leave, "2026-01-31", "2026-02-27")
    withdraw_certificate(certificate=last, user=None, now=at("2026-02-01"))
    leave.claim.refresh_from_db()
    assert (leave.claim.certified_until, leave.claim.benefit_from) == (date(2026, 1, 30), None)


def test_another_illness_over_a_weekend_is_one_claim(person: Person) -> None:
    first = sick(person, "2026-01-05", "2026-01-30")
    second = sick(person, "2026-02-02", "2026-02-27")
    older, newer = Claim.objects.order_by("pk")
    assert second.claim == first.claim == older
    assert (newer.status, newer.joined_to) == (ClaimStatus.JOINED, older)
    assert (older.first_day, older.certified_until) == (date(2026, 1, 5), date(2026, 2, 27))


def test_the_oldest_claim_keeps_leaves_that_become_one(person: Person) -> None:
    late = sick(person, "2026-02-02", "2026-02-27")
    early = sick(person, "2026-01-05", "2026-01-30", reported="2026-02-03")
    assert early.claim == late.claim
    late.claim.refresh_from_db()
    assert late.claim.first_day == date(2026, 1, 5)
    assert Claim.objects.get(status="JOINED").joined_to == late.claim


def test_leaves_that_part_again_take_their_claims_back(person: Person) -> None:
    first = sick(person, "2026-01-05", "2026-01-23")
    between = certify(first, "2026-01-24", "2026-01-30")
    second = sick(person, "2026-02-02", "2026-02-27")
    joined = Claim.objects.get(status="JOINED")
    withdraw_certificate(certificate=between, user=None, now=at("2026-02-03"))
    second.refresh_from_db()
    joined.refresh_from_db()
    assert second.claim == joined
    assert (joined.status, joined.joined_to) == (ClaimStatus.DEFERRAL, None)
    assert Claim.objects.count() == 2


def test_leaves_that_part_get_a_claim_where_they_had_none(person: Person) -> None:
    first = sick(person, "2026-01-05", "2026-01-30")
    second = sick(person, "2026-02-02", "2026-02-27")
    # The claim that was opened for it is about another day by now.
    Claim.objects.filter(status="JOINED").update(first_day=date(2025, 1, 1))
    certificate = first.certificates.get()
    withdraw_certificate(certificate=certificate, user=None, now=at("2026-02-03"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.claim != second.claim
    new = Claim.objects.order_by("pk").last()
    assert new is not None
    assert new in {first.claim, second.claim}
    assert new.number == f"L-2026-{new.pk:06d}"
    assert Claim.objects.count() == 3


def test_claims_joined_before_follow(person: Person) -> None:
    third = sick(person, "2026-03-02", "2026-03-20")
    second = sick(person, "2026-02-09", "2026-02-27", reported="2026-03-03")
    first = sick(person, "2026-01-19", "2026-02-06", reported="2026-03-04")
    assert third.claim == second.claim == first.claim
    joined = Claim.objects.filter(status="JOINED")
    assert {claim.joined_to for claim in joined} == {first.claim}
    assert joined.count() == 2


def test_a_claim_whose_leave_was_withdrawn_is_over(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27", today="2026-02-10")
    assert open_work(CLAIM)
    withdraw_leave(sick_leave=leave, channel=Channel.EXAMINER, user=None, now=at("2026-02-11"))
    assert status(leave.claim) == ClaimStatus.ENDED
    assert leave.claim.joined_to is None
    assert open_work(CLAIM) == []


def test_a_short_leave_without_a_certificate_is_over_by_itself(person: Person) -> None:
    leave = sick(person, "2026-01-05", expected="2026-01-09", channel=Channel.EMPLOYER)
    look(person, "2026-01-23")
    assert status(leave.claim) == ClaimStatus.REPORTED
    look(person, "2026-01-24")
    assert status(leave.claim) == ClaimStatus.ENDED
    certify(leave, "2026-01-05", "2026-01-30", received="2026-01-26")
    assert status(leave.claim) == ClaimStatus.DEFERRAL


def test_the_contract_of_the_first_day_is_the_claims(contract: GroupContract) -> None:
    person = insure(contract, "18", until="2025-12-31")
    later = make_contract("T-3", start="2026-02-01", employer=contract.employer)
    leave = sick(person, "2026-02-09", "2026-02-20")
    assert leave.claim.contract == contract
    insure(later, "18", since="2026-02-01")
    look(person, "2026-02-21")
    leave.claim.refresh_from_db()
    assert leave.claim.contract == later


def test_the_end_of_cover_is_seen_by_the_next_look(contract: GroupContract, person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-03-31")
    assert leave.claim.benefit_from == date(2026, 2, 16)
    leave_employment(contract, person, "2026-01-31")
    look(person, "2026-02-01")
    leave.claim.refresh_from_db()
    assert leave.claim.benefit_from is None


def test_looking_again_changes_nothing(person: Person) -> None:
    sick(person, "2026-01-05", "2026-01-30")
    sick(person, "2026-02-02", "2026-02-27", today="2026-02-10")
    before = list(Claim.objects.order_by("pk").values()), WorkItem.objects.count()
    look(person, "2026-02-10")
    assert (list(Claim.objects.order_by("pk").values()), WorkItem.objects.count()) == before


def test_decisions_move_the_status(person: Person) -> None:
    examiner, other = make_examiner("vera"), make_examiner("otto")
    leave = sick(person, "2026-01-05", "2026-02-27", today="2026-02-10")
    rule(leave.claim, DecisionKind.REFUSE, "2026-02-16", by=examiner, second=other)
    look(person, "2026-02-10")
    assert status(leave.claim) == ClaimStatus.REFUSED
    rule(leave.claim, DecisionKind.REOPEN, "2026-02-16", by=examiner)
    look(person, "2026-02-10")
    assert status(leave.claim) == ClaimStatus.TO_EXAMINE
    grant(leave.claim, "2026-02-16", by=examiner)
    rule(leave.claim, DecisionKind.END, "2026-02-28", by=examiner)
    look(person, "2026-03-02")
    assert status(leave.claim) == ClaimStatus.ENDED


def test_decisions_stay_with_the_claim_that_is_taken_back(person: Person) -> None:
    examiner = make_examiner()
    late = sick(person, "2025-12-01", "2026-02-27")
    grant(late.claim, "2026-01-12", by=examiner)
    early = sick(person, "2025-11-03", "2025-11-28", reported="2026-02-03")
    assert early.claim == late.claim
    look(person, "2026-02-03")
    assert status(late.claim) in {ClaimStatus.TO_EXAMINE, ClaimStatus.PAYING}
    withdraw_leave(sick_leave=early, channel=Channel.EXAMINER, user=None, now=at("2026-02-04"))
    assert status(late.claim) == ClaimStatus.PAYING


def test_what_was_decided_goes_on_when_leaves_become_one(person: Person) -> None:
    early = sick(person, "2025-11-03", "2025-11-14")
    late = sick(person, "2025-12-01", "2026-02-27")
    granted = late.claim
    grant(granted, "2026-01-12", by=make_examiner())
    look(person, "2026-02-03")
    assert status(granted) == ClaimStatus.PAYING
    certify(early, "2025-11-15", "2025-11-30", received="2026-02-04")
    early.refresh_from_db()
    assert early.claim == granted
    assert granted.pk > Claim.objects.get(status="JOINED").pk
    # The days from 15 December on, which are paid now as well, wait for a decision.
    granted.refresh_from_db()
    assert (granted.status, granted.benefit_from) == ("TO_EXAMINE", date(2025, 12, 15))
    entitlement = get_entitlement(granted, as_of=date(2026, 1, 31))
    assert entitlement is not None
    assert [str(due.month) for due in entitlement.slices] == ["2026-01"]


def ask(claim: Claim, kind: str, first: str, last: str | None, **details: Any) -> DocumentRequest:
    values: dict[str, Any] = {"asked_at": at("2026-03-10"), "due_on": to_day("2026-03-24")}
    period = Period(to_day(first), to_day(last) if last else None)
    return DocumentRequest.objects.create(claim=claim, kind=kind, period=period, **values | details)


def test_what_was_asked_for_is_closed_when_it_comes(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27")
    grant(leave.claim, "2026-02-16", by=make_examiner())
    following = ask(leave.claim, "certificate", "2026-02-28", None)
    certify(leave, "2026-03-09", "2026-03-31", received="2026-03-12")
    following.refresh_from_db()
    assert (following.closed_at, following.received) == (at("2026-03-12"), True)
    gap = ask(leave.claim, "gap", "2026-02-28", "2026-03-08")
    look(person, "2026-03-13")
    gap.refresh_from_db()
    assert gap.closed_at is None
    certify(leave, "2026-02-28", "2026-03-08", received="2026-03-14")
    gap.refresh_from_db()
    assert gap.received


def test_what_an_examiner_asks_for_waits_for_something_to_come(person: Person) -> None:
    examiner = make_examiner()
    leave = sick(person, "2026-01-05", "2026-03-31")
    request = ask(leave.claim, "certificate", "2026-02-01", "2026-02-27", asked_by=examiner)
    look(person, "2026-03-11")
    request.refresh_from_db()
    assert request.closed_at is None
    certify(leave, "2026-02-01", "2026-02-27", received="2026-03-12")
    request.refresh_from_db()
    assert request.received


def test_what_nobody_needs_any_more_is_closed(person: Person) -> None:
    leave = sick(person, "2026-01-05", "2026-02-27")
    by_product = ask(leave.claim, "certificate", "2026-02-28", None)
    by_examiner = ask(leave.claim, "evidence", "2026-02-28", None, asked_by=make_examiner())
    withdraw_leave(sick_leave=leave, channel=Channel.EXAMINER, user=None, now=at("2026-03-11"))
    by_product.refresh_from_db()
    by_examiner.refresh_from_db()
    assert (by_product.closed_at, by_product.received) == (at("2026-03-11"), False)
    assert by_examiner.closed_at is None


def test_a_gap_that_stays_one_is_not_missing_any_more(person: Person) -> None:
    examiner = make_examiner()
    leave = sick(person, "2026-01-05", "2026-02-27")
    grant(leave.claim, "2026-02-16", by=examiner)
    certify(leave, "2026-03-09", "2026-03-31", received="2026-03-11")
    request = ask(leave.claim, "gap", "2026-02-28", "2026-03-08")
    request.closed_at, request.closed_by = at("2026-03-20"), examiner
    request.save()
    look(person, "2026-03-20")
    assert status(leave.claim) == ClaimStatus.PAYING
    assert open_work(EVIDENCE) == []


def _tell_everything(person: Person) -> list[Callable[[], object]]:
    """Four things that may arrive in any order; each is enough by itself."""
    now = at("2026-07-01")

    def told(first: str, certified: tuple[str, str] | None = None) -> SickLeave:
        period = Period(to_day(certified[0]), to_day(certified[1])) if certified else None
        return report_leave(
            person=person,
            first_day=to_day(first),
            channel=Channel.EXAMINER,
            user=None,
            certificate=period,
            new_illness=True,
            now=now,
        ).sick_leave

    def second_time() -> None:
        relapse = told("2026-05-04", ("2026-05-04", "2026-06-30"))
        link_relapse(sick_leave=relapse, first=told("2026-01-05"), user=None, now=now)

    return [
        lambda: told("2026-01-05", ("2026-01-05", "2026-01-23")),
        lambda: told("2026-01-05", ("2026-01-24", "2026-01-30")),
        # Another illness, on the Monday after the Friday of the second certificate.
        lambda: told("2026-02-02", ("2026-02-02", "2026-02-27")),
        second_time,
    ]


def _state(person: Person) -> list[object]:
    """What came of it, without the numbers and keys of claims."""
    owed = get_entitlements(load_people([person.pk])[person.pk], as_of=None, granted=True)
    of_claim = {each.claim_id: each.entitlement for each in owed}
    found: list[object] = []
    for claim in person.claims.exclude(status="JOINED").order_by("first_day"):
        entitlement = of_claim[claim.pk]
        days = claim.sick_leaves.order_by("first_day").values_list("first_day", flat=True)
        found.append(
            (
                claim.status, claim.first_day, claim.certified_until, claim.benefit_from,
                claim.next_step_on, claim.contract_id, tuple(days), entitlement.slices,
                entitlement.leave.pieces, entitlement.leave.brought,
                WorkItem.objects.filter(subject=claim.pk, done_at=None).count(),
            )
        )  # fmt: skip
    return found


def _count_swaps(order: Sequence[int]) -> int:
    return sum(before > after for before, after in combinations(order, 2))


def test_the_order_of_arrival_does_not_matter(contract: GroupContract) -> None:
    # The even orders: any two events stand in any two places of one of them.
    orders = [order for order in permutations(range(4)) if _count_swaps(order) % 2 == 0]
    people = insure_many(contract, len(orders))
    for person, order in zip(people, orders, strict=True):
        events = _tell_everything(person)
        for place in order:
            events[place]()
    ids = [person.pk for person in people]
    arrange_claims(person_ids=ids, today=date(2026, 7, 2), now=at("2026-07-02"))
    states = [_state(person) for person in people]
    assert all(state == states[0] for state in states)
    one, relapse = states[0]
    assert len(one[6]) == 2  # type: ignore[index]
    assert relapse[9] == 26  # type: ignore[index]
    # A claim was opened for each of three leaves, and one went into another.
    counts = {person.claims.filter(status="JOINED").count() for person in people}
    assert counts == {1}


def test_many_people_take_as_many_queries_as_few(contract: GroupContract) -> None:
    def fall_ill(person: Person) -> int:
        sick(person, "2026-01-05", "2026-01-30")
        sick(person, "2026-02-02", "2026-02-27")
        return person.pk

    def count(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            arrange_claims(person_ids=ids, today=date(2026, 2, 10), now=at("2026-02-10"))
        return len(captured)

    first, *others = insure_many(contract, 5)
    few, many = [fall_ill(first)], [fall_ill(person) for person in others]
    assert count(few) == count(many)
    assert len(open_work(CLAIM)) == 5
