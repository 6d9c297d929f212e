"""Commission paid to brokers: what their statements add up to, once it is above zero."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.models import User, WorkItem
from aupolicy.operations.work import close_work
from billing.facts.debit import Creditor
from billing.models import (
    BrokerAccount,
    CommissionStatement,
    LedgerEntry,
    LedgerTransaction,
    Payout,
    PayoutKind,
    PayoutOrder,
)
from billing.operations.books import Booking, Cause, post
from billing.operations.payouts import (
    UnableToPay,
    find_pay_day,
    lock_orders,
    make_order,
    number_payouts,
)
from billing.queries.commission import find_broker_accounts
from billing.queries.open_items import get_booking_day


def order_commission(
    *,
    execution_date: date,
    user: User,
    now: datetime,
    debtor: Creditor,
    ask_verification: bool = False,
) -> PayoutOrder:
    """Order the unpaid statements of every broker together, where they add up to above zero.

    Brokers without a confirmed account wait. Raises UnableToPay (NOT_ALLOWED, PAST, NOTHING_DUE).
    """
    execution_date = find_pay_day(execution_date, user=user, now=now)
    with transaction.atomic():
        lock_orders()
        due = _lock_due()
        accounts = find_broker_accounts(due)
        paid = [due[broker_id] for broker_id in due if broker_id in accounts]
        if not paid:
            raise UnableToPay("NOTHING_DUE")
        payouts = _draft(paid, accounts, execution_date, now)
        order = make_order(
            payouts,
            kind=PayoutKind.COMMISSION,
            execution_date=execution_date,
            user=user,
            now=now,
            debtor=debtor,
            ask_verification=ask_verification,
        )
        Payout.objects.bulk_create(payouts)
        for payout, statements in zip(payouts, paid, strict=True):
            keys = [statement.pk for statement in statements]
            CommissionStatement.objects.filter(pk__in=keys).update(payout=payout)
        _book(LedgerTransaction.COMMISSION_PAYOUT, payouts, timezone.localdate(now))
        _close_work([payout.broker_id for payout in payouts], user=user, now=now)
    return order


def _lock_due() -> dict[int, list[CommissionStatement]]:
    """Unpaid statements by broker, locked, of brokers to whom they add up to above zero."""
    found: dict[int, list[CommissionStatement]] = defaultdict(list)
    unpaid = CommissionStatement.objects.filter(payout=None).order_by("broker_id", "month")
    for statement in unpaid.select_for_update(no_key=True):
        found[statement.broker_id].append(statement)
    return {
        broker_id: statements
        for broker_id, statements in found.items()
        if total(statement.total for statement in statements) > 0
    }


def _draft(
    paid: Sequence[Sequence[CommissionStatement]],
    accounts: dict[int, BrokerAccount],
    day: date,
    now: datetime,
) -> list[Payout]:
    numbers = number_payouts(PayoutKind.COMMISSION, day, len(paid))
    return [
        Payout(
            kind=PayoutKind.COMMISSION,
            broker_id=statements[0].broker_id,
            holder=accounts[statements[0].broker_id].holder,
            iban=accounts[statements[0].broker_id].iban,
            bic=accounts[statements[0].broker_id].bic,
            amount=total(statement.total for statement in statements),
            end_to_end_id=number,
            remittance=_describe(statements),
            created_at=now,
        )
        for number, statements in zip(numbers, paid, strict=True)
    ]


def _describe(statements: Sequence[CommissionStatement]) -> str:
    """What the broker reads at the bank; numbers beyond four are counted."""
    names = ", ".join(statement.number for statement in statements[-4:])
    more = f" und {len(statements) - 4} frühere" if len(statements) > 4 else ""
    return f"Courtage {names}{more}"


def take_back_commission(payout: Payout, today: date) -> None:
    """Commission did not arrive or was never sent: its statements are unpaid again.

    The caller holds the transaction.
    """
    payout.commission_statements.update(payout=None)
    _book(LedgerTransaction.PAYOUT_RETURN, [payout], today)


def _book(kind: str, payouts: Sequence[Payout], today: date) -> None:
    """What is paid is owed no more; what came back is owed again."""
    sign = 1 if kind == LedgerTransaction.COMMISSION_PAYOUT else -1
    day = get_booking_day(today)
    post(
        [
            Booking(
                kind=kind,
                booked_on=day,
                contract_id=None,
                sides=(
                    (LedgerEntry.COMMISSION_OWED, None, sign * payout.amount),
                    (LedgerEntry.PAYOUTS_IN_TRANSIT, None, -sign * payout.amount),
                ),
                cause=Cause(payout_id=payout.pk),
            )
            for payout in payouts
        ]
    )


def _close_work(broker_ids: Sequence[int | None], *, user: User, now: datetime) -> None:
    """Commission that came back is paid again: nothing is left to do about it."""
    came_back = Payout.objects.filter(
        kind=PayoutKind.COMMISSION, broker__in=broker_ids, returned_on__isnull=False
    )
    close_work(
        kind=WorkItem.Kind.TRANSFER,
        subjects=came_back.values_list("pk", flat=True),
        now=now,
        by=user,
    )
