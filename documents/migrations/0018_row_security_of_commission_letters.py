"""A broker sees the letters of its own commission statements."""

from django.db import migrations

from aupolicy.models.row_security import fence, of_contract, of_parent

_TABLE = "documents_document"


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0017_commission_letters"),
        ("billing", "0033_row_security_of_returned_refunds"),
    ]

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
            of_contract("contract_id"),
            of_parent("quote_id", "aupolicy_quote"),
            of_parent("commission_statement_id", "billing_commissionstatement"),
        ),
    ]
