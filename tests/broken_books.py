"""Books as somebody left them who got past everything the database refuses, and their audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

from billing.queries.audit import Audit, audit_ledger

_GUARDED: Final = (
    "ledgertransaction", "ledgerentry", "allocation", "openitem", "statement", "collection",
    "collectionitem", "closedmonth", "writeoff", "billingrun", "premiumline",
    "bankentry", "commissionentry", "commissionstatement",
)  # fmt: skip


@contextmanager
def without_guards() -> Iterator[None]:
    """Somebody got past everything the database refuses; what they did is gone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _GUARDED:
            cursor.execute(f"ALTER TABLE billing_{table} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def find(fault: str) -> Audit:
    """What the audit says after somebody did this to the books."""
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(fault)
        assert cursor.rowcount == 1
        return audit_ledger()


ONE = "id = (SELECT MIN(id) FROM {table} WHERE {where})"


def one(table: str, change: str, where: str = "true") -> str:
    """A statement that changes one row."""
    return f"UPDATE {table} SET {change} WHERE " + ONE.format(table=table, where=where)


def gone(table: str, where: str = "true") -> str:
    """A statement that takes one row away."""
    return f"DELETE FROM {table} WHERE " + ONE.format(table=table, where=where)
