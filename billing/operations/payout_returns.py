"""Payouts that did not arrive: sent back by a bank, or never sent because nobody released them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import open_work
from aupolicy.queries import has_role
from billing.facts.recovery import ReturnCode
from billing.models import Payout, PayoutItem, PayoutKind, PayoutOrder, RecoverySettlement
from billing.operations.commission_payouts import take_back_commission
from billing.operations.payout_books import book_return
from billing.operations.payouts import UnableToPay, lock_waiting
from billing.operations.recoveries import record_recoveries
from billing.operations.refunds import take_back_refund

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
    *, payout: Payout, returned_on: date, code: str, user: User | None, now: datetime
) -> Payout:
    """A bank has sent a transfer back: its slices are to be paid again. Raises UnableToReturn.

    `user` is None where a file of the bank says so: its day is taken as it is, also if the bank
    would not even begin.

    The examiners get a work item about the claim, with its number and nothing else as title. It is
    done once the slices are paid again.
    """
    today = timezone.localdate(now)
    if user is not None and not has_role(user, {Role.FINANCE}, today):
        raise UnableToReturn("NOT_ALLOWED")
    if code not in set(ReturnCode):
        raise UnableToReturn("CODE_UNKNOWN")
    if user is not None and returned_on > today:
        raise UnableToReturn("IN_FUTURE")
    with transaction.atomic():
        # Without joins: after waiting for the row, PostgreSQL reads it anew, but not the others.
        payout = Payout.objects.select_for_update(no_key=True).get(pk=payout.pk)
        order = payout.order
        if order is None or order.released_at is None:
            raise UnableToReturn("NOT_RELEASED")
        if payout.returned_on is not None:
            raise UnableToReturn("ALREADY_RETURNED")
        if user is not None and returned_on < order.execution_date:
            raise UnableToReturn("BEFORE_EXECUTION", day=order.execution_date.isoformat())
        payout.returned_on, payout.return_code = returned_on, code
        payout.return_recorded_by = user
        payout.save(update_fields=["returned_on", "return_code", "return_recorded_by"])
        _take_back([payout], now)
        _ask_for_work(payout, now)
    return payout


def _ask_for_work(payout: Payout, now: datetime) -> None:
    kind, subject, title = WorkItem.Kind.TRANSFER, payout.pk, payout.end_to_end_id
    if payout.claim is not None:
        kind, subject, title = WorkItem.Kind.PAYOUT, payout.claim.pk, payout.claim.number
    open_work(
        kind=kind,
        titles={subject: title},
        employer=None,
        due=timezone.localdate(now) + timedelta(days=_DAYS_TO_ACT),
        now=now,
        priority=WorkItem.Priority.HIGH,
    )


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
        _take_back(list(order.payouts.order_by("pk")), now)
    return order


def _take_back(payouts: Sequence[Payout], now: datetime) -> None:
    """The payouts paid nothing: what they paid is open again."""
    today = timezone.localdate(now)
    for payout in payouts:
        match payout.kind:
            case PayoutKind.REFUND:
                take_back_refund(payout, today)
            case PayoutKind.COMMISSION:
                take_back_commission(payout, today)
            case _:
                _take_back_benefit(payout, today)
    people = {payout.person_id for payout in payouts if payout.person_id is not None}
    if people:
        record_recoveries(person_ids=people, now=now)


def _take_back_benefit(payout: Payout, today: date) -> None:
    """The slices are open again, and so is what the payout had kept back."""
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
