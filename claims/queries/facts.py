"""Everything that decides what a person is owed, as frozen values for the rules.

Read for many people at once in a constant number of queries; nothing is read from what was
computed before, so the result cannot depend on the order in which things arrived.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from aupolicy.kernel.period import Period
from claims.facts import (
    BenefitTerms,
    DecisionKind,
    DecisionStatus,
    Entitlement,
    Episode,
    HoldOn,
    InsuredSpan,
    Leave,
    Ruling,
)
from claims.models import Certificate, Claim, Decision, Hold, Reintegration, SickLeave
from claims.queries.cover import load_cover
from claims.rules import entitle


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person's leaves.

    `claim_of` leads from a sick leave to its claim; `rulings` and `holds` are those of a claim
    that count today, in the order they took effect.
    """

    person_id: int
    episodes: tuple[Episode, ...]
    spans: tuple[InsuredSpan, ...]
    terms_on: Callable[[date], BenefitTerms]
    claim_of: Mapping[int, int]
    rulings: Mapping[int, tuple[Ruling, ...]]
    holds: Mapping[int, tuple[HoldOn, ...]]


@dataclass(frozen=True, slots=True)
class ClaimEntitlement:
    """What follows for one leave, and the claim that its first episode belongs to."""

    claim_id: int
    entitlement: Entitlement


@dataclass(frozen=True, slots=True)
class _Ruled:
    """The decisions in effect: rulings and exclusions, each by its subject."""

    rulings: Mapping[int, tuple[Ruling, ...]]
    exclusions: Mapping[int, str]


def load_people(person_ids: Iterable[int]) -> dict[int, PersonFacts]:
    """The facts of some people, by their ids; people without a sick leave have none."""
    ids = sorted(set(person_ids))
    leaves = list(
        SickLeave.objects.filter(person__in=ids, withdrawn_at=None)
        .order_by("person_id", "first_day", "id")
        .values_list("id", "person_id", "same_illness_as_id", "claim_id")
    )
    leave_ids = [leave for leave, *_ in leaves]
    claim_ids = {claim for *_, claim in leaves}
    certified = _periods_by_leave(Certificate, leave_ids)
    reintegration = _periods_by_leave(Reintegration, leave_ids)
    ruled, holds, cover = _load_decisions(claim_ids), _load_holds(claim_ids), load_cover(ids)
    by_person: dict[int, list[Episode]] = {}
    claim_of: dict[int, dict[int, int]] = {}
    for leave, person, first_leave, claim in leaves:
        episode = Episode(
            key=leave,
            illness=first_leave or leave,
            certified=tuple(certified.get(leave, ())),
            reintegration=tuple(reintegration.get(leave, ())),
            exclusion=ruled.exclusions.get(leave, ""),
        )
        by_person.setdefault(person, []).append(episode)
        claim_of.setdefault(person, {})[leave] = claim
    return {
        person: PersonFacts(
            person_id=person,
            episodes=tuple(episodes),
            spans=cover[person].spans,
            terms_on=cover[person].terms_on,
            claim_of=claim_of[person],
            rulings=ruled.rulings,
            holds=holds,
        )
        for person, episodes in by_person.items()
    }


def _periods_by_leave(
    model: type[Certificate | Reintegration], leave_ids: Sequence[int]
) -> dict[int, list[Period]]:
    rows = model.objects.filter(sick_leave__in=leave_ids, withdrawn_at=None)
    found: dict[int, list[Period]] = {}
    for leave, period in rows.order_by("period").values_list("sick_leave_id", "period"):
        found.setdefault(leave, []).append(period)
    return found


def _load_decisions(claim_ids: Iterable[int]) -> _Ruled:
    rows = Decision.objects.filter(
        claim__in=list(claim_ids), status=DecisionStatus.EFFECTIVE.value
    ).order_by("id")
    values = rows.values_list("claim_id", "kind", "period", "sick_leave_id", "exclusion")
    by_claim: dict[int, list[tuple[DecisionKind, Period]]] = {}
    exclusions: dict[int, str] = {}
    for claim, kind, period, leave, exclusion in values:
        match DecisionKind(kind):
            case DecisionKind.EXCLUDE:
                exclusions[leave] = exclusion
            case DecisionKind.LIFT_EXCLUSION:
                exclusions.pop(leave, None)
            case decided:
                by_claim.setdefault(claim, []).append((decided, period))
    rulings = {claim: combine_decisions(decided) for claim, decided in by_claim.items()}
    return _Ruled(rulings, exclusions)


def combine_decisions(decided: Iterable[tuple[DecisionKind, Period]]) -> tuple[Ruling, ...]:
    """The rulings that decisions leave, in the order they took effect.

    Reopening a refused claim leaves everything undecided; reopening one that had ended takes
    back the end only.
    """
    rulings: list[Ruling] = []
    refused = False
    for kind, period in decided:
        match kind:
            case DecisionKind.GRANT | DecisionKind.PARTLY_GRANT:
                rulings.append(Ruling(period, pays=True))
                refused = False
            case DecisionKind.REFUSE | DecisionKind.END:
                rulings.append(Ruling(period, pays=False))
                refused = kind is DecisionKind.REFUSE
            case DecisionKind.REOPEN:
                rulings = [] if refused else [ruling for ruling in rulings if ruling.pays]
                refused = False
    return tuple(rulings)


def _load_holds(claim_ids: Iterable[int]) -> dict[int, tuple[HoldOn, ...]]:
    rows = Hold.objects.filter(claim__in=list(claim_ids), lifted_at=None).order_by("id")
    found: dict[int, tuple[HoldOn, ...]] = {}
    for claim, period, percent in rows.values_list("claim_id", "period", "percent"):
        found[claim] = (*found.get(claim, ()), HoldOn(period, percent))
    return found


def get_entitlements(
    facts: PersonFacts, *, as_of: date | None, granted: bool = False, since: date | None = None
) -> tuple[ClaimEntitlement, ...]:
    """What a person is owed for each leave through a day; `granted`: as if all were granted.

    `since` leaves out the slices of months that ended before it.
    """

    def rulings_of(leave: Leave) -> tuple[Sequence[Ruling], Sequence[HoldOn]]:
        claim = facts.claim_of[leave.episodes[0]]
        return facts.rulings.get(claim, ()), facts.holds.get(claim, ())

    options: dict[str, Any] = {"since": since} if since else {}
    found = entitle(
        facts.episodes,
        spans=facts.spans,
        terms_on=facts.terms_on,
        rulings_of=None if granted else rulings_of,
        as_of=as_of,
        **options,
    )
    return tuple(ClaimEntitlement(facts.claim_of[owed.leave.episodes[0]], owed) for owed in found)


def get_entitlement(
    claim: Claim, *, as_of: date | None, granted: bool = False
) -> Entitlement | None:
    """What a claim is owed through a day, None while no day of it is certified."""
    facts = load_people([claim.person_id]).get(claim.person_id)
    if facts is None:
        return None
    found = get_entitlements(facts, as_of=as_of, granted=granted)
    return next((each.entitlement for each in found if each.claim_id == claim.pk), None)
