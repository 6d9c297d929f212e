from datetime import date

import pytest

from aupolicy.kernel.period import Period
from claims.facts import Clock
from claims.rules import compute_clock, compute_limitation
from tests.rules.benefit_facts import day, period


def clock(
    *waits: Period, registered: str = "2026-01-31", today: str = "2026-06-01", decided: str = ""
) -> Clock:
    return compute_clock(
        registered_on=day(registered),
        waits=waits,
        decided_on=day(decided) if decided else None,
        today=day(today),
        months=1,
    )


def test_a_month_after_registration_interim_payment_may_be_demanded() -> None:
    # The month from 31 January ends on 28 February.
    assert clock() == Clock(day("2026-01-31"), day("2026-03-01"), 0, None, None)
    assert clock(registered="2026-02-10").interim_on == day("2026-03-11")


@pytest.mark.parametrize(
    ("waits", "interim_on", "suspended"),
    [
        ([("2026-02-10", "2026-02-19")], "2026-03-11", 10),
        # Two at once count once: 1 to 12 February.
        ([("2026-02-01", "2026-02-10"), ("2026-02-05", "2026-02-12")], "2026-03-13", 12),
        # The second falls into what the first added.
        ([("2026-02-10", "2026-02-19"), ("2026-03-05", "2026-03-06")], "2026-03-13", 12),
        # After the time has run out nothing stands still.
        ([("2026-03-01", "2026-03-20")], "2026-03-01", 0),
        # It had begun before; the day of registration is not counted anyway.
        ([("2026-01-20", "2026-02-02")], "2026-03-03", 2),
    ],
)
def test_days_the_claimant_owes_something_are_added(
    waits: list[tuple[str, str]], interim_on: str, suspended: int
) -> None:
    found = clock(*(period(*days) for days in waits))
    assert (found.interim_on, found.suspended_days) == (day(interim_on), suspended)
    assert found.suspended_since is None


def test_while_the_claimant_owes_something_the_day_moves() -> None:
    found = clock(period("2026-02-20"), today="2026-02-25")
    assert found == Clock(day("2026-01-31"), day("2026-03-07"), 6, day("2026-02-20"), None)


def test_a_decision_stops_the_clock() -> None:
    found = clock(period("2026-02-10"), today="2026-05-01", decided="2026-02-15")
    assert (found.suspended_days, found.suspended_since) == (6, None)


@pytest.mark.parametrize(
    ("registered", "decided", "barred_after"),
    [
        # Decided in the year it fell due: the suspension was over before limitation began.
        ("2026-02-01", "2026-04-15", "2029-12-31"),
        # 1 to 10 January 2027 are added.
        ("2026-02-01", "2027-01-10", "2030-01-10"),
        # 31 days of December 2028 are added.
        ("2028-12-01", "2028-12-31", "2030-01-31"),
        ("2026-02-01", None, None),
        # Barred before it was registered.
        ("2030-01-05", None, "2029-12-31"),
        ("2029-12-31", None, None),
    ],
)
def test_limitation(registered: str, decided: str | None, barred_after: str | None) -> None:
    found = compute_limitation(
        due_on=date(2026, 3, 31),
        registered_on=day(registered),
        decided_on=day(decided) if decided else None,
        years=3,
    )
    assert found == (day(barred_after) if barred_after else None)
