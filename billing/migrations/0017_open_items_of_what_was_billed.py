"""Open items, debits and allocations of what was billed and collected before there were any.

The guards of booked rows stand aside for this one step: nothing booked changes its amount.
"""

from django.db import migrations

_TABLES = ("collectionitem", "collection", "ledgertransaction")
_GUARDS = [f"ALTER TABLE billing_{table} {{}} TRIGGER USER" for table in _TABLES]
_FILL = """
INSERT INTO billing_openitem (contract_id, kind, number, statement_id, amount, due_date, created_on)
SELECT contract_id, 'premium', number, id, total, due_date, issued_on
FROM billing_statement WHERE number IS NOT NULL AND total <> 0 ORDER BY id;

UPDATE billing_collectionitem d
SET open_item_id = i.id, end_to_end_id = s.number,
    remittance = 'Beitrag bAU ' || to_char(s.month, 'MM/YYYY') || ' Vertrag ' || c.number
                 || ' Abrechnung ' || s.number
FROM billing_statement s
JOIN billing_openitem i ON i.statement_id = s.id
JOIN aupolicy_groupcontract c ON c.id = s.contract_id
WHERE s.id = d.statement_id;

UPDATE billing_collection SET released_at = created_at;

UPDATE billing_ledgertransaction t SET contract_id = s.contract_id
FROM billing_statement s WHERE s.id = t.statement_id;

UPDATE billing_ledgertransaction t SET debit_id = d.id, statement_id = NULL
FROM billing_collectionitem d
WHERE t.kind = 'COLLECTION' AND d.statement_id = t.statement_id;

INSERT INTO billing_allocation (transaction_id, open_item_id, debit_id, amount)
SELECT t.id, d.open_item_id, d.id, d.amount
FROM billing_ledgertransaction t JOIN billing_collectionitem d ON d.id = t.debit_id
WHERE t.kind = 'COLLECTION';

SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_open_items_and_bank_files")]

    operations = [
        migrations.RunSQL(
            [
                *(guard.format("DISABLE") for guard in _GUARDS),
                _FILL,
                *(guard.format("ENABLE") for guard in _GUARDS),
            ],
            migrations.RunSQL.noop,
        )
    ]
