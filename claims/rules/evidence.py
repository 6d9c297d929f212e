"""What is missing to go on with a claim: certificates for gaps, and what follows the last one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import ClaimStatus, Leave
from claims.rules.checks import find_gaps


class NeedKind(StrEnum):
    """What is needed; the values are those of the kinds of a document request."""

    CERTIFICATE = "certificate"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Need:
    """Days without a certificate; an open end where nobody knows for how long."""

    kind: NeedKind
    period: Period


# Before, nobody needs to know; afterwards, nobody asks any more.
_ASK_FOR_GAPS = frozenset(
    {ClaimStatus.TO_EXAMINE, ClaimStatus.EVIDENCE_MISSING, ClaimStatus.HELD, ClaimStatus.PAYING}
)


def find_needs(
    leave: Leave, *, status: ClaimStatus, answered: Sequence[Need], today: date
) -> tuple[Need, ...]:
    """What is missing of a leave on a day, given where its claim stands.

    `answered` are needs that were asked about and will not be met. All gaps are one need, from
    the first to the last of them.
    """
    return tuple(_find_needs(leave, status, answered, today))


def _find_needs(
    leave: Leave, status: ClaimStatus, answered: Sequence[Need], today: date
) -> Iterator[Need]:
    settled = [need.period for need in answered if need.kind is NeedKind.GAP]
    gaps = [gap for gap in find_gaps(leave) if not _is_answered(gap, settled)]
    if gaps and status in _ASK_FOR_GAPS:
        yield Need(NeedKind.GAP, Period(gaps[0].first_day, gaps[-1].last_day))
    last = leave.period.last_day or today
    following = Need(NeedKind.CERTIFICATE, Period(last + ONE_DAY))
    if status is ClaimStatus.EVIDENCE_MISSING and last < today and following not in answered:
        yield following


def _is_answered(gap: Period, answered: Sequence[Period]) -> bool:
    return any(gap.intersection(period) == gap for period in answered)


def find_first_need(
    first_day: date, *, ask_on: date | None, answered: Sequence[Need], today: date
) -> tuple[Need, ...]:
    """What is missing of a leave of which no day is certified, once it is time to ask."""
    need = Need(NeedKind.CERTIFICATE, Period(first_day))
    if ask_on is None or today < ask_on or need in answered:
        return ()
    return (need,)


def is_met(need: Need, leave: Leave | None) -> bool:
    """Whether what was asked for has come, as far as a leave is certified now."""
    if leave is None:
        return False
    if need.kind is NeedKind.CERTIFICATE:
        last = leave.period.last_day
        return last is not None and last >= need.period.first_day
    return not any(gap.intersection(need.period) for gap in find_gaps(leave))
