"""What certificates should pay, worked out the slow way: single days, sets and fractions.

Nothing of the product is used but the frozen values; holidays come from another calendar.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import holidays

from aupolicy.kernel.period import Period
from claims.facts import Episode, HoldOn, InsuredSpan, Ruling

DEFERRAL, MAXIMUM = 42, 546
ONE = timedelta(days=1)
FREE = holidays.country_holidays("DE", years=range(2020, 2040))


@dataclass(frozen=True)
class ExpectedLeave:
    """One leave: its certified days in order, the number of each, and those that are paid."""

    keys: frozenset[int]
    numbers: dict[date, int]
    brought: int
    monthly_sum: Decimal
    paid: frozenset[date]

    def amounts(self, as_of: date | None) -> dict[tuple[int, int], tuple[int, Decimal]]:
        """Days and EUR by (year, month)."""
        found: dict[tuple[int, int], tuple[int, Decimal]] = {}
        days = [day for day in self.paid if as_of is None or day <= as_of]
        for month in {(day.year, day.month) for day in days}:
            count = sum((day.year, day.month) == month for day in days)
            found[month] = (count, self._price(count, month))
        return found

    def _price(self, days: int, month: tuple[int, int]) -> Decimal:
        if days == len(list(_month_days(*month))):
            return self.monthly_sum
        cents = Fraction(self.monthly_sum) * 100 * days / 30
        rounded = Decimal(int(cents + Fraction(1, 2))).scaleb(-2)
        return min(self.monthly_sum, rounded)


def list_days(periods: Iterable[Period]) -> set[date]:
    """Every day of closed periods."""
    days = set()
    for period in periods:
        assert period.last_day is not None
        length = (period.last_day - period.first_day).days + 1
        days |= {period.first_day + timedelta(days=n) for n in range(length)}
    return days


def expect_leaves(episodes: Sequence[Episode], spans: Sequence[InsuredSpan]) -> list[ExpectedLeave]:
    """The leaves of a person whose every day was granted, in order of their first days."""
    leaves: list[ExpectedLeave] = []
    known: list[tuple[ExpectedLeave, list[Episode]]] = []
    for group in _components([episode for episode in episodes if _days(episode)]):
        first = min(min(_days(episode)) for episode in group)
        histories = [
            _history(episode.illness, known, first)
            for episode in group
            if min(_days(episode)) == first
        ]
        # The most days; of equally many the longest known.
        history = max(histories, key=lambda h: (_count(h), -_start(h).toordinal() if h else 0))
        leave = _expect(group, first, _count(history), _sum(first, history, spans), spans)
        leaves.append(leave)
        known.append((leave, group))
    return leaves


_History = list[tuple[ExpectedLeave, set[date]]]


def _history(
    illness: object, known: Sequence[tuple[ExpectedLeave, list[Episode]]], first: date
) -> _History:
    """Earlier leaves with an illness that count together with one from a day on."""
    chain: _History = []
    for leave, group in known:
        own = set[date]().union(*(_days(e) for e in group if e.illness == illness))
        if own:
            chain = [*(chain if _together(chain, min(own)) else []), (leave, own)]
    return chain if _together(chain, first) else []


def _together(chain: _History, first: date) -> bool:
    if not chain:
        return False
    last = max(max(own) for _, own in chain)
    return first < _later(last + ONE, 6) and first < _later(_start(chain), 12)


def _start(chain: _History) -> date:
    return min(min(own) for _, own in chain)


def _count(chain: _History) -> int:
    return sum(len(own) for _, own in chain)


def _later(day: date, months: int) -> date:
    """The first day after months that begin with a day, as a calendar on the wall shows it."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    length = len(list(_month_days(year, month)))
    return date(year, month, day.day) if day.day <= length else date(year, month, length) + ONE


def _month_days(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += ONE


def _days(episode: Episode) -> set[date]:
    return list_days(episode.certified) | list_days(episode.reintegration)


def _components(episodes: Sequence[Episode]) -> list[list[Episode]]:
    """Episodes that touch each other, directly or through others."""
    rest, groups = list(episodes), []
    while rest:
        group = [rest.pop()]
        while touching := [e for e in rest if any(_touch(e, other) for other in group)]:
            group += touching
            rest = [e for e in rest if e not in touching]
        groups.append(group)
    return sorted(groups, key=lambda group: min(min(_days(e)) for e in group))


def _touch(one: Episode, other: Episode) -> bool:
    (_, last), (first, end) = sorted((min(_days(e)), max(_days(e))) for e in (one, other))
    last = min(last, end) if first <= last else last
    between = [last + timedelta(days=n) for n in range(1, (first - last).days)]
    return all(day.weekday() >= 5 or day in FREE for day in between)


def _expect(
    group: Sequence[Episode],
    first: date,
    brought: int,
    monthly_sum: Decimal,
    spans: Sequence[InsuredSpan],
) -> ExpectedLeave:
    certified = sorted(set[date]().union(*map(_days, group)))
    good = set[date]().union(*(_days(e) for e in group if not e.exclusion))
    covered = _covered_days(first, certified[-1], spans)
    numbers = {day: brought + n for n, day in enumerate(certified, start=1)}
    paid = {
        day
        for day in certified
        if DEFERRAL < numbers[day] <= MAXIMUM and day in good and day in covered
    }
    keys = frozenset(episode.key for episode in group)
    return ExpectedLeave(keys, numbers, brought, monthly_sum, frozenset(paid))


def _covered_days(first: date, last: date, spans: Sequence[InsuredSpan]) -> set[date]:
    """The days from the first one on that are insured without a break."""
    days, day = set(), first
    while day <= last and _span_on(day, spans) is not None:
        days.add(day)
        day += ONE
    return days


def _span_on(day: date, spans: Sequence[InsuredSpan]) -> InsuredSpan | None:
    return next((span for span in spans if day in span.period), None)


def _sum(first: date, history: _History, spans: Sequence[InsuredSpan]) -> Decimal:
    own = _span_on(first, spans)
    if own is None:
        return Decimal("0.00")
    insured = [leave for leave, _ in history if leave.monthly_sum]
    return insured[0].monthly_sum if insured else own.benefit


def judge_day(
    day: date, rulings: Sequence[Ruling], holds: Sequence[HoldOn]
) -> tuple[str, int | None]:
    """What was decided about a day that would be paid, and the percentage under a hold."""
    said = [ruling for ruling in rulings if day in ruling.period]
    if not said:
        return "undecided", None
    if not said[-1].pays:
        return "refused", None
    percents = sorted(hold.percent for hold in holds if day in hold.period)
    return ("held", percents[0]) if percents else ("paid", None)
