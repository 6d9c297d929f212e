"""Reads of insured people."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from aupolicy.models import GroupContract
from aupolicy.parsing import parse_retirement_steps
from members.facts import (
    Employment,
    EndReason,
    Notice,
    NoticeKind,
    NoticeStatus,
    ShownStatus,
)
from members.models import Membership, NoticeRecord
from members.queries.in_force import insured_on
from members.rules import RetirementSteps, first_changed_day


@lru_cache(maxsize=1)
def retirement_steps() -> RetirementSteps:
    """The standard retirement age by year of birth (§§ 35, 235 SGB VI)."""
    return parse_retirement_steps()


def list_insured(contract: GroupContract, day: date) -> QuerySet[Membership]:
    """Memberships in force on a day, by name, with their persons."""
    return (
        Membership.objects.filter(insured_on(day), contract=contract)
        .select_related("person")
        .order_by("person__last_name", "person__first_name", "person__personnel_number")
    )


def to_notice(record: NoticeRecord) -> Notice:
    """A stored notice as the value the rules take."""
    return Notice(
        kind=NoticeKind(record.kind),
        personnel_number=record.personnel_number,
        effective=record.effective,
        received_at=record.received_at,
        pay=record.pay,
        reason=EndReason(record.reason) if record.reason else None,
        first_name=record.first_name,
        last_name=record.last_name,
        birth_date=record.birth_date,
        employment=record.employment or Employment.REGULAR,
        occupation=record.occupation,
        health_insurance=record.health_insurance,
        reference=record.reference,
        corrects=record.corrects,
        row=record.row,
    )


def get_shown_status(record: NoticeRecord, today: date) -> ShownStatus:
    """What a reader is told: an applied notice whose day has not come is received.

    A correction has no day to wait for.
    """
    waits = record.kind != NoticeKind.CORRECTION and record.status == NoticeStatus.APPLIED
    if waits and first_changed_day(to_notice(record)) > today:
        return ShownStatus.RECEIVED
    return ShownStatus(record.status)


def list_records(contract: GroupContract, numbers: Iterable[str]) -> QuerySet[NoticeRecord]:
    """All notices about some personnel numbers of a contract, oldest first."""
    return NoticeRecord.objects.filter(
        contract=contract, personnel_number__in=list(numbers)
    ).order_by("id")
