from collections.abc import Sequence
from datetime import date

import pytest

from aupolicy.kernel.period import Period
from claims.facts import CheckCode, CheckFacts, CheckResult, Episode, Finding, InsuredSpan
from claims.rules import find_cover, find_gaps, find_limit_day, run_checks
from tests.rules.benefit_facts import COVER, PARAMETERS, TERMS, cover, day, ill, leave_of, period

PASSED, ATTENTION, FAILED = Finding.PASSED, Finding.ATTENTION, Finding.FAILED
ORDINARY = ill(("2026-01-01", "2026-03-31"))


def check(
    code: CheckCode,
    *episodes: Episode,
    spans: Sequence[InsuredSpan] = COVER,
    today: str = "2026-03-01",
    told: str = "",
    retires: str = "",
) -> tuple[Finding, tuple[date, ...]]:
    facts = CheckFacts(
        leave=leave_of(*episodes, spans=spans),
        terms=TERMS,
        episodes=episodes,
        spans=tuple(spans),
        joined_told_on=day(told) if told else None,
        retirement_end=day(retires) if retires else None,
    )
    results = run_checks(facts, parameters=PARAMETERS, today=day(today))
    return next((r.finding, r.days) for r in results if r.code is code)


@pytest.mark.parametrize(
    ("since", "until", "finding"),
    [
        ("2025-12-01", None, FAILED),
        ("2026-01-01", "2026-01-01", FAILED),
        # Ill before, or after payment: the claim stands.
        ("2026-01-02", None, PASSED),
        ("2025-12-01", "2025-12-31", PASSED),
    ],
)
def test_who_falls_ill_during_default_has_no_claim(
    since: str, until: str | None, finding: Finding
) -> None:
    defaults = (Period(day(since), day(until) if until else None),)
    facts = CheckFacts(leave_of(ORDINARY), TERMS, (ORDINARY,), COVER, defaults=defaults)
    results = run_checks(facts, parameters=PARAMETERS, today=day("2026-03-01"))
    found = next(each for each in results if each.code is CheckCode.PREMIUM_PAID)
    assert found.finding is finding


def test_an_ordinary_claim_passes_all_checks() -> None:
    facts = CheckFacts(leave_of(ORDINARY), TERMS, (ORDINARY,), COVER)
    results = run_checks(facts, parameters=PARAMETERS, today=day("2026-03-01"))
    assert {result.finding for result in results} == {PASSED}
    assert {result.code for result in results} == set(CheckCode)
    assert all(isinstance(result, CheckResult) for result in results)


@pytest.mark.parametrize(("joined", "finding"), [("2026-01-01", PASSED), ("2026-01-02", FAILED)])
def test_insured_at_onset(joined: str, finding: Finding) -> None:
    found = check(CheckCode.INSURED_AT_ONSET, ORDINARY, spans=[cover(joined)])
    assert found == (finding, (day("2026-01-01"),))


@pytest.mark.parametrize(
    ("left", "finding"),
    [
        # Day 43 is 12 February.
        ("2026-02-11", FAILED),
        ("2026-02-12", ATTENTION),
        # Within 60 days after the last certified day, 31 March.
        ("2026-05-30", ATTENTION),
        ("2026-05-31", PASSED),
    ],
)
def test_cover_lasts(left: str, finding: Finding) -> None:
    spans = [cover("2020-01-01", left, "EMPLOYMENT_ENDED")]
    assert check(CheckCode.COVER_LASTS, ORDINARY, spans=spans) == (finding, (day(left),))


def test_without_cover_it_does_not_last() -> None:
    found = check(CheckCode.COVER_LASTS, ORDINARY, spans=[cover("2026-02-01")])
    assert found == (FAILED, ())


def test_a_gap_asks_for_attention_and_a_weekend_does_not() -> None:
    gap = ill(("2026-01-01", "2026-01-20"), ("2026-01-22", "2026-03-31"))
    missing = day("2026-01-21")
    assert check(CheckCode.NO_GAP, gap) == (ATTENTION, (missing, missing))
    weekend = ill(("2026-01-01", "2026-01-23"), ("2026-01-26", "2026-03-31"))
    assert check(CheckCode.NO_GAP, weekend) == (PASSED, ())
    assert find_gaps(leave_of(gap)) == (period("2026-01-21", "2026-01-21"),)


def test_two_illnesses_at_once_ask_for_attention() -> None:
    other = ill(("2026-03-20", "2026-04-10"), key=1, illness="B")
    both = (day("2026-03-20"), day("2026-03-31"))
    assert check(CheckCode.NO_OVERLAP, ORDINARY, other) == (ATTENTION, both)
    later = ill(("2026-04-01", "2026-04-10"), key=1, illness="B")
    assert check(CheckCode.NO_OVERLAP, ORDINARY, later) == (PASSED, ())


@pytest.mark.parametrize(
    ("until", "today", "finding"),
    [
        # The 546th day after 1 July 2024 is 28 December 2025, 60 days before it 29 October.
        ("2025-06-30", "2025-10-28", PASSED),
        ("2025-06-30", "2025-10-29", ATTENTION),
        ("2025-12-27", "2025-06-01", PASSED),
        ("2025-12-28", "2025-06-01", ATTENTION),
        ("2026-01-31", "2025-06-01", ATTENTION),
    ],
)
def test_the_longest_duration_is_told_before_it_is_reached(
    until: str, today: str, finding: Finding
) -> None:
    found = check(CheckCode.WITHIN_LIMIT, ill(("2024-07-01", until)), today=today)
    assert found == (finding, (day("2025-12-28"),))


def test_a_relapse_beyond_the_longest_duration_fails() -> None:
    # 549 days were counted by 31 December 2025; the chain began less than twelve months before.
    first = ill(("2024-07-01", "2025-12-31"))
    number = find_limit_day(leave_of(first), number=546)
    assert number == day("2025-12-28")
    relapse = leave_of(
        ill(("2025-01-01", "2025-12-20"), ("2025-02-01", "2025-12-20")),
        ill(("2025-12-24", "2025-12-31"), key=1),
    )
    # 354 days of 2025 were brought.
    assert relapse.brought == 354
    assert find_limit_day(relapse, number=354) == day("2025-12-23")
    assert find_limit_day(relapse, number=355) == day("2025-12-24")
    # 8 days are certified until 31 December, number 362; 184 further days end on 3 July.
    assert find_limit_day(relapse, number=546) == day("2026-07-03")


@pytest.mark.parametrize(
    ("retires", "finding"),
    [("2025-12-31", FAILED), ("2027-03-01", ATTENTION), ("2027-03-31", PASSED), ("", PASSED)],
)
def test_retirement_is_told_a_year_ahead(retires: str, finding: Finding) -> None:
    found = check(CheckCode.BELOW_AGE, ORDINARY, today="2026-03-01", retires=retires)
    assert found == (finding, (day(retires),) if retires else ())


@pytest.mark.parametrize(
    ("joined", "told", "finding"),
    [
        # 89 and 90 days before 1 January 2026.
        ("2025-10-04", "", ATTENTION),
        ("2025-10-03", "", PASSED),
        ("2025-01-01", "2025-12-31", PASSED),
        ("2025-01-01", "2026-01-01", ATTENTION),
    ],
)
def test_cover_that_began_or_was_told_late(joined: str, told: str, finding: Finding) -> None:
    found = check(CheckCode.JOINED_IN_TIME, ORDINARY, spans=[cover(joined)], told=told)
    assert found == (finding, tuple(day(text) for text in (joined, told) if text))


def test_cover_is_followed_over_changes_of_terms() -> None:
    spans = (
        cover("2026-03-01"),
        cover("2020-01-01", "2025-12-31"),
        cover("2026-01-01", "2026-02-28"),
    )
    assert find_cover(spans, day=day("2025-05-01")) == period("2020-01-01")
    broken = (cover("2020-01-01", "2025-12-31"), cover("2026-01-02"))
    assert find_cover(broken, day=day("2025-05-01")) == period("2020-01-01", "2025-12-31")
    assert find_cover(broken, day=day("2026-05-01")) == period("2026-01-02")
    assert find_cover(broken, day=day("2026-01-01")) is None
