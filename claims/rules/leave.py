"""Which leaves a person has: episodes that are one, relapses, cover, and what was decided."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from aupolicy.kernel.period import Period
from claims.facts import (
    BenefitTerms,
    DayState,
    Episode,
    HoldOn,
    InsuredSpan,
    Leave,
    Piece,
    Ruling,
)
from claims.rules.chain import Chain
from claims.rules.counter import Insured, count_days, merge_equal
from claims.rules.days import EpisodeDays, adjoins, count, read_days, unite

_FOREVER = date.max.toordinal()
_Group = list[EpisodeDays]


def compute_leaves(
    episodes: Sequence[Episode],
    *,
    spans: Sequence[InsuredSpan],
    terms_on: Callable[[date], BenefitTerms],
) -> tuple[Leave, ...]:
    """A person's leaves by their first day, every day explained, as if all were granted.

    Episodes that overlap or adjoin without a working day in between are one leave; an episode
    is one whatever gaps it has. Neither the order of the episodes nor that of their papers
    matters. `terms_on` tells the terms of a day; those of a leave's first day count for it.
    Raises ValueError for a certificate without an end.
    """
    known = [days for episode in episodes if (days := read_days(episode)) is not None]
    groups = _group(known)
    cover = sorted(spans, key=_first_day) if len(spans) > 1 else spans
    chains: dict[Hashable, Chain] = {}
    leaves: list[Leave] = []
    for group in groups:
        leave = _compute_leave(group, chains, cover, terms_on)
        leaves.append(leave)
        if len(leaves) < len(groups):
            _remember(group, chains, leave.sum_since if leave.span else None)
    return tuple(leaves)


def _first_day(span: InsuredSpan) -> date:
    return span.period.first_day


def _group(known: list[EpisodeDays]) -> list[_Group]:
    if len(known) < 2:
        return [known] if known else []
    known.sort(key=lambda episode: (episode.first, episode.key))
    groups: list[_Group] = []
    last = 0
    for episode in known:
        if groups and adjoins(last, episode.first):
            groups[-1].append(episode)
            last = max(last, episode.last)
        else:
            groups.append([episode])
            last = episode.last
    return groups


def _compute_leave(
    group: _Group,
    chains: Mapping[Hashable, Chain],
    cover: Sequence[InsuredSpan],
    terms_on: Callable[[date], BenefitTerms],
) -> Leave:
    first, last = group[0].first, max(episode.last for episode in group)
    period = Period(date.fromordinal(first), date.fromordinal(last))
    chain = _find_chain(group, chains) if chains else None
    brought = chain.days if chain else 0
    sum_since = period.first_day
    insured, span = _find_cover(cover, period.first_day)
    if span is not None and chain is not None and chain.sum_since is not None:
        sum_since = chain.sum_since
        span = _find_cover(cover, sum_since)[1]
    return Leave(
        tuple([episode.key for episode in group]),
        period,
        brought,
        sum_since,
        span,
        count_days(group, brought=brought, insured=insured, terms=terms_on(period.first_day)),
    )


def _find_chain(group: _Group, chains: Mapping[Hashable, Chain]) -> Chain | None:
    """Of the illnesses that a leave begins with, the chain that brings the most days."""
    first = group[0].first
    found = [
        chain
        for episode in group
        if episode.first == first
        and (chain := chains.get(episode.illness)) is not None
        and chain.reaches(first)
    ]
    return max(found, key=lambda chain: (chain.days, -chain.first), default=None)


def _remember(group: _Group, chains: dict[Hashable, Chain], sum_since: date | None) -> None:
    """Add the days of a leave to the chain of each of its illnesses."""
    for illness in {episode.illness: None for episode in group}:
        own = unite(
            days for episode in group if episode.illness == illness for days in episode.days
        )
        first, last, days = own[0][0], own[-1][1], count(own)
        chain = chains.get(illness)
        if chain is not None and chain.reaches(first):
            chains[illness] = chain.extended(last=last, days=days, sum_since=sum_since)
        else:
            chains[illness] = Chain(first, last, days, sum_since)


def _find_cover(spans: Sequence[InsuredSpan], day: date) -> tuple[Insured, InsuredSpan | None]:
    """Until when a leave that begins on a day is insured, and the span of that day."""
    found: InsuredSpan | None = None
    end: date | None = None
    reason = ""
    for span in spans:
        if found is None:
            if day not in span.period:
                continue
            found = span
        elif end is None or span.period.first_day.toordinal() != end.toordinal() + 1:
            break
        end, reason = span.period.last_day, span.end_reason
    if found is None:
        return Insured(0, DayState.NOT_INSURED), None
    last = _FOREVER if end is None else end.toordinal()
    return Insured(last, DayState.COVER_ENDED, reason), found


def rule_leave(leave: Leave, *, rulings: Sequence[Ruling], holds: Sequence[HoldOn]) -> Leave:
    """The leave after what was decided about its days.

    Of days that would be paid, those that no ruling covers are NOT_DECIDED, those that the
    last ruling covering them does not pay REFUSED, those under a hold HELD with its percentage
    (the lowest of several).
    """
    if not any(piece.percent for piece in leave.pieces):
        return leave
    pieces = merge_equal(
        ruled for piece in leave.pieces for ruled in _rule_piece(piece, rulings, holds)
    )
    return Leave(leave.episodes, leave.period, leave.brought, leave.sum_since, leave.span, pieces)


def _rule_piece(
    piece: Piece, rulings: Sequence[Ruling], holds: Sequence[HoldOn]
) -> Iterator[Piece]:
    if not piece.percent:
        yield piece
        return
    first = piece.period.first_day.toordinal()
    beyond = first + (piece.period.days or 0)
    cuts = {first, beyond}
    for period in (*(ruling.period for ruling in rulings), *(hold.period for hold in holds)):
        cuts.add(period.first_day.toordinal())
        if period.last_day is not None:
            cuts.add(period.last_day.toordinal() + 1)
    for start, end in pairwise(sorted(day for day in cuts if first <= day <= beyond)):
        day = date.fromordinal(start)
        state, percent = _judge(piece, day, rulings, holds)
        number = None if piece.first_number is None else piece.first_number + start - first
        yield Piece(Period(day, date.fromordinal(end - 1)), state, number, percent, piece.cause)


def _judge(
    piece: Piece, day: date, rulings: Sequence[Ruling], holds: Sequence[HoldOn]
) -> tuple[DayState, int]:
    for ruling in reversed(rulings):
        if day in ruling.period:
            if not ruling.pays:
                return DayState.REFUSED, 0
            break
    else:
        return DayState.NOT_DECIDED, 0
    percents = [hold.percent for hold in holds if day in hold.period]
    return (DayState.HELD, min(percents)) if percents else (piece.state, piece.percent)
