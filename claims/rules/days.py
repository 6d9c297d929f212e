"""Stretches of days as plain numbers, for rules that must be quick.

A day is its ordinal (`date.toordinal`), a stretch the ordinals of its first and its last day.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from aupolicy.kernel.period import Period
from aupolicy.kernel.public_holidays import is_working_day
from claims.facts import Episode

Stretch = tuple[int, int]
# Easter, or Christmas beside a weekend: never more than four free days in a row.
_MOST_FREE_DAYS = 4


@dataclass(frozen=True, slots=True)
class EpisodeDays:
    """The days of an episode: all of them united, and those of its plans of reintegration."""

    key: int
    illness: Hashable
    days: Sequence[Stretch]
    steps: Sequence[Stretch]
    exclusion: str

    @property
    def first(self) -> int:
        """Its first day."""
        return self.days[0][0]

    @property
    def last(self) -> int:
        """Its last day."""
        return self.days[-1][1]


def read_days(episode: Episode) -> EpisodeDays | None:
    """An episode's days, None where none is certified. Raises ValueError for an open end."""
    days = [_stretch(period) for period in episode.certified]
    steps = [_stretch(period) for period in episode.reintegration] if episode.reintegration else []
    if not days and not steps:
        return None
    united = unite(days + steps)
    return EpisodeDays(episode.key, episode.illness, united, unite(steps), episode.exclusion)


def _stretch(period: Period) -> Stretch:
    if period.last_day is None:
        raise ValueError(f"certified from {period.first_day} without an end")
    return period.first_day.toordinal(), period.last_day.toordinal()


def unite(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days as stretches in order that neither overlap nor adjoin."""
    united: list[Stretch] = []
    for stretch in sorted(stretches):
        if united and stretch[0] <= united[-1][1] + 1:
            if stretch[1] > united[-1][1]:
                united[-1] = (united[-1][0], stretch[1])
        else:
            united.append(stretch)
    return united


def lies_in(day: int, stretches: Sequence[Stretch]) -> bool:
    """Whether a day is in one of the stretches."""
    return any(first <= day <= last for first, last in stretches)


def count(stretches: Iterable[Stretch]) -> int:
    """Calendar days of stretches that do not overlap."""
    return sum(last - first + 1 for first, last in stretches)


def adjoins(last: int, first: int) -> bool:
    """Whether no working day lies between a last day and a later first day."""
    between = range(last + 1, first)
    return len(between) <= _MOST_FREE_DAYS and not any(
        is_working_day(date.fromordinal(day)) for day in between
    )
