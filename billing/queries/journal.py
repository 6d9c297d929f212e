"""The journal: every booking of a month with its sides, in the order in which it was made."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from aupolicy.kernel.month import Month


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What the journal of a month is narrowed to; empty values let everything through."""

    month: Month
    account: str = ""
    contract: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One side of a booking, in EUR; `document` is the number of what the booking is about."""

    booking_id: int
    booked_on: date
    kind: str
    document: str
    text: str
    account: str
    contract_number: str
    contract_id: int | None
    amount: Decimal

    @property
    def debit(self) -> Decimal | None:
        """The amount where it is on the debit side."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """The amount where it is on the credit side."""
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True, slots=True)
class JournalSums:
    """How many sides a journal has, and what they come to in EUR."""

    rows: int
    debit: Decimal
    credit: Decimal


_WHERE = """
FROM billing_ledgerentry e
JOIN billing_ledgertransaction t ON t.id = e.transaction_id
LEFT JOIN aupolicy_groupcontract c ON c.id = e.contract_id
WHERE t.booked_on BETWEEN %(first)s AND %(last)s
    AND (%(account)s = '' OR e.account = %(account)s)
    AND (%(contract)s = '' OR c.number = %(contract)s)
    AND (%(kind)s = '' OR t.kind = %(kind)s)
"""
_ROWS = f"""
SELECT r.id, r.booked_on, r.kind,
    COALESCE(s.number, d.end_to_end_id, i.number, p.end_to_end_id, n.end_to_end_id, ''),
    r.text, r.account, r.number, r.of_contract, r.amount
FROM (
    SELECT t.*, e.id AS entry_id, e.account, COALESCE(c.number, '') AS number,
        e.contract_id AS of_contract, e.amount
    {_WHERE}
    ORDER BY t.booked_on, t.id, e.id LIMIT %(limit)s OFFSET %(offset)s
) r
LEFT JOIN billing_statement s ON s.id = r.statement_id
LEFT JOIN billing_collectionitem d ON d.id = r.debit_id
LEFT JOIN billing_openitem i ON i.id = r.charge_id
LEFT JOIN billing_payout p ON p.id = r.payout_id
LEFT JOIN billing_bankentry n ON n.id = r.bank_entry_id
ORDER BY r.booked_on, r.id, r.entry_id
"""  # noqa: S608 - nothing but the condition above
_SUMS = f"""
SELECT COUNT(*), COALESCE(SUM(e.amount) FILTER (WHERE e.amount > 0), 0),
    COALESCE(-SUM(e.amount) FILTER (WHERE e.amount < 0), 0)
{_WHERE}
"""


def sum_journal(wanted: JournalFilter) -> JournalSums:
    """How much the filter lets through."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, _parameters(wanted))
        return JournalSums(*cursor.fetchone())


def list_journal(
    wanted: JournalFilter, *, limit: int | None = None, offset: int = 0
) -> list[JournalRow]:
    """The sides that the filter lets through, booking by booking."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**_parameters(wanted), "limit": limit, "offset": offset})
        return [JournalRow(*row) for row in cursor.fetchall()]


def _parameters(wanted: JournalFilter) -> dict[str, Any]:
    return {
        "first": wanted.month.first_day,
        "last": wanted.month.last_day,
        "account": wanted.account,
        "contract": wanted.contract,
        "kind": wanted.kind,
    }
