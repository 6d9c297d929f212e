"""Demands given up: asked for by one person, decided by another, booked when approved."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import close_work, open_work
from aupolicy.queries import has_role
from billing.models import LedgerEntry, LedgerTransaction, OpenItem, WriteOff
from billing.operations.books import Booking, Cause, Settled, post
from billing.queries.open_items import get_booking_day, lock_items

_DAYS_TO_DECIDE = 7


class UnableToWriteOff(ValueError):
    """A demand cannot be given up so.

    Codes: NOT_ALLOWED (the role is missing), NO_REASON, CREDIT (nothing is demanded), NOT_OPEN,
    NO_AMOUNT, TOO_MUCH (open; more than is open), ALREADY_ASKED, SAME_PERSON (who asked does not
    decide), DECIDED.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def request_write_off(
    *, item: OpenItem, amount: Decimal | None, reason: str, user: User, now: datetime
) -> WriteOff:
    """Ask for giving up a demand, all that is open or an amount in EUR; nothing is booked yet.

    Somebody else of finance gets a work item. Raises UnableToWriteOff.
    """
    if not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToWriteOff("NOT_ALLOWED")
    if not reason.strip():
        raise UnableToWriteOff("NO_REASON")
    with transaction.atomic():
        (item,) = lock_items([item.pk])
        wanted = _check_amount(item, amount)
        if item.write_offs.filter(outcome="").exists():
            raise UnableToWriteOff("ALREADY_ASKED")
        write_off = WriteOff.objects.create(
            open_item=item,
            amount=wanted,
            reason=reason.strip(),
            requested_by=user,
            requested_at=now,
        )
        open_work(
            kind=WorkItem.Kind.WRITE_OFF,
            titles={write_off.pk: f"Ausbuchung {item.number}"},
            employer=item.contract.employer,
            due=timezone.localdate(now) + timedelta(days=_DAYS_TO_DECIDE),
            now=now,
        )
    return write_off


def decide_write_off(
    *, write_off: WriteOff, approve: bool, note: str, user: User, now: datetime
) -> WriteOff:
    """Approve, which books it, or refuse; somebody else than who asked. Raises UnableToWriteOff."""
    if not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToWriteOff("NOT_ALLOWED")
    with transaction.atomic():
        (item,) = lock_items([write_off.open_item_id])
        write_off = WriteOff.objects.select_for_update().get(pk=write_off.pk)
        if write_off.outcome:
            raise UnableToWriteOff("DECIDED")
        if write_off.requested_by_id == user.pk:
            raise UnableToWriteOff("SAME_PERSON")
        if approve:
            _check_amount(item, write_off.amount)
            write_off.booking_id = _book(write_off, item, now)
        elif not note.strip():
            raise UnableToWriteOff("NO_REASON")
        outcome = WriteOff.Outcome.APPROVED if approve else WriteOff.Outcome.REFUSED
        write_off.outcome, write_off.decision_note = outcome, note.strip()
        write_off.decided_by, write_off.decided_at = user, now
        write_off.save()
        close_work(kind=WorkItem.Kind.WRITE_OFF, subjects=[write_off.pk], now=now, by=user)
    return write_off


def _check_amount(item: OpenItem, amount: Decimal | None) -> Decimal:
    """What is to be given up of an item that is locked."""
    is_open: Decimal = item.open_amount
    wanted = is_open if amount is None else amount
    if item.amount < 0:
        raise UnableToWriteOff("CREDIT")
    if not is_open:
        raise UnableToWriteOff("NOT_OPEN")
    if wanted <= 0:
        raise UnableToWriteOff("NO_AMOUNT")
    if wanted > is_open:
        raise UnableToWriteOff("TOO_MUCH", open=str(is_open))
    return wanted


def _book(write_off: WriteOff, item: OpenItem, now: datetime) -> int:
    contract_id = item.contract_id
    booking = Booking(
        kind=LedgerTransaction.WRITE_OFF,
        booked_on=get_booking_day(timezone.localdate(now)),
        contract_id=contract_id,
        sides=(
            (LedgerEntry.WRITTEN_OFF, contract_id, write_off.amount),
            (LedgerEntry.RECEIVABLE, contract_id, -write_off.amount),
        ),
        cause=Cause(),
        settles=[Settled(item.pk, write_off.amount)],
        text=item.number,
    )
    return post([booking])[0]
