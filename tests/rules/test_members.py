"""What a person's notices amount to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aupolicy.kernel.period import Period
from aupolicy.parsing import parse_retirement_steps
from members.facts import (
    Code,
    Cover,
    EndReason,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeStatus,
    PayPeriod,
    PersonName,
    Timeline,
)
from members.rules import (
    Said,
    cut_to_contract,
    derive_timeline,
    is_too_far_ahead,
    is_too_late,
    settle_person,
)

STEPS = parse_retirement_steps()
RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)


def notice(
    kind: str, day: date, pay: int | None = None, reference: str = "", **values: object
) -> Notice:
    joining = {"first_name": "Zoë", "last_name": "Müller", "birth_date": date(1990, 12, 24)}
    details = (joining if kind == "JOIN" else {}) | values
    return Notice(
        kind=NoticeKind(kind),
        personnel_number="1",
        effective=day,
        pay=None if pay is None else Decimal(pay),
        reference=reference,
        **({"received_at": RECEIVED} | details),  # type: ignore[arg-type]
    )


def derive(*notices: Notice) -> Timeline:
    return derive_timeline(notices, steps=STEPS)


def settle(*notices: Notice) -> tuple[list[NoticeStatus], list[tuple[Code, ...]], Timeline]:
    """Where notices stand that arrived in this order, and what they amount to."""
    said = [Said(key, each) for key, each in enumerate(notices, start=1)]
    standings, timeline = settle_person(
        said, steps=STEPS, is_too_late=lambda day, _: day < date(2025, 6, 1)
    )
    found = [standings[one.key] for one in said]
    return [each.status for each in found], [each.codes for each in found], timeline


def at(minute: int) -> datetime:
    return RECEIVED.replace(minute=minute)


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
    assert second.period.first_day == MAY
    assert [pay.amount for pay in second.pays] == [Decimal(2400)]


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
    assert [cover.period.first_day for cover in found.covers] == [FEB]


@pytest.mark.parametrize("pay", [None, 2400])
def test_nobody_returns_who_never_joined(pay: int | None) -> None:
    found = derive(notice("RETURN", JAN, pay))
    assert (found.codes, found.covers) == ({0: NoticeCode.NEVER_JOINED}, ())
    # Once the joining before it is known, it fits, and takes the pay of the joining.
    found = derive(notice("RETURN", MAR, pay), notice("JOIN", JAN, 2400), notice("LEAVE", FEB))
    assert found.codes == {}
    assert [cover.period.first_day for cover in found.covers] == [JAN, MAR]
    assert found.covers[1].pays[0].amount == Decimal(2400)


def test_parental_leave_on_the_first_day_leaves_no_cover() -> None:
    assert derive(notice("JOIN", JAN, 2400), notice("PARENTAL_LEAVE", JAN)).covers == ()


def test_age_ends_cover_without_a_notice() -> None:
    found = derive(notice("JOIN", JAN, 2400, birth_date=date(1960, 1, 20)))
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


def test_of_two_rows_about_one_day_the_later_row_stands() -> None:
    join = notice("JOIN", JAN, 2400)
    (cover,) = derive(
        join, notice("PAY_CHANGE", FEB, 2500, row=12), notice("PAY_CHANGE", FEB, 2450, row=7)
    ).covers
    assert cover.pays[-1].amount == Decimal(2500)


def test_a_name_changes_from_its_day_and_the_latest_counts() -> None:
    found = derive(
        notice("NAME_CHANGE", MAR, last_name="Meier"),
        notice("JOIN", JAN, 2400),
        notice("NAME_CHANGE", MAY, first_name="Zoë Ida"),
    )
    assert found.name == PersonName("Zoë Ida", "Meier", date(1990, 12, 24))
    assert found.codes == {}
    # Nobody is there yet whose name could change.
    alone = derive(notice("NAME_CHANGE", MAR, last_name="Meier"))
    assert alone.codes == {0: NoticeCode.NAME_WITHOUT_PERSON}


APPLIED, CLERK = NoticeStatus.APPLIED, NoticeStatus.NEEDS_CLERK
WITHDRAWN = NoticeStatus.WITHDRAWN


def test_a_correction_withdraws_and_its_own_correction_restores() -> None:
    said = [
        notice("JOIN", JAN, 2400),
        notice("PAY_CHANGE", FEB, 2600, "a"),
        notice("CORRECTION", FEB, reference="b", corrects="a", received_at=at(1)),
    ]
    statuses, _, timeline = settle(*said)
    assert statuses == [APPLIED, WITHDRAWN, APPLIED]
    assert [pay.amount for pay in timeline.covers[0].pays] == [Decimal(2400)]
    statuses, _, timeline = settle(
        *said, notice("CORRECTION", FEB, corrects="b", received_at=at(2))
    )
    assert statuses == [APPLIED, APPLIED, WITHDRAWN, APPLIED]
    assert [pay.amount for pay in timeline.covers[0].pays] == [Decimal(2400), Decimal(2600)]


def test_a_correction_waits_for_what_it_corrects() -> None:
    correction = notice("CORRECTION", FEB, corrects="a")
    statuses, codes, _ = settle(notice("JOIN", JAN, 2400), correction)
    assert (statuses[1], codes[1]) == (CLERK, (NoticeCode.NOTHING_TO_CORRECT,))
    late = notice("PAY_CHANGE", FEB, 2600, "a", received_at=at(1))
    statuses, _, timeline = settle(notice("JOIN", JAN, 2400), correction, late)
    assert statuses == [APPLIED, APPLIED, WITHDRAWN]
    assert [pay.amount for pay in timeline.covers[0].pays] == [Decimal(2400)]


def test_a_reference_used_anew_after_its_notice_was_withdrawn_means_the_new_one() -> None:
    said = [
        notice("JOIN", JAN, 2400),
        notice("PAY_CHANGE", FEB, 2600, "a"),
        notice("CORRECTION", FEB, reference="b", corrects="a", received_at=at(1)),
        notice("PAY_CHANGE", FEB, 2700, "a", received_at=at(2)),
    ]
    statuses, _, timeline = settle(*said)
    assert statuses == [APPLIED, WITHDRAWN, APPLIED, APPLIED]
    assert timeline.covers[0].pays[-1].amount == Decimal(2700)
    # The first one is not brought back beside it.
    statuses, codes, timeline = settle(
        *said, notice("CORRECTION", FEB, corrects="b", received_at=at(3))
    )
    assert statuses == [APPLIED, WITHDRAWN, WITHDRAWN, APPLIED, APPLIED]
    assert codes[1] == (NoticeCode.REFERENCE_USED,)
    assert timeline.covers[0].pays[-1].amount == Decimal(2700)


def test_two_corrections_of_each_other_do_not_go_round_in_circles() -> None:
    statuses, _, _ = settle(
        notice("CORRECTION", JAN, reference="a", corrects="b"),
        notice("CORRECTION", JAN, reference="b", corrects="a", received_at=at(1)),
    )
    assert statuses == [WITHDRAWN, APPLIED]


def test_a_correction_that_reaches_too_far_back_goes_to_a_clerk() -> None:
    statuses, codes, timeline = settle(
        notice("JOIN", date(2025, 5, 1), 2400, "a"),
        notice("CORRECTION", JAN, reference="b", corrects="a", received_at=at(1)),
        notice("CORRECTION", JAN, corrects="b", received_at=at(2)),
    )
    # Nor does a correction of the correction, though it is younger.
    assert statuses == [APPLIED, CLERK, CLERK]
    assert codes[1:] == [(NoticeCode.RETRO_LIMIT,)] * 2
    assert len(timeline.covers) == 1


def test_cover_ends_with_the_contract_and_begins_with_it() -> None:
    (cover,) = derive(notice("JOIN", JAN, 2400), notice("PAY_CHANGE", MAR, 2600)).covers
    assert cut_to_contract([cover], Period(FEB, date(2026, 2, 28))) == (
        Cover(
            Period(FEB, date(2026, 2, 28)),
            EndReason.CONTRACT_ENDED,
            (PayPeriod(Period(FEB, date(2026, 2, 28)), Decimal(2400)),),
        ),
    )
    assert cut_to_contract([cover], Period(JAN)) == (cover,)
    assert cut_to_contract([cover], Period(date(2020, 1, 1), date(2020, 12, 31))) == ()


def test_twelve_months_ahead_count_from_the_day_of_receipt() -> None:
    received = date(2026, 6, 30)
    assert not is_too_far_ahead(notice("JOIN", date(2027, 6, 30), 1), received, 12)
    assert is_too_far_ahead(notice("JOIN", date(2027, 7, 1), 1), received, 12)


KINDS = st.sampled_from([kind for kind in NoticeKind if kind is not NoticeKind.CORRECTION])
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
