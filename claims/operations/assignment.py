"""Who examines a claim."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from aupolicy.models import User, WorkItem
from claims.models import Claim


def take_claim(*, claim: Claim, user: User, now: datetime) -> Claim:
    """Make somebody the examiner of a claim, also in place of a colleague; again does nothing.

    The open work about it goes along, whoever had it.
    """
    with transaction.atomic():
        held = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        if held.examiner_id != user.pk:
            held.examiner = user
            held.save(update_fields=["examiner"])
        _open_work(claim).exclude(claimed_by=user).update(claimed_by=user, claimed_at=now)
    return held


def hand_back_claim(*, claim: Claim, user: User) -> Claim:
    """Give one's own claim back to all examiners, with the work about it; others' stay theirs."""
    with transaction.atomic():
        held = Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
        if held.examiner_id == user.pk:
            held.examiner = None
            held.save(update_fields=["examiner"])
            _open_work(claim).filter(claimed_by=user).update(claimed_by=None, claimed_at=None)
    return held


def _open_work(claim: Claim) -> QuerySet[WorkItem]:
    kinds = [WorkItem.Kind.CLAIM, WorkItem.Kind.EVIDENCE]
    return WorkItem.objects.filter(kind__in=kinds, subject=claim.pk, done_at=None)
