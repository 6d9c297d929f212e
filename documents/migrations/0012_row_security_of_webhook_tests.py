"""What was told to an address is seen by whose address it is; marks are the product's own.

A broker goes on seeing that it was told of a statement of an employer that gave no authority for
people, and of the test of an address, which concerns no employer.
"""

from django.db import migrations

from aupolicy.models.row_security import fence, fence_insurer_only, of_employer, with_children

_TABLE = "documents_webhookmessage"


class Migration(migrations.Migration):
    dependencies = [("documents", "0011_webhooks_fail_rotate_and_are_tested")]

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
            of_employer("employer_id"),
            with_children("documents_webhookdelivery", "message_id"),
        ),
        fence_insurer_only("documents_webhookmark"),
    ]
