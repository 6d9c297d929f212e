"""The clocks of a claim: the interim payment of § 14 VVG and limitation."""

from datetime import date

from django.utils import timezone

from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from claims.facts import Clock, DecisionKind, DecisionStatus
from claims.models import Claim
from claims.queries.parameters import get_claims_parameters
from claims.rules.clock import compute_clock, compute_limitation

_DECIDING = frozenset(
    {DecisionKind.GRANT, DecisionKind.PARTLY_GRANT, DecisionKind.REFUSE, DecisionKind.END}
)


def get_clock(claim: Claim, *, today: date) -> Clock:
    """From when on an interim payment may be demanded (§ 14 (2) VVG).

    Every request for documents is a wait, from the day it was made through the day it was closed.
    """
    waits = [
        Period(timezone.localdate(asked_at), timezone.localdate(closed_at) if closed_at else None)
        for asked_at, closed_at in claim.requests.values_list("asked_at", "closed_at")
    ]
    return compute_clock(
        registered_on=claim.registered_on,
        waits=waits,
        decided_on=find_decided_on(claim),
        today=today,
        months=get_claims_parameters(claim.registered_on).interim_after_months,
    )


def find_decided_on(claim: Claim) -> date | None:
    """The local day of the first decision on the claim that counts and was not reopened."""
    decided_on: date | None = None
    effective = claim.decisions.filter(status=DecisionStatus.EFFECTIVE.value).order_by("id")
    for kind, decided_at, second_at in effective.values_list("kind", "decided_at", "second_at"):
        if kind == DecisionKind.REOPEN:
            decided_on = None
        elif kind in _DECIDING and decided_on is None:
            decided_on = timezone.localdate(second_at or decided_at)
    return decided_on


def get_limitation(claim: Claim) -> date | None:
    """Last day before what fell due first is barred (§§ 195, 199 BGB, § 15 VVG).

    None while the claim is not decided, and where no benefit is due. A month's benefit falls due
    when the month is over.
    """
    if claim.benefit_from is None:
        return None
    return compute_limitation(
        due_on=Month.of(claim.benefit_from).plus(1).first_day,
        registered_on=claim.registered_on,
        decided_on=find_decided_on(claim),
        years=get_claims_parameters(claim.registered_on).limitation_years,
    )
