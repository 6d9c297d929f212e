"""Decisions in effect, written straight into the table, for tests of what follows from them."""

from aupolicy.kernel.period import Period
from aupolicy.models import User
from claims.facts import DecisionKind
from claims.models import Claim, Decision, SickLeave
from tests.claims.world import Day, at, to_day


def rule(
    claim: Claim,
    kind: DecisionKind,
    first: Day,
    last: Day | None = None,
    *,
    by: User,
    leave: SickLeave | None = None,
    exclusion: str = "",
    second: User | None = None,
) -> Decision:
    """A decision that counts, made on its first day."""
    return Decision.objects.create(
        claim=claim,
        kind=kind.value,
        period=Period(to_day(first), to_day(last) if last else None),
        sick_leave=leave,
        exclusion=exclusion,
        needs_second=second is not None,
        status="EFFECTIVE",
        decided_by=by,
        decided_at=at(first),
        second_by=second,
        second_at=at(first) if second else None,
    )


def grant(claim: Claim, first: Day, *, by: User) -> Decision:
    """All days from one on are granted."""
    return rule(claim, DecisionKind.GRANT, first, by=by)
