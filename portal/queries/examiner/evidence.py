"""Leaves and papers of a claim, day by day, and what a change of them would do or has done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from aupolicy.models import User
from claims.facts import Entitlement, Episode
from claims.models import Certificate, Claim, Reintegration, SickLeave
from claims.queries.facts import PersonFacts, get_entitlements, load_people


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A leave, certificate or plan in the table: its days, way, sender; `kind` says which it is.

    `kind` is "leave", "certificate" or "plan".
    """

    kind: str
    key: int
    leave: SickLeave
    first_day: date
    last_day: date | None
    certificate: Certificate | None
    plan: Reintegration | None
    channel: str
    by: User | None
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: User | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a leave comes to, as if everything were granted: what a change may change."""

    first_benefit_day: date | None
    certified_until: date | None
    brought: int
    monthly_sum: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """What is so before and after a change; None where there is no leave."""

    before: Standing | None
    after: Standing | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier leave that may be the same illness, and what linking it would do."""

    leave: SickLeave
    effect: Effect


def list_leaves(claim: Claim) -> list[SickLeave]:
    """The leaves of a claim that count, by their first days."""
    leaves = claim.sick_leaves.filter(withdrawn_at=None)
    return list(leaves.select_related("same_illness_as__claim").order_by("first_day", "pk"))


def list_evidence(claim: Claim) -> list[EvidenceRow]:
    """Everything that was told of a claim's days, in their order, withdrawn rows too."""
    leaves = claim.sick_leaves.select_related(
        "reported_by", "withdrawn_by", "same_illness_as__claim"
    )
    by_id = {leave.pk: leave for leave in leaves}
    papers = Certificate.objects.filter(sick_leave__in=by_id)
    plans = Reintegration.objects.filter(sick_leave__in=by_id)
    rows = [_leave_row(leave) for leave in by_id.values()]
    rows += [
        _certificate_row(paper, by_id[paper.sick_leave_id])
        for paper in papers.select_related("recorded_by", "withdrawn_by")
    ]
    rows += [
        _plan_row(plan, by_id[plan.sick_leave_id])
        for plan in plans.select_related("recorded_by", "withdrawn_by")
    ]
    # A leave comes before the papers of the same day.
    return sorted(rows, key=lambda row: (row.first_day, row.kind != "leave", row.at))


def _leave_row(leave: SickLeave) -> EvidenceRow:
    return EvidenceRow(
        "leave", leave.pk, leave, leave.first_day, leave.expected_last_day, None, None,
        leave.channel, leave.reported_by, leave.reported_at, leave.withdrawn_at,
        leave.withdrawn_by,
    )  # fmt: skip


def _certificate_row(paper: Certificate, leave: SickLeave) -> EvidenceRow:
    return EvidenceRow(
        "certificate", paper.pk, leave, paper.period.first_day, paper.period.last_day, paper,
        None, paper.channel, paper.recorded_by, paper.received_at, paper.withdrawn_at,
        paper.withdrawn_by,
    )  # fmt: skip


def _plan_row(plan: Reintegration, leave: SickLeave) -> EvidenceRow:
    return EvidenceRow(
        "plan", plan.pk, leave, plan.period.first_day, plan.period.last_day, None, plan, "",
        plan.recorded_by, plan.recorded_at, plan.withdrawn_at, plan.withdrawn_by,
    )  # fmt: skip


def get_standing(person_id: int, leave_ids: Iterable[int]) -> Standing | None:
    """What the leave with one of some rows comes to now."""
    facts = load_people([person_id]).get(person_id)
    return _standing(facts, set(leave_ids)) if facts else None


def _standing(facts: PersonFacts, leave_ids: set[int]) -> Standing | None:
    owed = get_entitlements(facts, as_of=None, granted=True)
    found = next(
        (e.entitlement for e in owed if leave_ids.intersection(e.entitlement.leave.episodes)), None
    )
    return _describe(found) if found else None


def _describe(owed: Entitlement) -> Standing:
    leave = owed.leave
    return Standing(owed.first_benefit_day, leave.period.last_day, leave.brought, leave.monthly_sum)


def preview_change(
    leave: SickLeave, change: Callable[[Sequence[Episode]], Sequence[Episode]]
) -> Effect:
    """What a change of the person's episodes would do to the leave; nothing is written."""
    facts = load_people([leave.person_id]).get(leave.person_id)
    return _preview(facts, leave, change) if facts else Effect(None, None)


def _preview(
    facts: PersonFacts, leave: SickLeave, change: Callable[[Sequence[Episode]], Sequence[Episode]]
) -> Effect:
    # Rows of the same leave stand for it where the row itself goes.
    before = _standing(facts, {leave.pk})
    together = _rows_together(facts, leave.pk)
    changed = replace(facts, episodes=tuple(change(facts.episodes)))
    return Effect(before, _standing(changed, together))


def _rows_together(facts: PersonFacts, leave_id: int) -> set[int]:
    for owed in get_entitlements(facts, as_of=None, granted=True):
        if leave_id in owed.entitlement.leave.episodes:
            return set(owed.entitlement.leave.episodes)
    return {leave_id}


def list_candidates(leave: SickLeave) -> list[Candidate]:
    """Earlier leaves of the person, newest first, with what linking to each would do."""
    facts = load_people([leave.person_id]).get(leave.person_id)
    if facts is None:
        return []
    root = leave.same_illness_as_id or leave.pk
    earlier = SickLeave.objects.filter(
        person=leave.person_id, withdrawn_at=None, first_day__lt=leave.first_day
    ).exclude(Q(pk=root) | Q(same_illness_as=root, same_illness_as__isnull=False))
    return [
        Candidate(each, _preview(facts, leave, _linking(leave.pk, each)))
        for each in earlier.select_related("claim").order_by("-first_day", "-pk")
    ]


def _linking(leave_id: int, first: SickLeave) -> Callable[[Sequence[Episode]], Sequence[Episode]]:
    """Both illnesses become one, as `claims.operations.relapses.link_relapse` has it."""
    target = first.same_illness_as_id or first.pk

    def change(episodes: Sequence[Episode]) -> Sequence[Episode]:
        own = next((e.illness for e in episodes if e.key == leave_id), leave_id)
        return [replace(e, illness=target) if e.illness == own else e for e in episodes]

    return change


def unlinked(leave_id: int) -> Callable[[Sequence[Episode]], Sequence[Episode]]:
    """The change that makes a leave an illness of its own."""

    def change(episodes: Sequence[Episode]) -> Sequence[Episode]:
        return [replace(e, illness=("own", e.key)) if e.key == leave_id else e for e in episodes]

    return change


def without_row(
    row: SickLeave | Certificate | Reintegration,
) -> Callable[[Sequence[Episode]], Sequence[Episode]]:
    """The change that taking back a row would be."""

    def change(episodes: Sequence[Episode]) -> Sequence[Episode]:
        if isinstance(row, SickLeave):
            return [e for e in episodes if e.key != row.pk]
        return [_less(e, row) if e.key == row.sick_leave_id else e for e in episodes]

    return change


def _less(episode: Episode, row: Certificate | Reintegration) -> Episode:
    """An episode without one of its periods; of two that are equal one stays."""
    is_certificate = isinstance(row, Certificate)
    periods = list(episode.certified if is_certificate else episode.reintegration)
    if row.period in periods:
        periods.remove(row.period)
    left = tuple(periods)
    if is_certificate:
        return replace(episode, certified=left)
    return replace(episode, reintegration=left)
