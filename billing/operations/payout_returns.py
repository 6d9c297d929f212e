"""Payouts that did not arrive: sent back by a bank, or never sent because nobody released them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import open_work
from aupolicy.queries import has_role
from billing.facts.recovery import ReturnCode
from billing.models import Payout, PayoutItem, PayoutOrder, RecoverySettlement
from billing.operations.payout_books import book_return
from billing.operations.payouts import UnableToPay, lock_waiting
from billing.operations.recoveries import record_recoveries

# Whoever waits for the money waits for us.
_DAYS_TO_ACT = 3


class UnableToReturn(ValueError):
    """A payout cannot have come back so.

    Codes: NOT_ALLOWED (the role is missing), CODE_UNKNOWN, NOT_RELEASED, ALREADY_RETURNED,
    BEFORE_EXECUTION (day), IN_FUTURE.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def record_return(
    *, payout: Payout, returned_on: date, code: str, user: User, now: datetime
) -> Payout:
    """A bank has sent a transfer back: its slices are to be paid again. Raises UnableToReturn.

    The examiners get a work item about the claim, with its number and nothing else as title. It is
    done once the slices are paid again.
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToReturn("NOT_ALLOWED")
    if code not in set(ReturnCode):
        raise UnableToReturn("CODE_UNKNOWN")
    if returned_on > today:
        raise UnableToReturn("IN_FUTURE")
    with transaction.atomic():
        # Without joins: after waiting for the row, PostgreSQL reads it anew, but not the others.
        payout = Payout.objects.select_for_update(no_key=True).get(pk=payout.pk)
        order = payout.order
        if order is None or order.released_at is None:
            raise UnableToReturn("NOT_RELEASED")
        if payout.returned_on is not None:
            raise UnableToReturn("ALREADY_RETURNED")
        if returned_on < order.execution_date:
            raise UnableToReturn("BEFORE_EXECUTION", day=order.execution_date.isoformat())
        payout.returned_on, payout.return_code = returned_on, code
        payout.return_recorded_by = user
        payout.save(update_fields=["returned_on", "return_code", "return_recorded_by"])
        _take_back(payout, today)
        record_recoveries(person_ids=[payout.person_id], now=now)
        open_work(
            kind=WorkItem.Kind.PAYOUT,
            titles={payout.claim_id: payout.claim.number},
            employer=None,
            due=today + timedelta(days=_DAYS_TO_ACT),
            now=now,
            priority=WorkItem.Priority.HIGH,
        )
    return payout


def discard_order(*, order: PayoutOrder, user: User, now: datetime) -> PayoutOrder:
    """Never send an order that nobody has released: everything in it is due again.

    Raises UnableToPay (NOT_ALLOWED, RELEASED, DISCARDED).
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToPay("NOT_ALLOWED")
    with transaction.atomic():
        order = lock_waiting(order)
        order.discarded_at, order.discarded_by = now, user
        order.save(update_fields=["discarded_at", "discarded_by"])
        payouts = list(order.payouts.order_by("pk"))
        for payout in payouts:
            _take_back(payout, today)
        record_recoveries(person_ids={payout.person_id for payout in payouts}, now=now)
    return order


def _take_back(payout: Payout, today: date) -> None:
    """The payout paid nothing: its slices are open again, and so is what it had kept back."""
    items = list(payout.items.all())
    PayoutItem.objects.filter(payout=payout).update(returned=True)
    kept_back = payout.offsets.select_related("recovery").order_by("pk")
    # Not of the payout: what it kept back when it was made stays to be read.
    back = [
        RecoverySettlement(recovery=offset.recovery, received_on=today, amount=-offset.amount)
        for offset in kept_back
    ]
    RecoverySettlement.objects.bulk_create(back)
    book_return(
        payout, gross=total(item.amount for item in items), reversed_offsets=back, day=today
    )
