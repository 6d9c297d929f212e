"""Posted statements and their lines as programs read them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from api.facts import Problem
from api.queries.contracts import list_contracts, parse_key
from aupolicy.models import GroupContract
from aupolicy.queries.access import Rights
from billing.models import BillingRun, Statement
from billing.queries.lines import LineRow
from billing.queries.lines import list_lines as list_all_lines
from billing.queries.open_items import get_live_debit, get_payment_state, with_payments
from members.models import Person

PAYMENTS = ("collected", "open", "returned", "paid", "credit", "nothing")

# The key of the lines begins with contract and person, so every page costs the same.
_LINES = """
SELECT l.person_id, p.public_id, p.personnel_number, p.first_name, p.last_name, l.covered_month,
       l.covered_days, l.pay, l.band, l.amount
FROM billing_premiumline l JOIN members_person p ON p.id = l.person_id
WHERE l.run_id = %(run)s AND l.contract_id = %(contract)s
  AND (l.person_id, l.covered_month) > (%(person)s, %(month)s::date)
ORDER BY l.person_id, l.covered_month LIMIT %(limit)s
"""


def list_statements(
    rights: Rights, contract: GroupContract | None, wanted: Mapping[str, Any]
) -> QuerySet[Statement]:
    """Posted statements in the order they were made, narrowed by what the address asks for."""
    found = _posted(rights)
    if contract is not None:
        found = found.filter(contract=contract)
    if "month" in wanted:
        found = found.filter(month=wanted["month"].first_day)
    if "since" in wanted:
        found = found.filter(issued_on__gte=wanted["since"])
    return found.order_by("pk")


def find_statement(rights: Rights, name: str) -> Statement:
    """The posted statement of an id or number. Raises Problem (404)."""
    key = parse_key(name)
    found = _posted(rights).filter(Q(public_id=key) if key else Q(number=name)).first()
    if found is None:
        raise Problem(404, "NOT_FOUND")
    return found


def _posted(rights: Rights) -> QuerySet[Statement]:
    posted = Statement.objects.filter(
        contract__in=list_contracts(rights).values("pk"),
        number__isnull=False,
        run__kind=BillingRun.PREMIUM,
    ).select_related("run", "contract__employer", "contract__broker")
    return with_payments(posted)


def write_statement(statement: Statement) -> dict[str, Any]:
    """A statement as an answer tells it."""
    debit = get_live_debit(statement)
    return {
        "id": statement.public_id,
        "number": statement.number,
        "contract": statement.contract.number,
        "month": f"{statement.month:%Y-%m}",
        "issued_on": statement.issued_on,
        "due_date": statement.due_date,
        "total": statement.total,
        "tax": statement.tax,
        "insured": statement.insured_count,
        "payroll": statement.payroll,
        "lines": statement.line_count,
        "payment": get_payment_state(statement).value,
        "collected_on": debit.collection.due_date if debit else None,
    }


def list_lines(
    statement: Statement, *, after: tuple[int, date], limit: int
) -> Sequence[tuple[Any, ...]]:
    """Lines of a posted statement by person and month, after such a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "run": statement.run_id,
                "contract": statement.contract_id,
                "person": after[0],
                "month": after[1],
                "limit": limit,
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def find_line(statement: Statement, person_id: str, covered_month: str) -> LineRow:
    """The line of a person (id) and month (YYYY-MM) in a statement. Raises Problem (404)."""
    key = parse_key(person_id)
    person = Person.objects.filter(public_id=key).first() if key else None
    lines = list_all_lines(statement, person_id=person.pk) if person else []
    line = next((one for one in lines if f"{one.covered_month:%Y-%m}" == covered_month), None)
    if line is None:
        raise Problem(404, "NOT_FOUND")
    return line


def write_line(row: tuple[Any, ...]) -> dict[str, Any]:
    """A line of `list_lines` as an answer tells it."""
    _, public_id, number, first_name, last_name, month, days, pay, band, amount = row
    return {
        "person": public_id,
        "personnel_number": number,
        "first_name": first_name,
        "last_name": last_name,
        "covered_month": f"{month:%Y-%m}",
        "covered_days": days,
        "pay": pay,
        "band": band,
        "amount": amount,
    }
