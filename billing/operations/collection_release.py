"""What becomes of a collection that was made: a second person releases it, or it is discarded."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.models import Role, User
from aupolicy.operations.bulk import update_rows
from aupolicy.queries import has_role
from billing.models import Collection, CollectionItem, LedgerEntry, LedgerTransaction
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.collect import UnableToCollect, check_time
from billing.operations.collection_delivery import deliver_collection
from billing.operations.crash_points import crash_point
from billing.queries.mandate_state import get_mandate_states
from billing.queries.open_items import get_booking_day, lock_items


def release_collection(*, collection: Collection, user: User, now: datetime) -> Collection:
    """Let a file go to the bank; by somebody else than who made it.

    From then on it may be downloaded, and it lies in the bank's folder if there is one. A file
    that a command made has no maker: anybody with the role may release it. Raises
    UnableToCollect; after MANDATES_CHANGED discard it and make it anew.
    """
    _check_role(user, now)
    key = collection.pk
    with transaction.atomic():
        collection = _lock_waiting(collection)
        if collection.created_by_id == user.pk:
            raise UnableToCollect("SAME_PERSON")
        check_time(collection.due_date, now)
        debits = list(collection.items.select_related("open_item"))
        if ended := sum(bool(debit.ended_how) for debit in debits):
            raise UnableToCollect("DEBITS_ENDED", count=ended)
        _check_mandates(collection.due_date, debits)
        collection.released_at, collection.released_by = now, user
        collection.undelivered = bool(settings.BANK_OUTBOX)
        collection.save(update_fields=["released_at", "released_by", "undelivered"])
        crash_point("collection.released")
        if collection.undelivered:
            # After the commit, or the bank could have a file that nobody released. Should it not
            # come to that, `deliver_waiting` does it.
            transaction.on_commit(lambda: deliver_collection(collection_id=key), robust=True)
    return collection


def discard_collection(*, collection: Collection, user: User, now: datetime) -> Collection:
    """Give up a file that nobody released: its debits are to be collected again.

    Raises UnableToCollect.
    """
    _check_role(user, now)
    with transaction.atomic():
        collection = _lock_waiting(collection)
        debits = list(collection.items.select_related("open_item").order_by("pk"))
        lock_items(debit.open_item_id for debit in debits)
        day = get_booking_day(timezone.localdate(now))
        post([_booking(debit, day) for debit in debits])
        ended = CollectionItem.Ended.DISCARDED.value
        update_rows(
            CollectionItem, ["id"], ["ended_on", "ended_how"], [(d.pk, day, ended) for d in debits]
        )
        collection.discarded_at, collection.discarded_by = now, user
        collection.save(update_fields=["discarded_at", "discarded_by"])
    return collection


def _check_role(user: User, now: datetime) -> None:
    if not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToCollect("NOT_ALLOWED")


def _lock_waiting(collection: Collection) -> Collection:
    collection = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    if collection.released_at is not None:
        raise UnableToCollect("RELEASED")
    if collection.discarded_at is not None:
        raise UnableToCollect("DISCARDED")
    return collection


def _check_mandates(due: date, debits: list[CollectionItem]) -> None:
    """Every debit must still rest on the version in force on the due day, and on a valid one."""
    states = get_mandate_states(
        {debit.open_item.contract_id for debit in debits}, due, with_last_use=False
    )
    changed = 0
    for debit in debits:
        standing = states[debit.open_item.contract_id]
        changed += standing.mandate.pk != debit.mandate_id or standing.reason is not None
    if changed:
        raise UnableToCollect("MANDATES_CHANGED", count=changed)


def _booking(debit: CollectionItem, booked_on: date) -> Booking:
    contract_id = debit.open_item.contract_id
    return Booking(
        kind=LedgerTransaction.DISCARDED_DEBIT,
        booked_on=booked_on,
        contract_id=contract_id,
        sides=(
            (LedgerEntry.RECEIVABLE, contract_id, debit.amount),
            (LedgerEntry.IN_TRANSIT, contract_id, -debit.amount),
        ),
        cause=Cause(debit_id=debit.pk, collection_id=debit.collection_id),
        settles=[Settled(debit.open_item_id, -debit.amount, debit.pk)],
    )
