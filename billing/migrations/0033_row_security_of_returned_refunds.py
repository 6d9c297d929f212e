"""A refund that came back is about premium as well: whoever sees the refund sees its return."""

from django.db import migrations

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import fence, of_contract

# Whatever is booked about premium; what the ledger says of benefit is the insurer's.
_PREMIUM_KINDS = (
    "('STATEMENT', 'COLLECTION', 'SETTLEMENT', 'REJECTED_DEBIT', 'RETURNED_DEBIT',"
    " 'DISCARDED_DEBIT', 'RECEIPT', 'RECEIPT_CLEARED', 'CHARGE', 'OFFSET', 'WRITE_OFF', 'REFUND',"
    " 'REFUND_RETURNED')"
)
_TABLE = "billing_ledgertransaction"


class Migration(migrations.Migration):
    dependencies = [("billing", "0032_returned_refunds")]

    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE {_TABLE} NO FORCE ROW LEVEL SECURITY",
                f"DROP POLICY own_rows ON {_TABLE}",
                f"DROP POLICY every_row ON {_TABLE}",
            ],
            migrations.RunSQL.noop,
        ),
        fence(
            _TABLE,
            f"({of_contract('contract_id', CONTRACTS_OF)} AND $row.kind IN {_PREMIUM_KINDS})",
        ),
    ]
