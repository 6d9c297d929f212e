"""Requests for papers with their effect on the clock of § 14 VVG, and reviews."""

from datetime import date
from typing import Any

import pytest

from aupolicy.kernel.period import Period
from aupolicy.models import User, WorkItem
from claims.models import Claim, DocumentRequest, Review
from claims.operations.daily import look_after_claims
from claims.operations.requests import (
    UnableToRequest,
    close_request,
    finish_review,
    plan_review,
    request_documents,
)
from claims.queries.clock import get_clock
from tests.claims.world import at, insure, make_contract, make_user, sick

pytestmark = pytest.mark.django_db
TODAY = "2025-02-01"
KIND = DocumentRequest.Kind
MEDICAL = "Diagnose F10.2"


@pytest.fixture
def claim() -> Claim:
    return sick(insure(make_contract()), "2025-01-01", "2025-05-20").claim


def ask(
    claim: Claim, user: User | None, kind: KIND = KIND.EVIDENCE, **more: Any
) -> DocumentRequest:
    return request_documents(claim=claim, kind=kind, user=user, now=at(TODAY), **more)


def test_a_request_stops_the_clock_until_it_is_closed(claim: Claim, vera: User) -> None:
    before = get_clock(claim, today=date(2025, 2, 1))
    asked = ask(claim, vera, period=Period(date(2025, 1, 1), date(2025, 1, 31)))
    assert asked.due_on == date(2025, 2, 15)
    assert get_clock(claim, today=date(2025, 2, 11)).suspended_since == date(2025, 2, 1)
    close_request(request=asked, received=True, user=vera, now=at("2025-02-11"))
    after = get_clock(claim, today=date(2025, 3, 1))
    assert after.suspended_since is None
    assert after.suspended_days in {10, 11}
    assert (after.interim_on - before.interim_on).days == after.suspended_days


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        (KIND.OTHER, {}, "TEXT_MISSING"),
        (KIND.OTHER, {"text": MEDICAL}, "MEDICAL_TEXT"),
        (KIND.EVIDENCE, {"due_on": date(2025, 1, 31)}, "DUE_TOO_EARLY"),
    ],
)
def test_what_cannot_be_asked(
    kind: KIND, more: dict[str, Any], code: str, claim: Claim, vera: User
) -> None:
    with pytest.raises(UnableToRequest) as error:
        ask(claim, vera, kind, **more)
    assert (error.value.code, error.value.params) == (code, {})


def test_the_same_is_asked_for_once_and_closed_once(claim: Claim, vera: User) -> None:
    asked = ask(claim, None)
    with pytest.raises(UnableToRequest, match="ALREADY_OPEN"):
        ask(claim, vera)
    clerk = make_user("karl")
    with pytest.raises(UnableToRequest, match="NOT_EXAMINER"):
        ask(claim, clerk, KIND.ACCOUNT)
    with pytest.raises(UnableToRequest, match="NOT_EXAMINER"):
        close_request(request=asked, received=True, user=clerk, now=at(TODAY))
    closed = close_request(request=asked, received=False, user=vera, now=at(TODAY))
    assert (closed.received, closed.closed_by) == (False, vera)
    with pytest.raises(UnableToRequest, match="CLOSED"):
        close_request(request=asked, received=True, user=vera, now=at(TODAY))
    assert ask(claim, vera).pk != asked.pk


def test_a_review_comes_due_and_is_finished_with_the_next_one(claim: Claim, vera: User) -> None:
    def plan(question: str, due: str, **more: Any) -> Review:
        day = date.fromisoformat(due)
        now = at(TODAY)
        return plan_review(claim=claim, due_on=day, question=question, user=vera, now=now, **more)

    for question, due, code in (
        (" ", "2025-02-10", "TEXT_MISSING"),
        (MEDICAL, "2025-02-10", "MEDICAL_TEXT"),
        ("Wie geht es weiter?", "2025-01-31", "DUE_TOO_EARLY"),
    ):
        with pytest.raises(UnableToRequest, match=code):
            plan(question, due)
    review = plan("Wie geht es weiter?", "2025-02-10")
    look_after_claims(today=date(2025, 2, 10), now=at("2025-02-10"))
    item = WorkItem.objects.get(kind=WorkItem.Kind.REVIEW)
    assert (item.subject, item.done_at) == (review.pk, None)
    with pytest.raises(UnableToRequest, match="TEXT_MISSING"):
        finish_review(review=review, result="", user=vera, now=at("2025-02-10"))
    finish_review(
        review=review,
        result="Ein Plan folgt.",
        user=vera,
        now=at("2025-02-10"),
        next_on=date(2025, 3, 10),
    )
    item.refresh_from_db()
    assert item.done_by == vera
    following = Review.objects.get(done_at=None)
    assert (following.question, following.due_on) == (review.question, date(2025, 3, 10))
    with pytest.raises(UnableToRequest, match="CLOSED"):
        finish_review(review=review, result="Noch einmal.", user=vera, now=at("2025-02-11"))
