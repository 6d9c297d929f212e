"""That an employer's people have claims, and that something is to be done about one, is not its.

Work about anything else that concerns an employer stays where it was.
"""

from django.db import migrations

from aupolicy.models.row_security import fence, of_employer

_TABLE = "aupolicy_workitem"
_ABOUT_CLAIMS = "('claim', 'evidence', 'approval', 'review', 'payee', 'payout', 'assistance')"


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0007_kinds_of_claims_work")]

    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE {_TABLE} NO FORCE ROW LEVEL SECURITY",
                f"DROP POLICY own_rows ON {_TABLE}",
                f"DROP POLICY every_row ON {_TABLE}",
            ],
            migrations.RunSQL.noop,
        ),
        fence(_TABLE, f"({of_employer('employer_id')} AND $row.kind NOT IN {_ABOUT_CLAIMS})"),
    ]
