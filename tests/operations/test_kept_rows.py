"""What was booked, received or filed is refused to go, whatever statement asks."""

import pytest
from django.db import DatabaseError, connection, transaction

APPEND_ONLY = [
    "aupolicy_cancellation",
    "aupolicy_tariffsnapshot",
    "billing_allocation",
    "billing_bankfile",
    "billing_closedmonth",
    "billing_ledgerentry",
    "billing_ledgertransaction",
    "billing_openitem",
    "billing_returneddebit",
    "documents_document",
    "documents_filing",
    "members_noticedecision",
]
KEPT = [
    "billing_bankentry",
    "billing_collection",
    "billing_collectionitem",
    "billing_commissionentry",
    "members_noticerecord",
]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", [*APPEND_ONLY, *KEPT])
def test_nothing_is_truncated_or_deleted(table: str) -> None:
    for statement in (f"TRUNCATE {table} CASCADE", f"DELETE FROM {table}"):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete rows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_nothing_is_updated_even_where_no_row_would_be_found(table: str) -> None:
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET id = id")
