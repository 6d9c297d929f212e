from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aupolicy.kernel.bank_calendar import is_target_day
from billing.rules.due_date import (
    DueDate,
    UnableToDecideDueDate,
    decide_due_date,
    decide_submission,
)

DAYS = st.dates(date(2020, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("wanted", "announced", "notice_days", "due", "submit_by"),
    [
        # Christmas 2026 on a Friday: TARGET is closed until Monday.
        ("2026-12-25", "2026-12-01", 14, "2026-12-28", "2026-12-24"),
        # The notice ends after the wanted day.
        ("2026-12-03", "2026-12-01", 14, "2026-12-15", "2026-12-14"),
        # The day the notice ends is itself allowed.
        ("2026-12-15", "2026-12-01", 14, "2026-12-15", "2026-12-14"),
        # The notice ends on a Saturday.
        ("2026-12-01", "2026-11-28", 14, "2026-12-14", "2026-12-11"),
        # Agreed down to one day.
        ("2026-12-02", "2026-12-01", 1, "2026-12-02", "2026-12-01"),
        # Easter 2027: Good Friday to Easter Monday.
        ("2027-03-26", "2027-03-01", 14, "2027-03-30", "2027-03-25"),
        # Submitting happens in the old year.
        ("2027-01-01", "2026-12-01", 14, "2027-01-04", "2026-12-31"),
    ],
)
def test_due_date(wanted: str, announced: str, notice_days: int, due: str, submit_by: str) -> None:
    decided = decide_due_date(
        wanted=date.fromisoformat(wanted),
        announced=date.fromisoformat(announced),
        notice_days=notice_days,
    )
    assert decided == DueDate(due=date.fromisoformat(due), submit_by=date.fromisoformat(submit_by))


@settings(deadline=None)
@given(wanted=DAYS, announced=DAYS, notice_days=st.integers(1, 60))
def test_due_is_the_first_open_day_that_keeps_the_notice(
    wanted: date, announced: date, notice_days: int
) -> None:
    decided = decide_due_date(wanted=wanted, announced=announced, notice_days=notice_days)
    earliest = max(wanted, announced + timedelta(notice_days))
    skipped = [earliest + timedelta(n) for n in range((decided.due - earliest).days)]
    assert is_target_day(decided.due)
    assert not any(is_target_day(day) for day in skipped)
    assert is_target_day(decided.submit_by)
    assert decided.submit_by < decided.due


@pytest.mark.parametrize("notice_days", [0, -1])
def test_a_debit_cannot_go_unannounced(notice_days: int) -> None:
    day = date(2026, 12, 1)
    with pytest.raises(UnableToDecideDueDate) as refused:
        decide_due_date(wanted=day, announced=day, notice_days=notice_days)
    assert refused.value.notice_days == notice_days


@pytest.mark.parametrize(
    ("due", "moment"),
    [
        # Winter time, one hour ahead of UTC; the days of Christmas are skipped.
        ("2026-12-28", datetime(2026, 12, 24, 12, 30, tzinfo=UTC)),
        # Summer time, two hours ahead; Easter is skipped.
        ("2027-03-30", datetime(2027, 3, 25, 12, 30, tzinfo=UTC)),
        ("2027-07-01", datetime(2027, 6, 30, 11, 30, tzinfo=UTC)),
    ],
)
def test_submission_is_a_moment_of_german_time(due: str, moment: datetime) -> None:
    found = decide_submission(due=date.fromisoformat(due), cut_off=time(13, 30))
    assert found == moment
    assert found.time() == time(13, 30)


@given(DAYS, st.times(time(6), time(22)))
def test_submission_lies_on_the_last_target_day_before(day: date, cut_off: time) -> None:
    found = decide_submission(due=day, cut_off=cut_off)
    assert found.date() < day
    assert is_target_day(found.date())
    between = (day - found.date()).days - 1
    assert not any(is_target_day(day - timedelta(days=n)) for n in range(1, between + 1))
