"""Paying out: orders to the bank of one kind each, their release by a second person; benefit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.money import total
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.turns import Turn, wait_for_turn
from aupolicy.operations.work import close_work
from aupolicy.queries import has_role
from billing.exports.pain001 import write_transfer_file
from billing.facts.debit import Creditor
from billing.facts.transfer import Debtor, Transfer, TransferFile
from billing.models import (
    Payout,
    PayoutItem,
    PayoutKind,
    PayoutOrder,
    Recovery,
    RecoverySettlement,
)
from billing.operations.crash_points import crash_point
from billing.operations.payout_books import Posting, book_payouts
from billing.operations.recoveries import record_recoveries
from billing.queries.payouts import DuePayout, WaitingClaim, plan_payouts

_BATCH = 2_000
# What begins the references of each kind, so that a statement of account tells them apart.
_PREFIXES = {
    PayoutKind.BENEFIT: "BAU-L",
    PayoutKind.REFUND: "BAU-E",
    PayoutKind.COMMISSION: "BAU-C",
}


class UnableToPay(ValueError):
    """An order cannot be made, released, discarded or downloaded.

    Codes: NOT_ALLOWED (the role is missing), PAST (day; the execution day is over),
    SAME_PERSON (who made an order does not release it), RELEASED, DISCARDED, NOT_RELEASED,
    SLICES_CANCELLED (count; they were cancelled since), NAME_MISMATCH (count; the bank says that
    names do not belong to accounts), RESULT_UNKNOWN, NOT_TRANSFERRED (nothing went to the bank);
    of refunds and commission: NOTHING_DUE, NO_ACCOUNT (number; of a contract or a broker).
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class PayoutReport:
    """What was paid: the order (None where nothing is transferred), its payouts, what waits.

    `set_off` are payouts that were kept back in full, so that no money moves.
    """

    execution_date: date
    order: PayoutOrder | None
    payouts: tuple[Payout, ...]
    set_off: tuple[Payout, ...]
    waiting: tuple[WaitingClaim, ...]


def create_order(
    *,
    execution_date: date,
    user: User,
    now: datetime,
    debtor: Creditor,
    ask_verification: bool = False,
) -> PayoutReport:
    """Order the transfer of everything due: one pain.001 file, one transfer a claim.

    A closing day of the banks moves to the next TARGET day. A second call finds nothing new; of
    two at once one makes the order. Raises UnableToPay (NOT_ALLOWED, PAST), and
    UnableToWriteTransferFile when a transfer breaks a rule; then nothing is paid.
    """
    execution_date = find_pay_day(execution_date, user=user, now=now)
    with transaction.atomic():
        lock_orders()
        record_recoveries(now=now)
        plan = plan_payouts(execution_date=execution_date, lock=True)
        payouts = _draft_payouts(plan.due, execution_date, now)
        sent = [payout for payout in payouts if payout.amount]
        order = None
        if sent:
            order = make_order(
                sent,
                kind=PayoutKind.BENEFIT,
                execution_date=execution_date,
                user=user,
                now=now,
                debtor=debtor,
                ask_verification=ask_verification,
            )
        _record(payouts, plan.due, timezone.localdate(now))
        close_work(
            kind=WorkItem.Kind.PAYOUT,
            subjects=(payout.claim_id for payout in payouts if payout.claim_id),
            now=now,
            by=user,
        )
        crash_point("payout.ordered")
    crash_point("payout.committed")
    set_off = tuple(payout for payout in payouts if not payout.amount)
    return PayoutReport(execution_date, order, tuple(sent), set_off, plan.waiting)


def find_pay_day(wanted: date, *, user: User, now: datetime) -> date:
    """The day that an order of this user moves money on. Raises UnableToPay (NOT_ALLOWED, PAST)."""
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToPay("NOT_ALLOWED")
    day = next_target_day(wanted)
    if day < today:
        raise UnableToPay("PAST", day=day.isoformat())
    return day


def lock_orders() -> None:
    """Orders are made one after the other: each must see what the one before has paid.

    The caller holds the transaction.
    """
    wait_for_turn(Turn.PAYOUT_ORDER)


def number_payouts(kind: PayoutKind, day: date, count: int) -> Iterator[str]:
    """End-to-end references of the next payouts of a kind and day; under the lock of orders."""
    prefix = f"{_PREFIXES[kind]}-{day:%Y%m%d}-"
    before = Payout.objects.filter(end_to_end_id__startswith=prefix).count()
    return (f"{prefix}{number:06d}" for number in range(before + 1, before + count + 1))


def make_order(
    payouts: Sequence[Payout],
    *,
    kind: PayoutKind,
    execution_date: date,
    user: User,
    now: datetime,
    debtor: Creditor,
    ask_verification: bool = False,
) -> PayoutOrder:
    """Order transfers that are drafted and not saved yet; each is told its order.

    The caller holds the lock of orders and saves the payouts. Raises UnableToWriteTransferFile.
    """
    order = _write_file(payouts, kind=kind, day=execution_date, now=now, debtor=debtor)
    order.created_by, order.verification_asked = user, ask_verification
    order.save()
    for payout in payouts:
        payout.order = order
    return order


def _draft_payouts(due: Sequence[DuePayout], day: date, now: datetime) -> list[Payout]:
    numbers = number_payouts(PayoutKind.BENEFIT, day, len(due))
    return [
        Payout(
            claim_id=payout.claim.claim_id,
            person_id=payout.claim.person_id,
            contract_id=payout.claim.contract_id,
            holder=payout.holder,
            iban=payout.iban,
            bic=payout.bic,
            amount=payout.amount,
            end_to_end_id=number,
            remittance=payout.remittance,
            created_at=now,
        )
        for number, payout in zip(numbers, due, strict=True)
    ]


def _write_file(
    payouts: Sequence[Payout], *, kind: PayoutKind, day: date, now: datetime, debtor: Creditor
) -> PayoutOrder:
    """An order whose file is in the store; who made it is still to be named."""
    number = PayoutOrder.objects.filter(kind=kind, execution_date=day).count() + 1
    file = TransferFile(
        message_id=f"{_PREFIXES[kind]}-{day:%Y%m%d}-{number:04d}",
        created_at=timezone.localtime(now).replace(tzinfo=None, microsecond=0),
        execution_date=day,
        debtor=Debtor(debtor.name, debtor.iban, debtor.bic),
        transfers=map(_transfer, payouts),
        count=len(payouts),
        control_sum=total(payout.amount for payout in payouts),
    )
    content = BytesIO()
    write_transfer_file(file=file, target=content)
    return PayoutOrder(
        kind=kind,
        execution_date=day,
        message_id=file.message_id,
        created_at=now,
        transfer_count=file.count,
        control_sum=file.control_sum,
        file_sha256=FileStore(settings.FILES_ROOT).put(content.getvalue()),
    )


def _transfer(payout: Payout) -> Transfer:
    return Transfer(
        end_to_end_id=payout.end_to_end_id,
        amount=payout.amount,
        name=payout.holder,
        iban=payout.iban,
        bic=payout.bic or None,
        remittance=payout.remittance,
    )


def _record(payouts: list[Payout], due: Sequence[DuePayout], today: date) -> None:
    """Write the payouts with the slices they pay and what they keep back, and book them."""
    Payout.objects.bulk_create(payouts, batch_size=_BATCH)
    keys = {offset.key for payout in due for offset in payout.offsets}
    recoveries = {
        recovery.slice_id: recovery
        for recovery in Recovery.objects.select_for_update(no_key=True)
        .filter(slice__in=keys)
        .order_by("pk")
    }
    postings = [
        Posting(
            payout, tuple(_items(payout, plan)), tuple(_offsets(payout, plan, recoveries, today))
        )
        for payout, plan in zip(payouts, due, strict=True)
    ]
    items = [item for posting in postings for item, _ in posting.items]
    PayoutItem.objects.bulk_create(items, batch_size=_BATCH)
    offsets = [offset for posting in postings for offset in posting.offsets]
    RecoverySettlement.objects.bulk_create(offsets, batch_size=_BATCH)
    book_payouts(postings, booked_on=today)


def _items(payout: Payout, plan: DuePayout) -> Iterator[tuple[PayoutItem, bool]]:
    for due in plan.claim.slices:
        yield (
            PayoutItem(payout=payout, slice_id=due.slice_id, amount=due.amount),
            due.came_back,
        )


def _offsets(
    payout: Payout, plan: DuePayout, recoveries: dict[int, Recovery], today: date
) -> Iterator[RecoverySettlement]:
    for offset in plan.offsets:
        yield RecoverySettlement(
            recovery=recoveries[offset.key],
            payout=payout,
            received_on=today,
            amount=offset.amount,
        )


def release_order(
    *, order: PayoutOrder, user: User, now: datetime, despite_names: bool = False
) -> PayoutOrder:
    """Let an order go to the bank; by somebody else than who made it. Raises UnableToPay.

    `despite_names`: the bank's warning that a name does not belong to an account was read.
    """
    today = timezone.localdate(now)
    if not has_role(user, {Role.FINANCE}, today):
        raise UnableToPay("NOT_ALLOWED")
    with transaction.atomic():
        order = lock_waiting(order)
        if order.created_by_id == user.pk:
            raise UnableToPay("SAME_PERSON")
        if order.execution_date < today:
            raise UnableToPay("PAST", day=order.execution_date.isoformat())
        items = PayoutItem.objects.filter(payout__order=order)
        if cancelled := items.filter(slice__cancelled_at__isnull=False).count():
            raise UnableToPay("SLICES_CANCELLED", count=cancelled)
        mismatches = order.payouts.filter(verification="RVNM").count()
        if mismatches and not despite_names:
            raise UnableToPay("NAME_MISMATCH", count=mismatches)
        order.released_at, order.released_by = now, user
        order.save(update_fields=["released_at", "released_by"])
        crash_point("payout.released")
    return order


def lock_waiting(order: PayoutOrder) -> PayoutOrder:
    """The order, locked, if nobody has decided about it. Raises UnableToPay."""
    order = PayoutOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    if order.released_at is not None:
        raise UnableToPay("RELEASED")
    if order.discarded_at is not None:
        raise UnableToPay("DISCARDED")
    return order


def record_verification(
    *, payout: Payout, result: str, name: str = "", user: User | None, now: datetime
) -> Payout:
    """What the bank said about name and account of a transfer. Raises UnableToPay.

    `user` is None where a file of the bank says so.

    `result` is RCVC, RVMC, RVNM or RVNA; `name` what the bank knows the holder as, on RVMC.
    """
    if user is not None and not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToPay("NOT_ALLOWED")
    if result not in dict(Payout.VERIFICATIONS):
        raise UnableToPay("RESULT_UNKNOWN")
    if payout.order_id is None:
        raise UnableToPay("NOT_TRANSFERRED")
    payout.verification, payout.verified_name, payout.verified_at = result, name.strip(), now
    payout.save(update_fields=["verification", "verified_name", "verified_at"])
    return payout


def read_order_file(order: PayoutOrder) -> bytes:
    """The file of a released order, byte for byte. Raises UnableToPay (NOT_RELEASED)."""
    if order.released_at is None:
        raise UnableToPay("NOT_RELEASED")
    return FileStore(settings.FILES_ROOT).get(order.file_sha256)
