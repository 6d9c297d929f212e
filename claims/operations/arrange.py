"""Keeping the claims in step with what is known of their people's leaves.

The claims themselves decide nothing: which leaves are one, what is owed and where a claim stands
is derived anew from all facts each time, so the order in which they arrived plays no part.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from aupolicy.models import WorkItem
from aupolicy.operations.bulk import take_ids, update_rows
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.operations.work import close_work, open_work
from claims.facts import ClaimStatus
from claims.models import Claim, DocumentRequest, SickLeave
from claims.queries.contracts import ContractDays, find_contract, load_contracts
from claims.queries.facts import PersonFacts, get_entitlements, load_people
from claims.queries.parameters import get_claims_parameters
from claims.queries.standing import ClaimStanding, find_standings
from claims.rules.evidence import Need, NeedKind, is_met
from claims.rules.filing import CaseFile, Filed, assign_claims
from members.models import Person

_COLUMNS = (
    "status", "first_day", "certified_until", "benefit_from", "next_step_on", "joined_to_id",
    "contract_id",
)  # fmt: skip
# Somebody has work with evidence that is missing; elsewhere it is asked for in passing.
_ASKED = frozenset({ClaimStatus.EVIDENCE_MISSING, ClaimStatus.REPORTED})
_OVER = frozenset({ClaimStatus.REFUSED, ClaimStatus.ENDED})
_NEED_KINDS = frozenset(kind.value for kind in NeedKind)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Room:
    """The claims and leaves of some people while they are put in order."""

    claims: dict[int, Claim]
    leaves: list[SickLeave]
    facts: dict[int, PersonFacts]
    contracts: dict[int, tuple[ContractDays, ...]]
    # From a claim to the one that leaves of it went to.
    joined: dict[int, int] = field(default_factory=dict)


def open_claim(*, person_id: int, contract_id: int, first_day: date, now: datetime) -> Claim:
    """A new claim for a leave that begins on a day, registered today."""
    (number,) = take_ids(Claim, 1)
    today = timezone.localdate(now)
    return Claim.objects.create(
        id=number,
        number=f"L-{today.year}-{number:06d}",
        person_id=person_id,
        contract_id=contract_id,
        opened_at=now,
        registered_on=today,
        first_day=first_day,
    )


def arrange_claims(
    *, person_ids: Iterable[int], today: date, now: datetime
) -> dict[int, ClaimStanding]:
    """Bring the claims of some people in step with what is known of their leaves.

    Leaves that have become one move to one of their claims: the oldest of those decided about,
    else of all. A claim left empty is joined to it, and taken back when they part again. Status
    and days are refreshed, and work is opened and closed. Gives the standing of each claim that
    holds a leave. Again does nothing.
    """
    with acting_within(ALL):
        held = Person.objects.select_for_update(no_key=True).filter(pk__in=list(person_ids))
        ids = list(held.order_by("pk").values_list("pk", flat=True))
        room = _Room(
            claims={claim.pk: claim for claim in Claim.objects.filter(person__in=ids)},
            leaves=list(SickLeave.objects.filter(person__in=ids, withdrawn_at=None)),
            facts=load_people(ids),
            contracts=load_contracts(ids),
        )
        _file_leaves(room, now)
        standings = find_standings(
            room.claims.values(), facts=room.facts, leaves=room.leaves, today=today
        )
        _keep_claims(room, standings)
        unanswered = _settle_requests(room.claims, standings, today=today, now=now)
        _keep_work(room.claims, standings, unanswered, today=today, now=now)
        return standings


def _file_leaves(room: _Room, now: datetime) -> None:
    """Move leaves to the claims they belong to."""
    cases: dict[int, list[CaseFile]] = {}
    for claim in room.claims.values():
        cases.setdefault(claim.person_id, []).append(CaseFile(claim.pk, claim.first_day))
    leaves: dict[int, dict[int, SickLeave]] = {}
    for leave in room.leaves:
        leaves.setdefault(leave.person_id, {})[leave.pk] = leave
    moved: list[SickLeave] = []
    for person_id, facts in room.facts.items():
        own = leaves[person_id]
        filed = _list_filed(facts, own.values())
        targets = assign_claims(
            filed,
            claim_of=facts.claim_of,
            cases=cases[person_id],
            decided={each for each in facts.claim_of.values() if facts.rulings.get(each)},
        )
        for part, target in zip(filed, targets, strict=True):
            moved += _move(room, [own[episode] for episode in part.episodes], part, target, now)
    if moved:
        SickLeave.objects.bulk_update(moved, ["claim"])
        # What was decided about a claim taken back counts again.
        room.facts |= load_people({leave.person_id for leave in moved})


def _list_filed(facts: PersonFacts, leaves: Iterable[SickLeave]) -> list[Filed]:
    """What belongs together: the leaves as computed, and each of which nothing is certified."""
    found = [each.entitlement.leave for each in get_entitlements(facts, as_of=None)]
    filed = [Filed(leave.episodes, leave.period.first_day) for leave in found]
    certified = {episode for leave in found for episode in leave.episodes}
    alone = [leave for leave in leaves if leave.pk not in certified]
    return filed + [Filed((leave.pk,), leave.first_day) for leave in alone]


def _move(
    room: _Room, leaves: Sequence[SickLeave], part: Filed, target: int | None, now: datetime
) -> list[SickLeave]:
    """Put leaves into a claim; gives those that were elsewhere, with their claim changed."""
    if target is None:
        before = room.claims[leaves[0].claim_id]
        claim = open_claim(
            person_id=before.person_id,
            contract_id=before.contract_id,
            first_day=part.first_day,
            now=now,
        )
        room.claims[claim.pk] = claim
        target = claim.pk
    moving = [leave for leave in leaves if leave.claim_id != target]
    for leave in moving:
        room.joined[leave.claim_id] = target
        leave.claim_id = target
    return moving


def _keep_claims(room: _Room, standings: Mapping[int, ClaimStanding]) -> None:
    """Write what is kept of where the claims stand, in one statement."""
    changed = []
    for key, claim in room.claims.items():
        before = [getattr(claim, name) for name in _COLUMNS]
        standing = standings.get(key)
        if standing is None:
            _empty(claim, _find_target(claim, room.joined, standings))
        else:
            _set_standing(claim, standing, room.contracts.get(claim.person_id, ()))
        after = [getattr(claim, name) for name in _COLUMNS]
        if after != before:
            changed.append((key, *after))
    if changed:
        update_rows(Claim, ["id"], _COLUMNS, changed)


def _find_target(
    claim: Claim, joined: Mapping[int, int], standings: Mapping[int, ClaimStanding]
) -> int | None:
    """The claim that an empty one has gone into, by however many steps."""
    target = joined.get(claim.pk, claim.joined_to_id)
    while target is not None and target not in standings and target in joined:
        target = joined[target]
    return target


def _empty(claim: Claim, joined_to: int | None) -> None:
    """Its leaves went elsewhere or were taken back; its first day tells what it was about."""
    claim.joined_to_id = joined_to
    claim.status = (ClaimStatus.ENDED if joined_to is None else ClaimStatus.JOINED).value
    claim.next_step_on = None


def _set_standing(claim: Claim, standing: ClaimStanding, contracts: Sequence[ContractDays]) -> None:
    claim.joined_to_id = None
    claim.status = standing.status.value
    claim.first_day = standing.first_day
    claim.certified_until = standing.certified_until
    claim.benefit_from = standing.benefit_from
    claim.next_step_on = standing.next_step_on
    claim.contract_id = find_contract(contracts, standing.first_day) or claim.contract_id


def _settle_requests(
    claims: Mapping[int, Claim],
    standings: Mapping[int, ClaimStanding],
    *,
    today: date,
    now: datetime,
) -> set[int]:
    """Close what was asked for and has come, and what the product asked for in vain.

    Gives the claims that somebody must see to: something was asked for often enough and late.
    """
    parameters = get_claims_parameters(today)
    asked = list(DocumentRequest.objects.filter(claim__in=list(claims), closed_at=None))
    received = _find_receipts({request.claim_id for request in asked}) if asked else {}
    came: list[int] = []
    vain: list[int] = []
    unanswered: set[int] = set()
    for request in asked:
        standing = standings.get(request.claim_id)
        is_met = _is_met(request, standing)
        is_over = standing is None or standing.status in _OVER
        if is_met and received.get(request.claim_id, _LONG_AGO) >= request.asked_at:
            came.append(request.pk)
        elif request.asked_by_id is None and (is_met or is_over):
            vain.append(request.pk)
        elif request.due_on < today and request.reminders >= parameters.most_reminders:
            unanswered.add(request.claim_id)
    for keys, has_come in ((came, True), (vain, False)):
        if keys:
            closing = DocumentRequest.objects.filter(pk__in=keys)
            closing.update(closed_at=now, received=has_come)
    return unanswered


def _is_met(request: DocumentRequest, standing: ClaimStanding | None) -> bool:
    """Whether the days that a certificate was asked for are certified by now."""
    if request.kind not in _NEED_KINDS or request.period is None or standing is None:
        return False
    entitlement = standing.entitlement
    need = Need(NeedKind(request.kind), request.period)
    return is_met(need, entitlement.leave if entitlement else None)


def _find_receipts(claim_ids: Iterable[int]) -> dict[int, datetime]:
    """When the last certificate or plan of each claim came."""
    leaves = SickLeave.objects.filter(claim__in=list(claim_ids), withdrawn_at=None)
    rows = leaves.values_list("claim_id").annotate(
        certificate=Max("certificates__received_at"), plan=Max("reintegrations__recorded_at")
    )
    return {claim: max(one or _LONG_AGO, other or _LONG_AGO) for claim, one, other in rows}


def _keep_work(
    claims: Mapping[int, Claim],
    standings: Mapping[int, ClaimStanding],
    unanswered: Collection[int],
    *,
    today: date,
    now: datetime,
) -> None:
    """Open the work that there is now and close what is done; titles name nobody."""
    parameters = get_claims_parameters(today)
    examine: dict[int, str] = {}
    ask: dict[int, str] = {}
    for key, standing in standings.items():
        number = claims[key].number
        if standing.status is ClaimStatus.TO_EXAMINE:
            examine[key] = f"Leistungsfall {number} prüfen"
        if key in unanswered or (standing.status in _ASKED and standing.needs):
            ask[key] = f"Nachweise zum Leistungsfall {number} fehlen"
    items = WorkItem.objects.filter(
        kind__in=[WorkItem.Kind.CLAIM, WorkItem.Kind.EVIDENCE], subject__in=claims, done_at=None
    )
    opened = set(items.values_list("kind", "subject"))
    for kind, titles, days in (
        (WorkItem.Kind.CLAIM, examine, parameters.examine_days_before),
        (WorkItem.Kind.EVIDENCE, ask, parameters.request_days),
    ):
        there = {subject for known, subject in opened if known == kind}
        missing = {key: title for key, title in titles.items() if key not in there}
        if missing:
            due = today + timedelta(days=days)
            open_work(kind=kind, titles=missing, employer=None, due=due, now=now)
        if there - titles.keys():
            close_work(kind=kind, subjects=there - titles.keys(), now=now)
