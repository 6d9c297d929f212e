"""Which claim each leave of a person belongs to, and where one stands that nothing is certified of.

Claims are case files: they follow the leaves as these are known, never the other way round.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims.facts import ClaimStatus

# A short leave that was reported without a certificate is over so long after its expected end.
_QUIET_AFTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Filed:
    """Sick leaves that belong together: their keys, and the first day of them all."""

    episodes: tuple[int, ...]
    first_day: date


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A claim of the person: its key, and the first day of what it holds or held last."""

    claim: int
    first_day: date | None


def assign_claims(
    filed: Sequence[Filed],
    *,
    claim_of: Mapping[int, int],
    cases: Sequence[CaseFile],
    decided: Collection[int] = (),
) -> tuple[int | None, ...]:
    """The claim of each of some leaves: the oldest that holds one of its episodes.

    One of those `decided` about comes before the others, so that what was decided goes on. Of
    two leaves in one claim the earlier keeps it. The other takes back an empty claim that was
    about the same first day, and else needs a new one (None). Keys of claims grow with age.
    """
    order = sorted(range(len(filed)), key=lambda place: (filed[place].first_day, place))
    taken: set[int] = set()
    found: list[int | None] = [None] * len(filed)
    for place in order:
        own = {claim_of[episode] for episode in filed[place].episodes} - taken
        if own:
            best = min(own, key=lambda claim: (claim not in decided, claim))
            found[place] = best
            taken.add(best)
    held = set(claim_of.values())
    for place in order:
        if found[place] is None:
            empty = _find_empty(filed[place].first_day, cases, held | taken)
            if empty is not None:
                found[place] = empty
                taken.add(empty)
    return tuple(found)


def _find_empty(first_day: date, cases: Sequence[CaseFile], used: set[int]) -> int | None:
    empty = [case.claim for case in cases if case.first_day == first_day and case.claim not in used]
    return min(empty, default=None)


def find_asking_day(
    *,
    first_day: date,
    expected_last_day: date | None,
    deferral_days: int,
    examine_days_before: int,
) -> date | None:
    """From when on certificates are asked for of a leave of which no day is certified yet.

    That is when benefit comes near; None where the leave is expected to be over by then.
    """
    benefit_from = first_day + timedelta(days=deferral_days)
    if expected_last_day is not None and expected_last_day < benefit_from:
        return None
    return benefit_from - timedelta(days=examine_days_before)


def decide_reported(
    *, ask_on: date | None, expected_last_day: date | None, today: date
) -> tuple[ClaimStatus, date | None]:
    """Where a claim stands of which no day is certified yet, and the day of its next step."""
    if ask_on is not None or expected_last_day is None:
        return ClaimStatus.REPORTED, ask_on
    over_on = expected_last_day + timedelta(days=_QUIET_AFTER_DAYS + 1)
    return (ClaimStatus.ENDED, None) if over_on <= today else (ClaimStatus.REPORTED, over_on)
