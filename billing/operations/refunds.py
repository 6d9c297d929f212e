"""Credits paid back to employers (Beitragserstattung)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import GroupContract, User, WorkItem
from aupolicy.operations.work import close_work
from billing.facts.debit import Creditor
from billing.models import (
    LedgerEntry,
    LedgerTransaction,
    OpenItem,
    Payout,
    PayoutKind,
    PayoutOrder,
    RefundItem,
)
from billing.operations.books import Booking, Cause, Settled, post
from billing.operations.payouts import (
    UnableToPay,
    find_pay_day,
    lock_orders,
    make_order,
    number_payouts,
)
from billing.queries.open_items import get_booking_day, lock_items
from billing.queries.refundable import find_refund_accounts


def order_refunds(
    *,
    item_ids: Iterable[int],
    execution_date: date,
    user: User,
    now: datetime,
    debtor: Creditor,
    ask_verification: bool = False,
) -> PayoutOrder:
    """Order what is left of credits back to the employers: one transfer a contract, one file.

    Each goes to the account of the contract's last mandate. Items that are no credit, or used up
    meanwhile, are left out. Raises UnableToPay (NOT_ALLOWED, PAST, NOTHING_DUE, NO_ACCOUNT).
    """
    execution_date = find_pay_day(execution_date, user=user, now=now)
    with transaction.atomic():
        lock_orders()
        credits_ = _group(lock_items(item_ids))
        payouts = _draft(credits_, execution_date, now)
        order = make_order(
            payouts,
            kind=PayoutKind.REFUND,
            execution_date=execution_date,
            user=user,
            now=now,
            debtor=debtor,
            ask_verification=ask_verification,
        )
        Payout.objects.bulk_create(payouts)
        items = [
            RefundItem(payout=payout, open_item=item, amount=-item.open_amount)
            for payout, found in zip(payouts, credits_.values(), strict=True)
            for item in found
        ]
        RefundItem.objects.bulk_create(items)
        _book(LedgerTransaction.REFUND, items, timezone.localdate(now))
        _close_work(items, user=user, now=now)
    return order


def _group(items: Sequence[OpenItem]) -> dict[int, list[OpenItem]]:
    found: dict[int, list[OpenItem]] = defaultdict(list)
    for item in items:
        if item.open_amount < 0:
            found[item.contract_id].append(item)
    if not found:
        raise UnableToPay("NOTHING_DUE")
    return found


def _draft(credits_: dict[int, list[OpenItem]], day: date, now: datetime) -> list[Payout]:
    accounts = find_refund_accounts(credits_)
    contracts = GroupContract.objects.in_bulk(list(credits_))
    numbers = number_payouts(PayoutKind.REFUND, day, len(credits_))
    payouts = []
    for number, (contract_id, items) in zip(numbers, credits_.items(), strict=True):
        contract = contracts[contract_id]
        if contract_id not in accounts:
            raise UnableToPay("NO_ACCOUNT", number=contract.number)
        account = accounts[contract_id]
        payouts.append(
            Payout(
                kind=PayoutKind.REFUND,
                contract=contract,
                holder=account.holder,
                iban=account.iban,
                bic=account.bic,
                amount=total(-item.open_amount for item in items),
                end_to_end_id=number,
                remittance=_describe(contract, items),
                created_at=now,
            )
        )
    return payouts


def _describe(contract: GroupContract, items: Sequence[OpenItem]) -> str:
    """What the employer reads at the bank; numbers beyond three are counted."""
    names = ", ".join(item.number for item in items[:3])
    more = f" und {len(items) - 3} weitere" if len(items) > 3 else ""
    return f"Beitragserstattung Vertrag {contract.number} {names}{more}"[:140]


def take_back_refund(payout: Payout, today: date) -> None:
    """A refund did not arrive or was never sent: its credits are open again.

    The caller holds the transaction.
    """
    items = list(payout.refund_items.filter(returned=False).order_by("open_item_id"))
    lock_items(item.open_item_id for item in items)
    payout.refund_items.update(returned=True)
    _book(LedgerTransaction.REFUND_RETURNED, items, today)


def _book(kind: str, items: Iterable[RefundItem], today: date) -> None:
    """One booking a payout: what is refunded is owed no more; what came back is owed again."""
    sign = 1 if kind == LedgerTransaction.REFUND else -1
    by_payout: dict[int, list[RefundItem]] = defaultdict(list)
    for item in items:
        by_payout[item.payout_id].append(item)
    day = get_booking_day(today)
    bookings = []
    for payout_id, found in by_payout.items():
        contract_id = found[0].payout.contract_id
        amount = sign * total(item.amount for item in found)
        bookings.append(
            Booking(
                kind=kind,
                booked_on=day,
                contract_id=contract_id,
                sides=(
                    (LedgerEntry.RECEIVABLE, contract_id, amount),
                    (LedgerEntry.PAYOUTS_IN_TRANSIT, contract_id, -amount),
                ),
                cause=Cause(payout_id=payout_id),
                settles=[Settled(item.open_item_id, -sign * item.amount) for item in found],
            )
        )
    post(bookings)


def _close_work(items: Iterable[RefundItem], *, user: User, now: datetime) -> None:
    """A refund that came back is paid again: nothing is left to do about it."""
    came_back = RefundItem.objects.filter(
        open_item__in=[item.open_item_id for item in items], returned=True
    )
    close_work(
        kind=WorkItem.Kind.TRANSFER,
        subjects=came_back.values_list("payout_id", flat=True).distinct(),
        now=now,
        by=user,
    )
