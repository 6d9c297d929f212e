"""Commission: agreed, accrued when premium is paid, stated once a month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import Broker, GroupContract, Role, User
from aupolicy.operations.bulk import insert_rows
from aupolicy.operations.turns import Turn, wait_for_turn
from aupolicy.queries import has_role
from billing.facts.commission import AccruedCommission
from billing.models import (
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
    LedgerEntry,
    LedgerTransaction,
)
from billing.operations.books import Booking, Cause, post
from billing.operations.numbers import take_numbers
from billing.queries.open_items import get_booking_day
from billing.queries.paid_premium import list_agreed_commissions, list_paid_items
from billing.rules.commission import compute_accrual

_ENTRY = (
    "broker_id", "agreement_id", "open_item_id", "transaction_id", "booked_on", "percent", "base",
    "amount",
)  # fmt: skip


class UnableToPayCommission(ValueError):
    """Commission cannot be agreed or stated so.

    Codes: NOT_ALLOWED (the role is missing), PERCENT_RANGE, OTHER_BROKER (the contract is another
    broker's), NOT_LATER (day; the agreement in force begins then), MONTH_NOT_OVER.
    """

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


def agree_commission(
    *,
    broker: Broker,
    contract: GroupContract | None,
    first_day: date,
    first_year_percent: Decimal,
    running_percent: Decimal,
    user: User,
    now: datetime,
) -> CommissionAgreement:
    """Agree percentages for the months from a day on; those in force end the day before.

    What was recorded for earlier months stays. Raises UnableToPayCommission.
    """
    _check_finance(user, now)
    if not all(0 <= percent <= 100 for percent in (first_year_percent, running_percent)):
        raise UnableToPayCommission("PERCENT_RANGE")
    if contract is not None and contract.broker_id != broker.pk:
        raise UnableToPayCommission("OTHER_BROKER")
    with transaction.atomic():
        Broker.objects.select_for_update(no_key=True).get(pk=broker.pk)
        before = CommissionAgreement.objects.filter(broker=broker, contract=contract)
        last = before.order_by("-period").first()
        if last is not None:
            if first_day <= last.period.first_day:
                raise UnableToPayCommission("NOT_LATER", day=last.period.first_day.isoformat())
            last.period = Period(last.period.first_day, first_day - ONE_DAY)
            last.save(update_fields=["period"])
        return CommissionAgreement.objects.create(
            broker=broker,
            contract=contract,
            period=Period(first_day),
            first_year_percent=first_year_percent,
            running_percent=running_percent,
            agreed_by=user,
            agreed_at=now,
        )


def accrue_commission(*, now: datetime) -> int:
    """Record what commission payments have brought or taken back since; returns the entries.

    A second call finds nothing; of two at once one waits for the other.
    """
    day = get_booking_day(timezone.localdate(now))
    with transaction.atomic():
        wait_for_turn(Turn.COMMISSION)
        agreed = list_agreed_commissions()
        found = [
            accrued
            for item in list_paid_items()
            if (accrued := compute_accrual(item, agreed.get(item.broker_id, ())))
        ]
        _record(found, day)
    return len(found)


def _record(found: Sequence[AccruedCommission], day: date) -> None:
    ids = post([_booking(accrued, day) for accrued in found])
    rows = [
        (
            accrued.item.broker_id,
            accrued.agreement.key,
            accrued.item.open_item_id,
            number,
            day,
            accrued.percent,
            accrued.base,
            accrued.amount,
        )
        for number, accrued in zip(ids, found, strict=True)
    ]
    insert_rows(CommissionEntry, _ENTRY, rows)


def _booking(accrued: AccruedCommission, day: date) -> Booking:
    contract_id = accrued.item.contract_id
    return Booking(
        kind=LedgerTransaction.COMMISSION,
        booked_on=day,
        contract_id=None,
        sides=(
            (LedgerEntry.COMMISSION_EXPENSE, contract_id, accrued.amount),
            (LedgerEntry.COMMISSION_OWED, contract_id, -accrued.amount),
        ),
        cause=Cause(),
    )


@dataclass(frozen=True, slots=True)
class CommissionReport:
    """What a day brought: entries recorded, and statements issued."""

    entries: int
    statements: tuple[CommissionStatement, ...]


def settle_commission(*, now: datetime) -> CommissionReport:
    """Record what is new; from the first working day of a month on, state the month before.

    Once a day; a second call finds nothing. A day that was left out is made up for by the next.
    """
    entries = accrue_commission(now=now)
    today = timezone.localdate(now)
    statements: list[CommissionStatement] = []
    if today >= next_target_day(Month.of(today).first_day):
        statements = issue_commission_statements(month=Month.of(today).plus(-1), now=now)
    return CommissionReport(entries, tuple(statements))


def issue_commission_statements(*, month: Month, now: datetime) -> list[CommissionStatement]:
    """State to each broker what it earned through a month that is over and was not stated yet.

    A broker has one statement a month; what is recorded afterwards goes on the next. Raises
    UnableToPayCommission (MONTH_NOT_OVER).
    """
    today = timezone.localdate(now)
    if today <= month.last_day:
        raise UnableToPayCommission("MONTH_NOT_OVER")
    with transaction.atomic():
        wait_for_turn(Turn.COMMISSION)
        waiting = CommissionEntry.objects.filter(
            statement=None, booked_on__lte=month.last_day
        ).exclude(broker__commission_statements__month__gte=month.first_day)
        by_broker: dict[int, list[CommissionEntry]] = defaultdict(list)
        for entry in waiting.order_by("broker__legal_name", "broker_id", "pk"):
            by_broker[entry.broker_id].append(entry)
        return _state(by_broker, month, today)


def _state(
    by_broker: dict[int, list[CommissionEntry]], month: Month, today: date
) -> list[CommissionStatement]:
    if not by_broker:
        return []
    first = take_numbers(f"commission-{month.year}", len(by_broker))
    statements = [
        CommissionStatement(
            broker_id=broker_id,
            month=month.first_day,
            number=f"CA-{month.year}-{number:05d}",
            total=total(entry.amount for entry in entries),
            issued_on=today,
        )
        for number, (broker_id, entries) in enumerate(by_broker.items(), start=first)
    ]
    CommissionStatement.objects.bulk_create(statements)
    for statement in statements:
        keys = [entry.pk for entry in by_broker[statement.broker_id]]
        CommissionEntry.objects.filter(pk__in=keys).update(statement=statement)
    return statements


def _check_finance(user: User, now: datetime) -> None:
    if not has_role(user, {Role.FINANCE}, timezone.localdate(now)):
        raise UnableToPayCommission("NOT_ALLOWED")
