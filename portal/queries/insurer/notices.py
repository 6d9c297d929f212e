"""Reads of notices: the list, and what deciding one would do."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from aupolicy.models import WorkItem
from billing.queries.effect import MoneyEffect, compute_money_effect
from members.facts import Cover, NoticeStatus
from members.models import NoticeDecision, NoticeRecord
from members.queries import plan_decision
from members.rules import cut_to_contract

PAGE_SIZE = 30
_ACCEPT = NoticeDecision.Verdict.ACCEPT


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What the list is narrowed to; status None shows all."""

    text: str = ""
    status: NoticeStatus | None = NoticeStatus.NEEDS_CLERK


def filter_notices(wanted: NoticeFilter) -> QuerySet[NoticeRecord]:
    """Notices, the newest first, whose employer, contract, name or personnel number fits."""
    notices = NoticeRecord.objects.select_related("contract__employer").order_by("-pk")
    if wanted.status:
        notices = notices.filter(status=wanted.status.value)
    if wanted.text:
        notices = notices.filter(
            Q(contract__number__iexact=wanted.text)
            | Q(contract__employer__legal_name__icontains=wanted.text)
            | Q(personnel_number__iexact=wanted.text)
            | Q(last_name__istartswith=wanted.text)
        )
    return notices


def page_of_notices(wanted: NoticeFilter, page: str | int) -> Page[Any]:
    """One page of notices, each with `claimed_by`, the name of who has its work item."""
    notices = filter_notices(wanted).annotate(claimed_by=Subquery(_holder()))
    return Paginator(notices, PAGE_SIZE).get_page(page)


def _holder() -> QuerySet[WorkItem, str]:
    name = Trim(Concat(F("claimed_by__first_name"), Value(" "), F("claimed_by__last_name")))
    items = WorkItem.objects.filter(
        kind=WorkItem.Kind.NOTICE, subject=OuterRef("pk"), done_at=None, claimed_by__isnull=False
    )
    named = Coalesce(NullIf(name, Value("")), F("claimed_by__username"), output_field=TextField())
    return items.values_list(named, flat=True)[:1]


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What accepting a notice would do: the person's cover without and with it, and its cost.

    `fits` is False where it could not be accepted; `codes` say why.
    """

    without: tuple[Cover, ...]
    with_it: tuple[Cover, ...]
    effect: MoneyEffect
    fits: bool
    codes: tuple[str, ...]
    person_id: int | None


def preview_acceptance(record: NoticeRecord, today: date) -> DecisionPreview:
    """What accepting would do. Nothing is written."""
    contract = record.contract
    plan = plan_decision(
        contract=contract,
        number=record.personnel_number,
        notice_id=record.pk,
        verdict=_ACCEPT,
    )
    person = plan.persons.get(record.personnel_number)
    standing = plan.changed.get(record.pk)
    fits = standing is not None and standing.status is not NoticeStatus.NEEDS_CLERK
    # The plan names what changes; for a notice that stays as it is, its own reasons hold.
    codes = standing.codes if standing is not None else record.codes
    return DecisionPreview(
        without=person.before if person else (),
        with_it=cut_to_contract(person.after, contract.period) if person else (),
        effect=compute_money_effect(contract, plan.persons.values(), today),
        fits=fits,
        codes=() if fits else tuple(codes),
        person_id=person.person_id if person else None,
    )


def find_decision(record: NoticeRecord) -> NoticeDecision | None:
    """What was decided about a notice, if anything."""
    return record.decisions.select_related("decided_by").order_by("-pk").first()
