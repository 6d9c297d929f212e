"""Everything open in the whole book at once: one scan of the items and what settled them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from aupolicy.kernel.money import total
from billing.queries.account_statement import sum_ages
from billing.rules.ages import Age, decide_age


@dataclass(frozen=True, slots=True)
class BookItem:
    """An open item of any contract, in EUR; `in_plan` while a running plan of instalments has it.

    `age` is None for a credit.
    """

    item_id: int
    number: str
    kind: str
    contract_id: int
    contract_number: str
    employer: str
    due_date: date
    amount: Decimal
    open_amount: Decimal
    in_plan: bool
    age: Age | None
    days_overdue: int


@dataclass(frozen=True, slots=True)
class BookSums:
    """What items come to, in EUR: demands and credits apart, overdue, in plans, by age."""

    demands: Decimal
    credits: Decimal
    overdue: Decimal
    overdue_count: int
    in_plan: Decimal
    ages: dict[Age, Decimal]
    counts: dict[Age, int]


# Hashed once: asking for what settled each item one by one takes a multiple.
_OPEN = """
SELECT i.id, i.number, i.kind, i.contract_id, c.number, e.legal_name, i.due_date, i.amount,
    i.amount - COALESCE(s.amount, 0), p.open_item_id IS NOT NULL
FROM billing_openitem i
LEFT JOIN (
    SELECT open_item_id, SUM(amount) AS amount FROM billing_allocation GROUP BY open_item_id
) s ON s.open_item_id = i.id
LEFT JOIN billing_planneditem p ON p.open_item_id = i.id AND p.released_on IS NULL
JOIN aupolicy_groupcontract c ON c.id = i.contract_id
JOIN aupolicy_employer e ON e.id = c.employer_id
WHERE i.amount <> COALESCE(s.amount, 0)
ORDER BY i.due_date, i.id
"""


def list_book_items(*, today: date) -> list[BookItem]:
    """Everything open, the oldest due date first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return [_item(row, today) for row in cursor.fetchall()]


def _item(row: Sequence[Any], today: date) -> BookItem:
    due_date, is_open = row[6], row[8]
    age = decide_age(due_date=due_date, today=today) if is_open > 0 else None
    days = max((today - due_date).days, 0) if age else 0
    number, kind, contract_id, contract_number, employer = row[1:6]
    return BookItem(
        item_id=row[0],
        number=number,
        kind=kind,
        contract_id=contract_id,
        contract_number=contract_number,
        employer=employer,
        due_date=due_date,
        amount=row[7],
        open_amount=is_open,
        in_plan=row[9],
        age=age,
        days_overdue=days,
    )


def sum_items(items: Iterable[BookItem]) -> BookSums:
    """What some items come to."""
    known = list(items)
    demands = [item for item in known if item.age is not None]
    overdue = [item for item in demands if item.age is not Age.NOT_DUE]
    counts = dict.fromkeys(Age, 0)
    for item in demands:
        counts[item.age or Age.NOT_DUE] += 1
    return BookSums(
        demands=total(item.open_amount for item in demands),
        credits=-total(item.open_amount for item in known if item.age is None),
        overdue=total(item.open_amount for item in overdue),
        overdue_count=len(overdue),
        in_plan=total(item.open_amount for item in demands if item.in_plan),
        ages=sum_ages((item.age, item.open_amount) for item in demands),
        counts=counts,
    )
