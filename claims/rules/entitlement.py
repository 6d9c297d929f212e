"""What is due for a leave: the slices of its months, and why benefit ends.

`benefit_proration: days_30`: a calendar month paid in full on every day pays the full monthly
sum; otherwise sum x paid days / 30, at most the full sum, half up to the cent per slice.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from aupolicy.kernel.money import round_cent, total
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import (
    BenefitTerms,
    DayState,
    Entitlement,
    Episode,
    HoldOn,
    InsuredSpan,
    Leave,
    LeaveEnd,
    Piece,
    Ruling,
    SliceDue,
)
from claims.rules.counter import FULL_PERCENT
from claims.rules.leave import compute_leaves, rule_leave

RulingsOf = Callable[[Leave], tuple[Sequence[Ruling], Sequence[HoldOn]]]
"""What was decided about a leave, in the order it took effect."""

# A day paid at 1 percent of a month of 30.
_SHARES_OF_MONTH = 30 * FULL_PERCENT
# Days on which benefit is due by the counter alone, whatever was decided about them.
_DUE = frozenset(
    {
        DayState.PAID,
        DayState.REINTEGRATION,
        DayState.HELD,
        DayState.NOT_DECIDED,
        DayState.REFUSED,
    }
)
_RUNNING = _DUE | {DayState.DEFERRAL}
_ENDS = {
    DayState.EXHAUSTED: LeaveEnd.MAXIMUM_REACHED,
    DayState.COVER_ENDED: LeaveEnd.COVER_ENDED,
    DayState.EXCLUDED: LeaveEnd.EXCLUSION,
    DayState.NOT_INSURED: LeaveEnd.NOT_INSURED,
}


def entitle(
    episodes: Sequence[Episode],
    *,
    spans: Sequence[InsuredSpan],
    terms_on: Callable[[date], BenefitTerms],
    rulings_of: RulingsOf | None,
    as_of: date | None,
    since: date | None = None,
) -> tuple[Entitlement, ...]:
    """What a person is owed for each leave, through a day; without `rulings_of` as if granted.

    See `compute_leaves`, `rule_leave` and `compute_entitlement`.
    """
    owed = []
    for leave in compute_leaves(episodes, spans=spans, terms_on=terms_on):
        ruled = leave
        if rulings_of is not None:
            rulings, holds = rulings_of(leave)
            ruled = rule_leave(leave, rulings=rulings, holds=holds)
        terms = terms_on(leave.period.first_day)
        owed.append(compute_entitlement(ruled, terms=terms, as_of=as_of, since=since))
    return tuple(owed)


def compute_entitlement(
    leave: Leave, *, terms: BenefitTerms, as_of: date | None, since: date | None = None
) -> Entitlement:
    """What is due for a leave through `as_of` (None: through its last certified day).

    `since` leaves out the slices of months that ended before it, also from `total` (EUR).
    `first_benefit_day` is the first on which benefit is due by the day counter, whatever was
    decided about it and whether or not `as_of` reaches it.
    """
    slices = tuple(_cut_slices(leave, as_of, since)) if leave.span is not None else ()
    return Entitlement(
        leave,
        next((piece.period.first_day for piece in leave.pieces if piece.state in _DUE), None),
        slices,
        total([part.amount for part in slices]),
        _find_end(leave, terms, as_of),
    )


def _cut_slices(leave: Leave, as_of: date | None, since: date | None) -> Iterator[SliceDue]:
    paid = [piece.period for piece in leave.pieces if piece.percent]
    if not paid:
        return
    first, last = paid[0].first_day, paid[-1].last_day or leave.period.first_day
    if as_of is not None and as_of < last:
        last = as_of
    if since is not None and since > first:
        # Its whole month: what is paid of it may lie before.
        first = max(first, since.replace(day=1))
    if first > last:
        return
    year, number = first.year, first.month
    while (year, number) <= (last.year, last.month):
        month, period = _month(year, number)
        due = _cut_slice(leave, month, period, as_of)
        if due is not None:
            yield due
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)


@lru_cache(maxsize=4096)
def _month(year: int, number: int) -> tuple[Month, Period]:
    month = Month(year, number)
    return month, month.period


def _cut_slice(leave: Leave, month: Month, period: Period, as_of: date | None) -> SliceDue | None:
    """The slice of a month, None where nothing is due."""
    first, last = period.first_day, period.last_day or period.first_day
    through = last if as_of is None or as_of > last else as_of
    parts = tuple([_cut_piece(piece, first, through) for piece in leave.pieces
                   if piece.period.first_day <= through and _last(piece) >= first])  # fmt: skip
    shares = days = 0
    payable: list[Period] = []
    for part in parts:
        if part.percent:
            length = (_last(part) - part.period.first_day).days + 1
            days += length
            shares += length * part.percent
            _append(payable, part.period)
    amount = _price(leave.monthly_sum, shares, month_days=last.day)
    return SliceDue(month, days, amount, tuple(payable), parts) if amount else None


def _last(piece: Piece) -> date:
    return piece.period.last_day or piece.period.first_day


def _cut_piece(piece: Piece, first: date, last: date) -> Piece:
    begins, ends = piece.period.first_day, _last(piece)
    if begins >= first and ends <= last:
        return piece
    start = max(begins, first)
    number = piece.first_number
    if number is not None:
        number += (start - begins).days
    return Piece(Period(start, min(ends, last)), piece.state, number, piece.percent, piece.cause)


def _append(payable: list[Period], period: Period) -> None:
    """Add days to those paid; days that adjoin the last ones continue them."""
    if payable and payable[-1].last_day == period.first_day - ONE_DAY:
        payable[-1] = Period(payable[-1].first_day, period.last_day)
    else:
        payable.append(period)


def _price(monthly_sum: Decimal, shares: int, *, month_days: int) -> Decimal:
    """EUR for days of a month; `shares` are days times the percentage that each is paid at."""
    if shares == month_days * FULL_PERCENT:
        return monthly_sum
    return min(monthly_sum, round_cent(monthly_sum * shares / _SHARES_OF_MONTH))


def _find_end(leave: Leave, terms: BenefitTerms, as_of: date | None) -> LeaveEnd | None:
    """Why benefit ends, as far as it is known on a day (None: of all that is certified)."""
    ended: Piece | None = None
    for piece in reversed(leave.pieces):
        if piece.state in _RUNNING:
            break
        if piece.state in _ENDS:
            ended = piece
    if ended is not None:
        known = as_of is None or ended.period.first_day <= as_of + timedelta(days=1)
        return _ENDS[ended.state] if known else None
    last = leave.pieces[-1]
    last_day = _last(last)
    number = (last.first_number or 0) + (last_day - last.period.first_day).days
    if number >= terms.benefit_until_day:
        return LeaveEnd.MAXIMUM_REACHED if as_of is None or as_of >= last_day else None
    return LeaveEnd.RECOVERED if as_of is None or as_of > last_day else None
