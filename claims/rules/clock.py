"""Clocks of a claim: the interim payment of § 14 VVG and limitation."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from aupolicy.kernel.legal_time import add_months
from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import Clock
from claims.rules.days import Stretch, unite


def compute_clock(
    *,
    registered_on: date,
    waits: Sequence[Period],
    decided_on: date | None,
    today: date,
    months: int,
) -> Clock:
    """From when on the claimant may demand an interim payment (§ 14 (2) VVG).

    That is the day after so many months since the claim was registered, whose day does not
    count (§ 187 (1), § 188 (2) BGB). The time stands still on every day the claimant owes
    something (`waits`, an open end: still): these days are added (§ 209 BGB), but not those
    after the time has run out. A decision stops the clock.
    """
    until = today if decided_on is None else min(today, decided_on)
    end = add_months(registered_on, months).toordinal()
    suspended = 0
    still_since: date | None = None
    for first, last in _waiting(waits, registered_on + ONE_DAY, until):
        if first > end:
            break
        end += last - first + 1
        suspended += last - first + 1
        if decided_on is None and last == today.toordinal():
            still_since = date.fromordinal(first)
    return Clock(registered_on, date.fromordinal(end + 1), suspended, still_since, decided_on)


def _waiting(waits: Sequence[Period], since: date, until: date) -> Iterator[Stretch]:
    """The days waited for, within two days."""
    frame = Period(since, until) if since <= until else None
    cuts = [wait.intersection(frame) for wait in waits] if frame else []
    yield from unite(
        (cut.first_day.toordinal(), (cut.last_day or until).toordinal()) for cut in cuts if cut
    )


def compute_limitation(
    *, due_on: date, registered_on: date, decided_on: date | None, years: int
) -> date | None:
    """Last day before the claim for what fell due on a day is barred; None while suspended.

    So many years (§ 195 BGB: three) from the end of the year in which it fell due (§ 199 (1)).
    Suspended from registration until the decision was received (§ 15 VVG); days of suspension
    after that year's end are added (§ 209 BGB). What was registered only afterwards is barred.
    """
    end = date(due_on.year + years, 12, 31)
    if registered_on > end:
        return end
    if decided_on is None:
        return None
    began = max(registered_on, date(due_on.year, 12, 31) + ONE_DAY)
    return end + timedelta(days=max(0, (decided_on - began).days + 1))
