"""Which premiums were paid, as commission counts them."""

from typing import Any

from django.db import connection

from billing.facts.commission import AgreedCommission, PaidItem
from billing.models import CommissionAgreement

# A debit counts once the bank has credited its file; whatever takes an item back counts at once.
# A credit that is set off or paid back counts against the premium, a demand given up not at all.
# An item stays with the broker that earned on it first, whoever looks after the contract later.
_PAID = """
WITH paid AS (
    SELECT a.open_item_id, SUM(a.amount) AS amount
    FROM billing_allocation a
    JOIN billing_ledgertransaction t ON t.id = a.transaction_id
    LEFT JOIN billing_collectionitem d ON d.id = a.debit_id AND d.ended_how = ''
    WHERE t.kind <> 'WRITE_OFF'
      AND (t.kind <> 'COLLECTION' OR d.id IS NULL OR EXISTS (
          SELECT FROM billing_ledgertransaction credited
          JOIN billing_bankentry entry ON entry.id = credited.bank_entry_id
          WHERE credited.kind = 'SETTLEMENT' AND entry.collection_id = d.collection_id))
    GROUP BY a.open_item_id
), recorded AS (
    SELECT open_item_id, broker_id, SUM(base) AS base, SUM(amount) AS amount
    FROM billing_commissionentry GROUP BY open_item_id, broker_id
)
SELECT i.id, i.contract_id, COALESCE(r.broker_id, c.broker_id), lower(c.period), s.month,
       i.amount, s.tax, COALESCE(p.amount, 0), COALESCE(r.base, 0), COALESCE(r.amount, 0)
FROM billing_openitem i
JOIN billing_statement s ON s.id = i.statement_id
JOIN aupolicy_groupcontract c ON c.id = i.contract_id
LEFT JOIN paid p ON p.open_item_id = i.id
LEFT JOIN recorded r ON r.open_item_id = i.id
WHERE i.kind = 'premium' AND COALESCE(r.broker_id, c.broker_id) IS NOT NULL
  AND (p.amount <> 0 OR r.amount <> 0 OR r.base <> 0)
ORDER BY i.id
"""


def list_paid_items() -> list[PaidItem]:
    """Premiums of brokers' contracts of which something was paid, or was once, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [PaidItem(*row) for row in rows]


def list_agreed_commissions() -> dict[int, list[AgreedCommission]]:
    """All agreements by broker."""
    found: dict[int, list[AgreedCommission]] = {}
    for agreement in CommissionAgreement.objects.order_by("pk"):
        told = AgreedCommission(
            key=agreement.pk,
            broker_id=agreement.broker_id,
            contract_id=agreement.contract_id,
            first_day=agreement.period.first_day,
            last_day=agreement.period.last_day,
            first_year_percent=agreement.first_year_percent,
            running_percent=agreement.running_percent,
        )
        found.setdefault(agreement.broker_id, []).append(told)
    return found
