"""Whose rows the tables of billing hold; see `aupolicy.models.row_security`.

Without a policy are runs, their slices and the series of numbers, which belong to nobody alone.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import (
    fence,
    fence_history,
    fence_statements,
    of_contract,
    of_parent,
    with_children,
)
from billing.models.run import WHOSE_LINES

_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"


def fence_partitions(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Runs posted before: somebody may ask their partitions directly."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, ["billing_premiumline"])
        for (table,) in cursor.fetchall():
            for statement in fence_statements(table, WHOSE_LINES):
                cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("aupolicy", "0005_row_security"),
        ("members", "0005_row_security"),
        ("billing", "0005_history_of_mandates"),
    ]

    operations = [
        fence("billing_statement", of_contract("contract_id", CONTRACTS_OF)),
        fence("billing_premiumline", WHOSE_LINES),
        migrations.RunPython(fence_partitions, migrations.RunPython.noop),
        fence("billing_mandate", of_contract("contract_id")),
        fence("billing_mandatechange", of_contract("contract_id")),
        fence("billing_collectionitem", of_parent("statement_id", "billing_statement")),
        fence("billing_collection", with_children("billing_collectionitem", "collection_id")),
        fence("billing_ledgerentry", of_contract("contract_id", CONTRACTS_OF)),
        # A collection books the debits of many at once: that booking is the insurer's.
        fence("billing_ledgertransaction", of_parent("statement_id", "billing_statement")),
        fence_history("billing_mandateevent"),
        fence_history("billing_mandatechangeevent"),
    ]
