"""A debit collects an open item; what it comes to is proven by its allocation."""

import django.db.models.deletion
from django.db import migrations, models

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import (
    fence,
    fence_insurer_only,
    of_contract,
    of_parent,
    with_children,
)

# Whatever is booked about premium; what the ledger says of benefit is the insurer's.
_PREMIUM_KINDS = (
    "('STATEMENT', 'COLLECTION', 'SETTLEMENT', 'REJECTED_DEBIT', 'RETURNED_DEBIT',"
    " 'DISCARDED_DEBIT', 'RECEIPT', 'RECEIPT_CLEARED', 'CHARGE', 'OFFSET', 'WRITE_OFF', 'REFUND')"
)
_PREMIUM_ACCOUNTS = "('1400', '1360', '4000', '1776', '2650', '2670')"
_OWN = of_contract("contract_id", CONTRACTS_OF)
_TRANSACTION = f"({_OWN} AND $row.kind IN {_PREMIUM_KINDS})"
_ENTRY = f"({_OWN} AND $row.account IN {_PREMIUM_ACCOUNTS})"


def _unfence(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"DROP POLICY own_rows ON {table}",
            f"DROP POLICY every_row ON {table}",
        ],
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0017_open_items_of_what_was_billed"),
        ("aupolicy", "0015_premium_default"),
    ]

    operations = [
        fence("billing_openitem", _OWN),
        fence("billing_allocation", of_parent("open_item_id", "billing_openitem")),
        _unfence("billing_collectionitem"),
        # The fence of collections asks for the debits, so it goes before their column does.
        _unfence("billing_collection"),
        _unfence("billing_ledgertransaction"),
        _unfence("billing_ledgerentry"),
        migrations.RunSQL(
            "ALTER TABLE billing_collectionitem DROP CONSTRAINT debit_equals_statement",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("collectionitem", "statement"),
        migrations.AlterField(
            "collectionitem",
            "open_item",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debits",
                to="billing.openitem",
            ),
        ),
        migrations.AlterField(
            "collectionitem",
            "end_to_end_id",
            models.CharField(max_length=35, unique=True, verbose_name="Ende-zu-Ende-Referenz"),
        ),
        migrations.AlterField(
            "collectionitem",
            "remittance",
            models.CharField(max_length=140, verbose_name="Verwendungszweck"),
        ),
        migrations.RunSQL(
            "ALTER TABLE billing_openitem ADD CONSTRAINT open_item_equals_statement"
            " FOREIGN KEY (statement_id, amount) REFERENCES billing_statement (id, total)"
            " DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE billing_openitem DROP CONSTRAINT open_item_equals_statement",
        ),
        fence("billing_collectionitem", of_parent("open_item_id", "billing_openitem")),
        fence("billing_collection", with_children("billing_collectionitem", "collection_id")),
        # What is booked about several contracts at once, or about none yet, is the insurer's.
        fence("billing_ledgertransaction", _TRANSACTION),
        fence("billing_ledgerentry", _ENTRY),
        fence_insurer_only("billing_bankfile"),
        fence_insurer_only("billing_bankentry"),
        fence_insurer_only("billing_bankstatus"),
        fence("billing_returneddebit", of_parent("debit_id", "billing_collectionitem")),
        fence_insurer_only("billing_closedmonth"),
        fence("aupolicy_premiumdefault", _OWN),
    ]
