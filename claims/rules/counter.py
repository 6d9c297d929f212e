"""The day counter: what each day of one leave counts as.

Cut points: every day on which something changes is collected, each stretch between two of them
is judged once, and equal neighbours are merged. No rule looks at single days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from aupolicy.kernel.period import Period
from claims.facts import BenefitTerms, DayState, Piece
from claims.rules.days import EpisodeDays, Stretch, lies_in, unite

FULL_PERCENT = 100
# Members of an enumeration are slow to look up; this module is asked for every claim.
_DEFERRAL, _PAID, _REINTEGRATION = DayState.DEFERRAL, DayState.PAID, DayState.REINTEGRATION
_GAP, _EXCLUDED, _EXHAUSTED = DayState.GAP, DayState.EXCLUDED, DayState.EXHAUSTED
_fromordinal = date.fromordinal


@dataclass(frozen=True, slots=True)
class Insured:
    """Through which day (ordinal) a leave is insured, and what its later days count as."""

    last: int
    then: DayState
    cause: str = ""


@dataclass(frozen=True, slots=True)
class _Layers:
    """What covers the days of a leave; what lies in none of them is a gap."""

    certified: Sequence[Stretch]
    steps: Sequence[Stretch]
    excluded: Sequence[tuple[str, Sequence[Stretch]]]

    def cuts(self) -> set[int]:
        """Every day on which one of the layers begins, and every day after one ends."""
        every = [self.certified, self.steps, *(days for _, days in self.excluded)]
        return {day for layer in every for first, last in layer for day in (first, last + 1)}

    def judge(self, day: int) -> tuple[DayState, str]:
        """What a day would count as without deferral, maximum and end of cover; its cause."""
        if self.steps and lies_in(day, self.steps):
            return _REINTEGRATION, ""
        if lies_in(day, self.certified):
            return _PAID, ""
        for code, days in self.excluded:
            if lies_in(day, days):
                return _EXCLUDED, code
        return _GAP, ""


def count_days(
    episodes: Sequence[EpisodeDays], *, brought: int, insured: Insured, terms: BenefitTerms
) -> tuple[Piece, ...]:
    """The pieces of a leave, from its first to its last certified day, as if all were granted.

    `brought` days were counted before. Days certified only by an excluded episode are counted
    but not paid; days without a certificate are neither.
    """
    layers = _lay(episodes)
    pieces: list[Piece] = []
    for first, beyond in pairwise(sorted(layers.cuts())):
        state, cause = layers.judge(first)
        limits = (
            first + terms.deferral_days - brought,
            first + terms.benefit_until_day - brought,
            insured.last + 1,
        )
        days = [first, *sorted({day for day in limits if first < day < beyond}), beyond]
        for start, end in pairwise(days):
            number = brought + 1 + start - first
            counts_as, why = state, cause
            if start > insured.last:
                counts_as, why = insured.then, insured.cause
            elif state is _PAID or state is _REINTEGRATION:
                counts_as = _by_number(state, number, terms)
            percent = FULL_PERCENT if counts_as is _PAID or counts_as is _REINTEGRATION else 0
            period = Period(_fromordinal(start), _fromordinal(end - 1))
            shown = None if state is _GAP else number
            pieces.append(Piece(period, counts_as, shown, percent, why))
        if state is not _GAP:
            brought += beyond - first
    return merge_equal(pieces)


def _lay(episodes: Sequence[EpisodeDays]) -> _Layers:
    if len(episodes) == 1 and not episodes[0].exclusion:
        return _Layers(episodes[0].days, episodes[0].steps, ())
    good = [episode for episode in episodes if not episode.exclusion]
    return _Layers(
        certified=unite(days for episode in good for days in episode.days),
        steps=unite(days for episode in good for days in episode.steps),
        excluded=[(bad.exclusion, bad.days) for bad in episodes if bad.exclusion],
    )


def _by_number(state: DayState, number: int, terms: BenefitTerms) -> DayState:
    if number <= terms.deferral_days:
        return _DEFERRAL
    return state if number <= terms.benefit_until_day else _EXHAUSTED


def merge_equal(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Adjoining pieces in order; neighbours that count alike and count on become one."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and _counts_on(merged[-1], piece):
            before = merged[-1]
            period = Period(before.period.first_day, piece.period.last_day)
            merged[-1] = replace(before, period=period)
        else:
            merged.append(piece)
    return tuple(merged)


def _counts_on(before: Piece, piece: Piece) -> bool:
    if before.state is not piece.state or before.percent != piece.percent:
        return False
    if before.cause != piece.cause:
        return False
    if before.first_number is None or piece.first_number is None:
        return before.first_number is piece.first_number
    # Neighbours that are both counted count on: numbers jump nowhere.
    return True
