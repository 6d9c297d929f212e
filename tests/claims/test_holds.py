"""Holding benefit back and paying it after all; clearing checks; notes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from aupolicy.models import User
from claims.facts import CheckCode, ClaimStatus
from claims.models import BenefitSlice, CheckClearance, Claim, ClaimNote, Hold
from claims.operations.holds import UnableToHold, clear_check, hold_benefit, lift_hold
from claims.operations.notes import UnableToNote, write_note
from claims.operations.settle import settle_people
from tests.claims.granting import grant
from tests.claims.world import at, insure, make_contract, make_user, sick

pytestmark = pytest.mark.django_db
TODAY = "2025-05-06"
MEDICAL = "Diagnose F10.2"


@pytest.fixture
def claim(vera: User) -> Claim:
    """Sick from 1 January through 20 May 2025, paid from 12 February through April."""
    claim = sick(insure(make_contract()), "2025-01-01", "2025-05-20").claim
    grant(claim, "2025-02-12", by=vera)
    settle_people(
        person_ids=[claim.person_id],
        as_of=date(2025, 4, 30),
        user=None,
        reason="Test",
        now=at(TODAY),
    )
    return claim


def hold(claim: Claim, user: User, **changed: Any) -> Hold:
    values: dict[str, Any] = {
        "first_day": date(2025, 4, 1),
        "percent": 50,
        "reason": "Eine Rückfrage ist offen.",
        "review_on": date(2025, 5, 20),
        "now": at(TODAY),
    }
    return hold_benefit(claim=claim, user=user, **values | changed)


def owed(claim: Claim) -> Decimal:
    counted = BenefitSlice.objects.filter(claim=claim, cancelled_at=None)
    return sum((each.amount for each in counted), start=Decimal("0.00"))


def test_a_hold_reduces_months_that_were_settled_and_lifting_pays_them(
    claim: Claim, vera: User
) -> None:
    held = hold(claim, vera)
    assert owed(claim) == Decimal("859.83") - Decimal("167.50")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.HELD
    cancelled = BenefitSlice.objects.get(cancelled_at__isnull=False)
    assert cancelled.cancel_reason == "vorläufige Entscheidung vom 06.05.2025"
    assert cancelled.cancelled_by == vera
    lift_hold(hold=held, user=vera, now=at("2025-05-07"))
    assert owed(claim) == Decimal("859.83")
    with pytest.raises(UnableToHold, match="LIFTED"):
        lift_hold(hold=held, user=vera, now=at("2025-05-08"))


def test_nothing_is_paid_at_0_percent_and_all_after_the_hold(claim: Claim, vera: User) -> None:
    hold(claim, vera, percent=0, last_day=date(2025, 4, 15))
    april = BenefitSlice.objects.get(month=date(2025, 4, 1), cancelled_at=None)
    assert (april.days, april.amount) == (15, Decimal("167.50"))
    hold(claim, vera, percent=0, first_day=date(2025, 4, 16))
    assert owed(claim) == Decimal("524.83")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"percent": 100}, "PERCENT_OUTSIDE"),
        ({"percent": -1}, "PERCENT_OUTSIDE"),
        ({"reason": " "}, "REASON_MISSING"),
        ({"reason": MEDICAL}, "MEDICAL_TEXT"),
        ({"last_day": date(2025, 3, 31)}, "DAY_OUTSIDE"),
        ({"review_on": date(2025, 5, 5)}, "REVIEW_TOO_EARLY"),
    ],
)
def test_what_a_hold_cannot_be(
    changed: dict[str, Any], code: str, claim: Claim, vera: User
) -> None:
    with pytest.raises(UnableToHold) as error:
        hold(claim, vera, **changed)
    assert (error.value.code, error.value.params) == (code, {})
    assert not Hold.objects.exists()


def test_days_are_held_once_and_by_examiners(claim: Claim, vera: User) -> None:
    held = hold(claim, vera, reason=MEDICAL, confirmed=True)
    with pytest.raises(UnableToHold, match="ALREADY_HELD"):
        hold(claim, vera, first_day=date(2025, 6, 1))
    clerk = make_user("karl")
    with pytest.raises(UnableToHold, match="NOT_EXAMINER"):
        hold(claim, clerk)
    with pytest.raises(UnableToHold, match="NOT_EXAMINER"):
        lift_hold(hold=held, user=clerk, now=at(TODAY))


def test_the_database_keeps_a_hold_as_it_was(claim: Claim, vera: User) -> None:
    held = hold(claim, vera)
    for change in ({"percent": 0}, {"reason": "anders"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Hold.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Hold.objects.all().delete()


def test_a_check_is_cleared_with_a_reason(claim: Claim, vera: User) -> None:
    def clear(reason: str, user: User, **more: Any) -> CheckClearance:
        code = CheckCode.NO_GAP
        return clear_check(claim=claim, code=code, reason=reason, user=user, now=at(TODAY), **more)

    for reason, code in (("", "REASON_MISSING"), (MEDICAL, "MEDICAL_TEXT")):
        with pytest.raises(UnableToHold, match=code):
            clear(reason, vera)
    with pytest.raises(UnableToHold, match="NOT_EXAMINER"):
        clear("Der Arzt war im Urlaub.", make_user("karl"))
    assert clear(" Der Arzt war im Urlaub. ", vera).reason == "Der Arzt war im Urlaub."
    assert clear(MEDICAL, vera, confirmed=True).reason == MEDICAL


def test_a_note_that_looks_like_health_data_is_confirmed_and_marked(
    claim: Claim, vera: User
) -> None:
    def note(text: str, user: User, **more: Any) -> ClaimNote:
        return write_note(claim=claim, text=text, user=user, now=at(TODAY), **more)

    for text, code in (("  ", "TEXT_MISSING"), (MEDICAL, "MEDICAL_TEXT")):
        with pytest.raises(UnableToNote, match=code):
            note(text, vera)
    with pytest.raises(UnableToNote, match="NOT_EXAMINER"):
        note("Angerufen.", make_user("karl"))
    assert not note("Angerufen.", vera).warned
    assert note(MEDICAL, vera, confirmed=True).warned
