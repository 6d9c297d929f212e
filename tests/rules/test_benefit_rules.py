"""How the day counter explains itself, and what decisions do to it."""

from decimal import Decimal

import pytest

from aupolicy.kernel.period import Period
from claims.facts import DayState, Episode, HoldOn, LeaveEnd, Piece, Ruling
from claims.rules import compute_leaves, entitle
from tests.rules.benefit_facts import COVER, TERMS, cover, day, ill, leave_of, owed, period

GRANTED = Ruling(period("2026-01-01"), pays=True)


def shown(pieces: tuple[Piece, ...]) -> list[tuple[str, str, str, int | None, int]]:
    return [
        (
            str(piece.period.first_day),
            str(piece.period.last_day),
            piece.state.value,
            piece.first_number,
            piece.percent,
        )
        for piece in pieces
    ]


def test_every_piece_says_what_its_days_count_as() -> None:
    episode = Episode(
        key=7,
        illness="A",
        certified=(period("2026-01-01", "2026-02-28"), period("2026-03-08", "2026-04-10")),
        reintegration=(period("2026-04-01", "2026-04-10"),),
    )
    leave = leave_of(episode, spans=(cover("2020-01-01", "2026-04-05", "EMPLOYMENT_ENDED"),))
    assert shown(leave.pieces) == [
        ("2026-01-01", "2026-02-11", "DEFERRAL", 1, 0),
        ("2026-02-12", "2026-02-28", "PAID", 43, 100),
        ("2026-03-01", "2026-03-07", "GAP", None, 0),
        ("2026-03-08", "2026-03-31", "PAID", 60, 100),
        ("2026-04-01", "2026-04-05", "REINTEGRATION", 84, 100),
        ("2026-04-06", "2026-04-10", "COVER_ENDED", 89, 0),
    ]
    assert [piece.cause for piece in leave.pieces][-1] == "EMPLOYMENT_ENDED"
    assert (leave.episodes, leave.brought, leave.monthly_sum) == ((7,), 0, Decimal("335.00"))


def test_a_slice_explains_its_month() -> None:
    found = owed(ill(("2026-01-01", "2026-02-20"), ("2026-02-25", "2026-03-02")), rulings=[GRANTED])
    february = found.slices[0]
    assert shown(february.parts) == [
        ("2026-02-01", "2026-02-11", "DEFERRAL", 32, 0),
        ("2026-02-12", "2026-02-20", "PAID", 43, 100),
        ("2026-02-21", "2026-02-24", "GAP", None, 0),
        ("2026-02-25", "2026-02-28", "PAID", 52, 100),
    ]
    assert february.payable == (
        period("2026-02-12", "2026-02-20"),
        period("2026-02-25", "2026-02-28"),
    )
    # 335 x 13 / 30
    assert (february.days, february.amount) == (13, Decimal("145.17"))


def test_an_episode_without_papers_is_no_leave() -> None:
    assert compute_leaves([ill()], spans=COVER, terms_on=lambda _day: TERMS) == ()


def test_a_certificate_must_end() -> None:
    endless = Episode(0, "A", (Period(day("2026-01-01")),))
    with pytest.raises(ValueError, match="without an end"):
        leave_of(endless)


def test_undecided_days_are_not_paid() -> None:
    found = owed(ill(("2026-01-01", "2026-03-31")))
    assert [piece.state for piece in found.leave.pieces] == [
        DayState.DEFERRAL,
        DayState.NOT_DECIDED,
    ]
    assert (found.total, found.first_benefit_day) == (Decimal("0.00"), day("2026-02-12"))


def test_a_later_decision_overrides_an_earlier() -> None:
    end = Ruling(period("2026-03-01"), pays=False)
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED, end])
    assert [piece.state for piece in found.leave.pieces][1:] == [DayState.PAID, DayState.REFUSED]
    assert found.total == Decimal("189.83")
    again = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED, end, GRANTED])
    assert again.total == Decimal("524.83")


def test_a_partial_grant_leaves_the_rest_undecided() -> None:
    only_march = Ruling(period("2026-03-01", "2026-03-31"), pays=True)
    found = owed(ill(("2026-01-01", "2026-04-30")), rulings=[only_march])
    assert [piece.state for piece in found.leave.pieces][1:] == [
        DayState.NOT_DECIDED,
        DayState.PAID,
        DayState.NOT_DECIDED,
    ]
    assert found.total == Decimal("335.00")


@pytest.mark.parametrize(
    ("percent", "march"),
    [
        # 10 days in full and 21 at half are 20.5 thirtieths; 335 x 20.5 / 30 = 228.916
        (50, "228.92"),
        # 10 thirtieths
        (0, "111.67"),
    ],
)
def test_under_a_hold_days_weigh_less(percent: int, march: str) -> None:
    hold = HoldOn(period("2026-03-11"), percent)
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED], holds=[hold])
    assert found.slices[-1].amount == Decimal(march)
    assert found.slices[-1].days == (31 if percent else 10)


def test_a_month_held_in_full_has_no_slice() -> None:
    hold = HoldOn(period("2026-03-01"), 0)
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED], holds=[hold])
    assert [str(due.month) for due in found.slices] == ["2026-02"]


def test_of_two_holds_the_lower_counts() -> None:
    holds = [HoldOn(period("2026-03-01"), 25), HoldOn(period("2026-03-01"), 75)]
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED], holds=holds)
    assert found.leave.pieces[-1].percent == 25


def test_benefit_that_was_refused_still_ends_with_recovery() -> None:
    refused = Ruling(period("2026-01-01"), pays=False)
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[refused])
    assert (found.total, found.end) == (Decimal("0.00"), LeaveEnd.RECOVERED)


def test_two_exclusions_on_a_day_name_the_episode_that_began_first() -> None:
    first = ill(("2026-01-01", "2026-01-31"), code="PREGNANCY")
    second = ill(("2026-01-10", "2026-02-10"), key=1, illness="B", code="ADDICTION")
    pieces = leave_of(second, first).pieces
    assert [(piece.cause, piece.period.first_day) for piece in pieces] == [
        ("PREGNANCY", day("2026-01-01")),
        ("ADDICTION", day("2026-02-01")),
    ]


def test_cover_that_goes_on_under_other_terms_is_one_cover() -> None:
    spans = (cover("2020-01-01", "2026-02-28", "CONTRACT_ENDED"), cover("2026-03-01"))
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED], spans=spans)
    assert found.total == Decimal("524.83")


def test_cover_that_comes_back_later_does_not_insure_a_running_leave() -> None:
    spans = (cover("2020-01-01", "2026-02-28", "PARENTAL_LEAVE"), cover("2026-03-02"))
    found = owed(ill(("2026-01-01", "2026-03-31")), rulings=[GRANTED], spans=spans)
    assert (found.total, found.end) == (Decimal("189.83"), LeaveEnd.COVER_ENDED)


def test_the_month_of_since_is_whole_even_when_benefit_ended_before_that_day() -> None:
    found = entitle(
        [ill(("2026-01-01", "2026-03-05"))],
        spans=COVER,
        terms_on=lambda _day: TERMS,
        rulings_of=None,
        as_of=None,
        since=day("2026-03-20"),
    )[0]
    # 335 x 5 / 30
    assert [(str(due.month), due.amount) for due in found.slices] == [("2026-03", Decimal("55.83"))]
