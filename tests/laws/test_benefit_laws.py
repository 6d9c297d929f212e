"""Laws of benefit: any certificates, in any order, with any cover."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import (
    BenefitTerms,
    DayState,
    Entitlement,
    Episode,
    HoldOn,
    InsuredSpan,
    Leave,
    Ruling,
)
from claims.rules import compute_leaves, entitle, rule_leave
from tests.laws.benefit_oracle import expect_leaves, judge_day, list_days

START = date(2024, 10, 1)
TERMS = BenefitTerms(deferral_days=42, benefit_until_day=546)
SUMS = {Decimal("900.00"): "165.00", Decimal("2400.00"): "335.00", Decimal("4100.00"): "500.00"}
PAYING = {DayState.PAID, DayState.REINTEGRATION, DayState.HELD}

offsets = st.integers(0, 700)
days = offsets.map(lambda n: START + timedelta(days=n))


@st.composite
def certified(draw: st.DrawFn, *, most: int = 4) -> tuple[Period, ...]:
    """Certificates that follow each other, overlap, leave gaps or months between."""
    last = draw(days)
    periods = []
    for _ in range(draw(st.integers(1, most))):
        first = last + timedelta(days=draw(st.sampled_from([-9, 0, 1, 1, 1, 2, 3, 4, 8, 190])))
        last = first + timedelta(days=draw(st.sampled_from([0, 4, 13, 27, 40, 41, 42, 90, 300])))
        periods.append(Period(first, last))
    return tuple(periods)


@st.composite
def people(draw: st.DrawFn, *, illnesses: str = "ABC", may_exclude: bool = True) -> list[Episode]:
    """Episodes of one person, some of them beginning where it matters for another."""
    episodes: list[Episode] = []
    for key in range(draw(st.integers(1, 4))):
        papers = draw(certified())
        if episodes:
            first = draw(st.none() | near(draw(st.sampled_from(episodes))))
            if first is not None:
                papers = tuple(moved(period, first - papers[0].first_day) for period in papers)
        plan = (Period(papers[-1].first_day, papers[-1].last_day),) if draw(st.booleans()) else ()
        codes = ["", "", "ADDICTION", "PREGNANCY"] if may_exclude else [""]
        code = draw(st.sampled_from(codes))
        episodes.append(Episode(key, draw(st.sampled_from(illnesses)), papers, plan, code))
    return episodes


@st.composite
def near(draw: st.DrawFn, episode: Episode) -> date:
    """A day on which something changes for what follows an episode, or one beside it.

    The days behind it, and the ends of six months without and of twelve months with it.
    """
    certified = list_days(episode.certified)
    edges = [
        max(certified),
        # So that three leaves can be one chain and reach its twelve months.
        add_months(max(certified), 5),
        add_months(max(certified) + ONE_DAY, 6),
        add_months(min(certified), 12),
    ]
    return draw(st.sampled_from(edges)) + timedelta(days=draw(st.integers(-2, 6)))


def moved(period: Period, shift: timedelta) -> Period:
    assert period.last_day is not None
    return Period(period.first_day + shift, period.last_day + shift)


@st.composite
def relapses(draw: st.DrawFn) -> list[Episode]:
    """Short leaves with few illnesses, each at the edge of what an earlier one changes."""
    first = draw(st.integers(0, 60).map(lambda n: START + timedelta(days=n)))
    episodes: list[Episode] = []
    for key in range(draw(st.integers(2, 4))):
        if episodes:
            first = draw(near(draw(st.sampled_from(episodes))))
        last = first + timedelta(days=draw(st.sampled_from([0, 13, 27, 45])))
        illness = draw(st.sampled_from("AAAB"))
        episodes.append(Episode(key, illness, (Period(first, last),)))
    return episodes


@st.composite
def pay_changes(draw: st.DrawFn) -> tuple[InsuredSpan, ...]:
    """Cover without a break, with changes of pay."""
    cuts = sorted(draw(st.sets(st.integers(0, 500), max_size=3)))
    first_days = [date(2020, 1, 1), *(START + timedelta(days=cut) for cut in cuts)]
    last_days = [day - ONE_DAY for day in first_days[1:]] + [None]
    return tuple(
        span(first, last, draw(st.sampled_from(list(SUMS))))
        for first, last in zip(first_days, last_days, strict=True)
    )


@st.composite
def covers(draw: st.DrawFn) -> tuple[InsuredSpan, ...]:
    """Cover with changes of pay, perhaps with an end, perhaps with a break."""
    cuts = sorted(draw(st.sets(st.integers(-200, 900), min_size=2, max_size=4)))
    first_days = [START + timedelta(days=cut) for cut in cuts]
    spans: list[InsuredSpan] = []
    for first, following in pairwise(first_days):
        pay = draw(st.sampled_from(list(SUMS)))
        broken = draw(st.sampled_from([False, False, False, True]))
        if not broken or not spans:
            spans.append(span(first, following - ONE_DAY, pay))
    return tuple(spans)


def span(first: date, last: date | None, pay: Decimal) -> InsuredSpan:
    return InsuredSpan(Period(first, last), Decimal(SUMS[pay]), pay, 1, "t", START)


ALWAYS = (span(date(2020, 1, 1), None, Decimal("2400.00")),)


def owed(
    episodes: Sequence[Episode],
    spans: Sequence[InsuredSpan],
    as_of: date | None = None,
    since: date | None = None,
) -> tuple[Entitlement, ...]:
    return entitle(
        episodes,
        spans=spans,
        terms_on=lambda _day: TERMS,
        rulings_of=None,
        as_of=as_of,
        since=since,
    )


def total_of(found: Sequence[Entitlement]) -> Decimal:
    return sum((each.total for each in found), start=Decimal("0.00"))


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers(), seed=st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], seed: random.Random
) -> None:
    mixed = [
        replace(episode, certified=tuple(seed.sample(episode.certified, len(episode.certified))))
        for episode in seed.sample(episodes, len(episodes))
    ]
    assert owed(mixed, seed.sample(spans, len(spans))) == owed(episodes, spans)


@settings(max_examples=100, deadline=None)
@given(episodes=people(), spans=covers(), as_of=st.none() | days)
def test_slices_are_those_of_counting_day_by_day(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], as_of: date | None
) -> None:
    check_against_oracle(episodes, spans, as_of)


@settings(max_examples=250, deadline=None)
@given(episodes=relapses(), spans=pay_changes())
def test_relapses_are_those_of_counting_day_by_day(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...]
) -> None:
    check_against_oracle(episodes, spans, None)


def check_against_oracle(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], as_of: date | None
) -> None:
    expected = expect_leaves(episodes, spans)
    found = owed(episodes, spans, as_of)
    assert [frozenset(each.leave.episodes) for each in found] == [leave.keys for leave in expected]
    for each, leave in zip(found, expected, strict=True):
        assert (each.leave.brought, each.leave.monthly_sum) == (leave.brought, leave.monthly_sum)
        months = {(due.month.year, due.month.number): (due.days, due.amount) for due in each.slices}
        assert months == leave.amounts(as_of)
        for due in each.slices:
            assert list_days(due.payable) <= leave.paid


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers(), as_of=st.none() | days)
def test_no_day_is_paid_twice(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], as_of: date | None
) -> None:
    slices = [due for each in owed(episodes, spans, as_of) for due in each.slices]
    paid = [day for due in slices for period in due.payable for day in list_days([period])]
    assert len(paid) == len(set(paid)) == sum(due.days for due in slices)


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers())
def test_pieces_tile_the_leave(episodes: list[Episode], spans: tuple[InsuredSpan, ...]) -> None:
    for leave in compute_leaves(episodes, spans=spans, terms_on=lambda _day: TERMS):
        check_tiles(leave)
        counted = [piece for piece in leave.pieces if piece.first_number is not None]
        number = leave.brought + 1
        for piece in counted:
            assert piece.first_number == number
            number += piece.period.days or 0


def check_tiles(leave: Leave) -> None:
    assert leave.pieces[0].period.first_day == leave.period.first_day
    assert leave.pieces[-1].period.last_day == leave.period.last_day
    for one, following in pairwise(leave.pieces):
        assert one.period.last_day is not None
        assert one.period.last_day + ONE_DAY == following.period.first_day
        # Equal neighbours are merged.
        alike = [(p.state, p.percent, p.cause, p.first_number is None) for p in (one, following)]
        assert alike[0] != alike[1]


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers(), more=st.integers(1, 200))
def test_a_longer_last_certificate_never_pays_less(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], more: int
) -> None:
    longer = lengthened(episodes, max_end(episodes), more)
    assert total_of(owed(longer, spans)) >= total_of(owed(episodes, spans))


@settings(max_examples=60, deadline=None)
@given(episodes=people(illnesses="A", may_exclude=False), which=st.data(), more=st.integers(1, 60))
def test_any_longer_certificate_of_one_illness_never_pays_less(
    episodes: list[Episode], which: st.DataObject, more: int
) -> None:
    """With one pay, within a year of the first day and within the longest duration.

    Beyond the year a longer certificate may join an older chain, whose twelve months end
    earlier, so that a later relapse waits again; that is what § 3 (1) S. 2 EFZG says.
    """
    end = which.draw(
        st.sampled_from(
            sorted({p.last_day for e in episodes for p in e.certified if p.last_day is not None})
        )
    )
    longer = lengthened(episodes, end, more)
    every = sorted(list_days([period for e in longer for period in e.certified]))
    assume((max(min(list_days(e.certified)) for e in longer) - every[0]).days < 365)
    assume(len(every) <= TERMS.benefit_until_day)
    assert total_of(owed(longer, ALWAYS)) >= total_of(owed(episodes, ALWAYS))


def max_end(episodes: Sequence[Episode]) -> date:
    return max(max(list_days(episode.certified)) for episode in episodes)


def lengthened(episodes: Sequence[Episode], end: date, more: int) -> list[Episode]:
    """Every certificate that ends on a day ends later; no plan of reintegration."""
    return [
        replace(
            episode,
            certified=tuple(
                Period(p.first_day, end + timedelta(days=more)) if p.last_day == end else p
                for p in episode.certified
            ),
        )
        for episode in episodes
    ]


@settings(max_examples=60, deadline=None)
@given(
    first=days,
    length=st.integers(2, 620),
    cut=st.data(),
    illness=st.sampled_from("AB"),
    spans=covers(),
    as_of=st.none() | days,
)
def test_the_parts_of_a_split_leave_sum_to_the_whole(
    *,
    first: date,
    length: int,
    cut: st.DataObject,
    illness: str,
    spans: tuple[InsuredSpan, ...],
    as_of: date | None,
) -> None:
    last = first + timedelta(days=length - 1)
    middle = first + timedelta(days=cut.draw(st.integers(1, length - 1)))
    (whole,) = owed([Episode(0, "A", (Period(first, last),))], spans, as_of)
    parts = [
        Episode(0, "A", (Period(first, middle - ONE_DAY),)),
        Episode(1, illness, (Period(middle, last),)),
    ]
    (split,) = owed(parts, spans, as_of)
    assert replace(split, leave=whole.leave) == whole
    assert replace(split.leave, episodes=(0,)) == whole.leave


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers(), one=days, other=days)
def test_looking_later_never_finds_less(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], one: date, other: date
) -> None:
    earlier, later = sorted([one, other])
    before, after = owed(episodes, spans, earlier), owed(episodes, spans, later)
    for was, now in zip(before, after, strict=True):
        assert was.total <= now.total
        # What an earlier look found of whole months stands.
        settled = [due for due in was.slices if due.month.last_day <= earlier]
        assert list(now.slices[: len(settled)]) == settled
        assert was.first_benefit_day == now.first_benefit_day


@settings(max_examples=60, deadline=None)
@given(episodes=people(), spans=covers(), as_of=st.none() | days, since=days)
def test_since_only_leaves_out_earlier_months(
    episodes: list[Episode], spans: tuple[InsuredSpan, ...], as_of: date | None, since: date
) -> None:
    for every, late in zip(
        owed(episodes, spans, as_of), owed(episodes, spans, as_of, since), strict=True
    ):
        assert late.slices == tuple(d for d in every.slices if d.month.last_day >= since)


early = st.integers(0, 200).map(lambda n: START + timedelta(days=n))
rulings = st.builds(
    lambda first, length, pays: Ruling(
        Period(first, None if length is None else first + timedelta(days=length)), pays
    ),
    early,
    st.none() | st.integers(0, 300),
    st.booleans(),
)
holds = st.builds(
    lambda first, length, percent: HoldOn(
        Period(first, None if length is None else first + timedelta(days=length)), percent
    ),
    early,
    st.none() | st.integers(0, 300),
    st.sampled_from([0, 50, 75]),
)


@settings(max_examples=60, deadline=None)
@given(
    first=early,
    length=st.integers(43, 300),
    ruled=st.lists(rulings, min_size=1, max_size=3),
    held=st.lists(holds, max_size=3),
)
def test_decisions_change_what_would_be_paid_and_nothing_else(
    first: date,
    length: int,
    ruled: list[Ruling],
    held: list[HoldOn],
) -> None:
    episode = Episode(0, "A", (Period(first, first + timedelta(days=length)),))
    for leave in compute_leaves([episode], spans=ALWAYS, terms_on=lambda _day: TERMS):
        decided = rule_leave(leave, rulings=ruled, holds=held)
        check_tiles(decided)
        for day in list_days([leave.period]):
            before, after = (
                next(p for p in each.pieces if day in p.period) for each in (leave, decided)
            )
            said, percent = judge_day(day, ruled, held)
            if before.state not in PAYING or said == "paid":
                expected = (before.state, before.percent)
            elif said == "held":
                expected = (DayState.HELD, percent or 0)
            else:
                expected = (
                    {"undecided": DayState.NOT_DECIDED, "refused": DayState.REFUSED}[said],
                    0,
                )
            assert (after.state, after.percent) == expected
