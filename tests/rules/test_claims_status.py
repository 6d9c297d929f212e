from collections.abc import Sequence
from typing import Any

import pytest

from claims.facts import ClaimStatus, Entitlement, HoldOn, InsuredSpan, Ruling, StatusFacts
from claims.rules import decide_status
from tests.rules.benefit_facts import COVER, TERMS, cover, day, ill, owed, period

# Ill from 1 January, day 43 is 12 February 2026.
LONG = ill(("2026-01-01", "2026-03-31"))
GRANT = Ruling(period("2026-01-01"), pays=True)
END = Ruling(period("2026-03-16"), pays=False)


def status(entitlement: Entitlement | None, *, today: str, **more: Any) -> tuple[str, str]:
    facts = StatusFacts(entitlement, TERMS, examine_days_before=14, **more)
    found, next_step = decide_status(facts, today=day(today))
    return found.value, str(next_step or "")


def test_a_claim_that_was_joined_to_another_waits_for_nothing() -> None:
    assert status(owed(LONG), today="2026-02-01", is_joined=True) == ("JOINED", "")


def test_without_a_certificate_a_claim_is_only_reported() -> None:
    assert status(None, today="2026-02-01") == ("REPORTED", "")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        # 14 days before 12 February.
        ("2026-01-28", ("DEFERRAL", "2026-01-29")),
        ("2026-01-29", ("TO_EXAMINE", "2026-01-29")),
        ("2026-06-01", ("TO_EXAMINE", "2026-01-29")),
    ],
)
def test_examination_begins_before_benefit_does(today: str, expected: tuple[str, str]) -> None:
    assert status(owed(LONG), today=today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-02-15", ("DEFERRAL", "2026-02-15")), ("2026-02-16", ("ENDED", ""))],
)
def test_a_short_leave_is_over_after_two_quiet_weeks(today: str, expected: tuple[str, str]) -> None:
    # Certified until 31 January; more than 14 days later is 15 February.
    short = owed(ill(("2026-01-01", "2026-01-31")))
    if today == "2026-02-15":
        assert status(short, today="2026-02-14") == expected
    else:
        assert status(short, today="2026-02-15") == expected


def test_a_leave_that_is_not_insured_has_to_be_refused_by_somebody() -> None:
    uninsured = owed(LONG, spans=[cover("2026-02-01")])
    assert status(uninsured, today="2026-01-29") == ("TO_EXAMINE", "2026-01-29")
    refused = day("2026-01-01")
    assert status(uninsured, today="2026-03-01", refused_from=refused) == ("REFUSED", "")


def test_a_proposal_waits_for_a_second_person() -> None:
    assert status(owed(LONG), today="2026-02-01", has_proposal=True) == ("APPROVAL", "2026-02-01")


def test_granted_days_are_paid_until_the_certificate_runs_out() -> None:
    granted = owed(LONG, rulings=[GRANT])
    assert status(granted, today="2026-03-01") == ("PAYING", "2026-04-04")
    review = day("2026-03-20")
    assert status(granted, today="2026-03-01", review_on=review) == ("PAYING", "2026-03-20")
    # Three days may pass.
    assert status(granted, today="2026-04-03")[0] == "PAYING"
    assert status(granted, today="2026-04-04") == ("EVIDENCE_MISSING", "2026-04-04")


def test_a_gap_is_asked_about_until_it_was_answered() -> None:
    gap = owed(ill(("2026-01-01", "2026-02-20"), ("2026-02-25", "2026-03-31")), rulings=[GRANT])
    assert status(gap, today="2026-03-01") == ("EVIDENCE_MISSING", "2026-03-01")
    answered = (period("2026-02-21", "2026-02-24"),)
    assert status(gap, today="2026-03-01", answered_gaps=answered)[0] == "PAYING"


def test_days_that_were_not_granted_yet_are_examined() -> None:
    in_part = owed(LONG, rulings=[Ruling(period("2026-01-01", "2026-02-28"), pays=True)])
    # 1 March is 14 days ahead on 15 February.
    assert status(in_part, today="2026-02-14")[0] == "PAYING"
    assert status(in_part, today="2026-02-15") == ("TO_EXAMINE", "2026-02-15")


def test_a_hold_in_force() -> None:
    hold = HoldOn(period("2026-03-01"), 0)
    held = owed(LONG, rulings=[GRANT], holds=[hold])
    review = day("2026-03-20")
    more: dict[str, Any] = {"holds": (hold,), "review_on": review}
    assert status(held, today="2026-02-28", **more)[0] == "PAYING"
    assert status(held, today="2026-03-01", **more) == ("HELD", "2026-03-20")


def test_a_refusal_from_the_first_day() -> None:
    refused = owed(LONG, rulings=[Ruling(period("2026-01-01"), pays=False)])
    found = status(refused, today="2026-03-01", refused_from=day("2026-01-01"))
    assert found == ("REFUSED", "")


def test_an_end() -> None:
    ended = owed(LONG, rulings=[GRANT, END])
    assert status(ended, today="2026-04-30", ended_from=day("2026-03-16")) == ("ENDED", "")


def test_an_end_with_days_granted_after_it_is_none() -> None:
    again = Ruling(period("2026-03-20"), pays=True)
    running = owed(LONG, rulings=[GRANT, END, again])
    found = status(running, today="2026-03-25", ended_from=day("2026-03-16"))
    assert found[0] == "PAYING"


def test_a_refusal_of_what_follows_a_grant_ends_the_claim() -> None:
    rest = owed(LONG, rulings=[GRANT, END])
    assert status(rest, today="2026-04-30", refused_from=day("2026-03-16")) == ("ENDED", "")


@pytest.mark.parametrize(
    ("spans", "last", "over_on"),
    [
        (COVER, "2027-12-31", "2027-07-01"),
        ([cover("2020-01-01", "2026-03-15", "DEATH")], "2026-03-31", "2026-03-16"),
    ],
)
def test_when_nothing_more_can_be_paid_somebody_has_to_end_the_claim(
    spans: Sequence[InsuredSpan], last: str, over_on: str
) -> None:
    # The 546th day after 1 January 2026 is 30 June 2027.
    granted = owed(ill(("2026-01-01", last)), rulings=[GRANT], spans=spans)
    assert status(granted, today="2026-02-20")[0] == "PAYING"
    assert status(granted, today="2028-02-01") == ("TO_EXAMINE", over_on)


def test_every_status_can_come_out() -> None:
    told = {"JOINED", "REPORTED", "DEFERRAL", "TO_EXAMINE", "APPROVAL", "PAYING"}
    assert told | {"EVIDENCE_MISSING", "HELD", "REFUSED", "ENDED"} == set(ClaimStatus)
