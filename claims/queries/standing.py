"""Where claims stand: from what is known today, for many people in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min, Q

from claims.facts import (
    ClaimsParameters,
    ClaimStatus,
    DecisionKind,
    DecisionStatus,
    Entitlement,
    StatusFacts,
)
from claims.models import Claim, Decision, DocumentRequest, Hold, Review, SickLeave
from claims.queries.facts import PersonFacts, get_entitlements
from claims.queries.parameters import get_claims_parameters
from claims.rules.evidence import Need, NeedKind, find_first_need, find_needs
from claims.rules.filing import decide_reported, find_asking_day
from claims.rules.status import decide_status

_NEED_KINDS = [kind.value for kind in NeedKind]


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """Where a claim stands, and what is missing to go on with it."""

    status: ClaimStatus
    first_day: date
    certified_until: date | None
    benefit_from: date | None
    next_step_on: date | None
    needs: tuple[Need, ...] = ()
    entitlement: Entitlement | None = None


@dataclass(slots=True)
class _Decided:
    """What was decided about a claim and is open, as far as its status depends on it."""

    has_proposal: bool = False
    refused_from: date | None = None
    ended_from: date | None = None
    review_on: date | None = None
    answered: list[Need] = field(default_factory=list)


def find_standings(
    claims: Iterable[Claim],
    *,
    facts: Mapping[int, PersonFacts],
    leaves: Iterable[SickLeave],
    today: date,
) -> dict[int, ClaimStanding]:
    """The standing of claims that hold leaves, by their ids.

    `facts` are those of the claims' people, `leaves` their leaves that were not withdrawn.
    """
    asked = {claim.pk: claim for claim in claims}
    decided = _load_decided(list(asked))
    parameters = get_claims_parameters(today)
    owed = {
        each.claim_id: each.entitlement
        for person in {claim.person_id for claim in asked.values()} & facts.keys()
        for each in get_entitlements(facts[person], as_of=None)
    }
    held: dict[int, list[SickLeave]] = {}
    for leave in leaves:
        held.setdefault(leave.claim_id, []).append(leave)
    found = {}
    for key, claim in asked.items():
        known, entitlement = facts.get(claim.person_id), owed.get(key)
        if known is not None and entitlement is not None:
            found[key] = _stand(
                key, entitlement, known, decided[key], parameters=parameters, today=today
            )
        elif known is not None and key in held:
            found[key] = _stand_reported(
                held[key], known, decided[key], parameters=parameters, today=today
            )
    return found


def _stand(
    claim: int,
    entitlement: Entitlement,
    known: PersonFacts,
    decided: _Decided,
    *,
    parameters: ClaimsParameters,
    today: date,
) -> ClaimStanding:
    leave = entitlement.leave
    gaps = tuple(need.period for need in decided.answered if need.kind is NeedKind.GAP)
    facts = StatusFacts(
        entitlement=entitlement,
        terms=known.terms_on(leave.period.first_day),
        examine_days_before=parameters.examine_days_before,
        has_proposal=decided.has_proposal,
        refused_from=decided.refused_from,
        ended_from=decided.ended_from,
        holds=known.holds.get(claim, ()),
        review_on=decided.review_on,
        answered_gaps=gaps,
    )
    status, next_step_on = decide_status(facts, today=today)
    return ClaimStanding(
        status=status,
        first_day=leave.period.first_day,
        certified_until=leave.period.last_day,
        benefit_from=entitlement.first_benefit_day,
        next_step_on=next_step_on,
        needs=find_needs(leave, status=status, answered=decided.answered, today=today),
        entitlement=entitlement,
    )


def _stand_reported(
    held: Sequence[SickLeave],
    known: PersonFacts,
    decided: _Decided,
    *,
    parameters: ClaimsParameters,
    today: date,
) -> ClaimStanding:
    """Nothing is certified; of several leaves in one claim the first counts."""
    leave = min(held, key=lambda each: (each.first_day, each.pk))
    ask_on = find_asking_day(
        first_day=leave.first_day,
        expected_last_day=leave.expected_last_day,
        deferral_days=known.terms_on(leave.first_day).deferral_days,
        examine_days_before=parameters.examine_days_before,
    )
    status, next_step_on = decide_reported(
        ask_on=ask_on, expected_last_day=leave.expected_last_day, today=today
    )
    needs = find_first_need(leave.first_day, ask_on=ask_on, answered=decided.answered, today=today)
    return ClaimStanding(status, leave.first_day, None, None, next_step_on, needs)


def _load_decided(claim_ids: Sequence[int]) -> dict[int, _Decided]:
    found = {claim: _Decided() for claim in claim_ids}
    _read_decisions(found)
    for model, day, unfinished in (
        (Review, "due_on", Q(done_at=None)),
        (Hold, "review_on", Q(lifted_at=None)),
    ):
        rows = model.objects.filter(unfinished, claim__in=claim_ids).values_list("claim_id")
        for claim, first in rows.annotate(first=Min(day)).order_by():
            known = found[claim].review_on
            found[claim].review_on = first if known is None else min(first, known)
    # Only somebody who examines says that a paper will not come.
    given_up = DocumentRequest.objects.filter(
        claim__in=claim_ids,
        kind__in=_NEED_KINDS,
        closed_by__isnull=False,
        received=False,
    )
    for claim, kind, period in given_up.values_list("claim_id", "kind", "period"):
        if period is not None:
            found[claim].answered.append(Need(NeedKind(kind), period))
    return found


def _read_decisions(found: Mapping[int, _Decided]) -> None:
    """What refusals and ends no reopening took back, and what waits for a second person."""
    rows = Decision.objects.filter(claim__in=list(found)).exclude(
        status=DecisionStatus.RETURNED.value
    )
    for claim, kind, period, status in rows.order_by("id").values_list(
        "claim_id", "kind", "period", "status"
    ):
        known = found[claim]
        if status == DecisionStatus.PROPOSED:
            known.has_proposal = True
        elif kind == DecisionKind.REFUSE:
            known.refused_from = period.first_day
        elif kind == DecisionKind.END:
            known.ended_from = period.first_day
        elif kind == DecisionKind.REOPEN:
            known.refused_from = known.ended_from = None
