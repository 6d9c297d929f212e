"""What a person's notices amount to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.period import Period
from aupolicy.parsing import parse_retirement_steps
from members.facts import Cover, EndReason, Notice, NoticeCode, NoticeKind, PayPeriod, Timeline
from members.rules import derive_timeline, is_too_late

STEPS = parse_retirement_steps()
RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)


def notice(kind: str, day: date, pay: int | None = None, reference: str = "") -> Notice:
    return Notice(
        kind=NoticeKind(kind),
        personnel_number="1",
        effective=day,
        received_at=RECEIVED,
        pay=None if pay is None else Decimal(pay),
        reference=reference,
    )


def derive(*notices: Notice, birth_date: date | None = None) -> Timeline:
    return derive_timeline(notices, birth_date=birth_date, steps=STEPS)


JAN, FEB, MAR, MAY = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 5, 1)


def test_join_pay_change_leave() -> None:
    found = derive(notice("JOIN", JAN, 2400), notice("PAY_CHANGE", MAR, 2600), notice("LEAVE", MAY))
    assert found.covers == (
        Cover(
            Period(JAN, MAY),
            EndReason.EMPLOYMENT_ENDED,
            (
                PayPeriod(Period(JAN, date(2026, 2, 28)), Decimal(2400)),
                PayPeriod(Period(MAR, MAY), Decimal(2600)),
            ),
        ),
    )
    assert found.codes == {}


def test_parental_leave_ends_the_day_before_and_a_return_takes_the_last_pay() -> None:
    found = derive(notice("JOIN", JAN, 2400), notice("PARENTAL_LEAVE", FEB), notice("RETURN", MAY))
    first, second = found.covers
    assert first.period == Period(JAN, date(2026, 1, 31))
    assert first.end_reason is EndReason.PARENTAL_LEAVE
    assert second == Cover(Period(MAY), None, (PayPeriod(Period(MAY), Decimal(2400)),))


def test_what_does_not_fit_changes_nothing_and_is_named() -> None:
    found = derive(
        notice("LEAVE", JAN),
        notice("JOIN", FEB, 2400),
        notice("JOIN", MAR, 2500),
        notice("PAY_CHANGE", JAN, 99),
    )
    assert found.codes == {
        0: NoticeCode.NO_COVER,
        2: NoticeCode.ALREADY_COVERED,
        3: NoticeCode.NO_COVER,
    }
    assert [cover.period for cover in found.covers] == [Period(FEB)]


def test_a_return_without_any_pay_is_named() -> None:
    assert derive(notice("RETURN", JAN)).codes == {0: NoticeCode.MISSING_PAY}


def test_parental_leave_on_the_first_day_leaves_no_cover() -> None:
    assert derive(notice("JOIN", JAN, 2400), notice("PARENTAL_LEAVE", JAN)).covers == ()


def test_age_ends_cover_without_a_notice() -> None:
    found = derive(notice("JOIN", JAN, 2400), birth_date=date(1960, 1, 20))
    (cover,) = found.covers
    assert cover.period == Period(JAN, date(2026, 5, 31))
    assert cover.end_reason is EndReason.RETIREMENT_AGE
    assert cover.pays[-1].period.last_day == date(2026, 5, 31)


def test_equal_pay_is_one_period_and_of_two_for_a_day_the_later_stands() -> None:
    found = derive(
        notice("JOIN", JAN, 2400),
        notice("PAY_CHANGE", FEB, 2400),
        notice("PAY_CHANGE", MAR, 2500, reference="a"),
        notice("PAY_CHANGE", MAR, 2600, reference="b"),
    )
    (cover,) = found.covers
    assert [(pay.period.first_day, pay.amount) for pay in cover.pays] == [
        (JAN, Decimal(2400)),
        (MAR, Decimal(2600)),
    ]


KINDS = st.sampled_from(list(NoticeKind))
NOTICES = st.lists(
    st.builds(
        notice,
        KINDS.map(str),
        st.dates(min_value=JAN, max_value=MAY),
        st.sampled_from([2000, 2400, 3900]),
        st.text("abc", min_size=1, max_size=3),
    ),
    max_size=8,
)


@given(NOTICES, st.randoms())
def test_order_does_not_matter_and_covers_never_overlap(notices: list[Notice], rnd: Random) -> None:
    shuffled = list(notices)
    rnd.shuffle(shuffled)
    covers = derive(*notices).covers
    assert derive(*shuffled).covers == covers
    for earlier, later in pairwise(covers):
        assert earlier.period.intersection(later.period) is None
    for cover in covers:
        assert cover.pays[0].period.first_day == cover.period.first_day
        assert cover.pays[-1].period.last_day == cover.period.last_day


def test_twelve_months_back_counts_from_the_month_of_receipt() -> None:
    received = date(2026, 6, 30)
    assert not is_too_late(notice("JOIN", date(2025, 6, 1), 1), received, 12)
    assert is_too_late(notice("JOIN", date(2025, 5, 31), 1), received, 12)
    # A leaving changes the day after it, so the last day of May is still in time.
    assert not is_too_late(notice("LEAVE", date(2025, 5, 31)), received, 12)
