"""What happened on a contract's account, with what it stood at after each booking (Kontoauszug).

One query for every room: the insurer, the employer and the broker see the same figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from aupolicy.kernel.money import ZERO, total
from aupolicy.models import GroupContract
from billing.models import OpenItem
from billing.queries.open_items import list_open_items
from billing.rules.ages import Age, decide_age


@dataclass(frozen=True, slots=True)
class Movement:
    """A booking on a contract's account, in EUR; `balance` is what the contract owes after it.

    `moved` is what was set off within the account. `document` is the number of what it is about;
    `statement_id`, `collection_id`, `item_id` and `bank_entry_id` are its keys, None for others.
    """

    booking_id: int
    kind: str
    booked_on: date
    text: str
    amount: Decimal
    balance: Decimal
    moved: Decimal
    document: str
    statement_id: int | None
    collection_id: int | None
    item_id: int | None
    bank_entry_id: int | None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open item with what is open of it (EUR), and since how many days it is overdue."""

    item: OpenItem
    open_amount: Decimal
    days_overdue: int
    age: Age | None


@dataclass(frozen=True, slots=True)
class Account:
    """A contract's account on a day: what it owes (EUR), what of it is overdue, what is open."""

    contract: GroupContract
    balance: Decimal
    overdue: Decimal
    credit: Decimal
    rows: Sequence[OpenRow]
    ages: dict[Age, Decimal]


_MOVEMENTS = """
SELECT t.id, t.kind, t.booked_on, t.text, m.amount,
    SUM(m.amount) OVER (ORDER BY t.booked_on, t.id), m.moved,
    COALESCE(s.number, d.end_to_end_id, i.number, ''),
    t.statement_id, d.collection_id, t.charge_id, t.bank_entry_id
FROM (
    SELECT transaction_id, SUM(amount) AS amount,
        COALESCE(SUM(amount) FILTER (WHERE amount > 0), 0) AS moved
    FROM billing_ledgerentry WHERE contract_id = %s AND account = '1400'
    GROUP BY transaction_id
) m
JOIN billing_ledgertransaction t ON t.id = m.transaction_id
LEFT JOIN billing_statement s ON s.id = t.statement_id
LEFT JOIN billing_collectionitem d ON d.id = t.debit_id
LEFT JOIN billing_openitem i ON i.id = t.charge_id
ORDER BY t.booked_on DESC, t.id DESC
"""


def list_movements(contract: GroupContract) -> list[Movement]:
    """Every booking on a contract's account, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, [contract.pk])
        return [Movement(*row) for row in cursor.fetchall()]


def get_account(contract: GroupContract, *, today: date) -> Account:
    """What is open on a contract's account, the oldest first, and how old it is."""
    items = list_open_items(OpenItem.objects.filter(contract=contract))
    rows = [_row(item, today) for item in items.select_related("statement", "cause")]
    demands = [row for row in rows if row.age is not None]
    return Account(
        contract=contract,
        balance=total(row.open_amount for row in rows),
        overdue=total(row.open_amount for row in demands if row.age is not Age.NOT_DUE),
        credit=-total(row.open_amount for row in rows if row.age is None),
        rows=rows,
        ages=sum_ages((row.age, row.open_amount) for row in demands),
    )


def _row(item: OpenItem, today: date) -> OpenRow:
    amount: Decimal = item.open_amount
    if amount < 0:
        return OpenRow(item, amount, 0, None)
    days = max((today - item.due_date).days, 0)
    return OpenRow(item, amount, days, decide_age(due_date=item.due_date, today=today))


def sum_ages(demands: Iterable[tuple[Age | None, Decimal]]) -> dict[Age, Decimal]:
    """EUR by age, the youngest first; every age is there."""
    sums = dict.fromkeys(Age, ZERO)
    for age, amount in demands:
        if age is not None:
            sums[age] += amount
    return sums
