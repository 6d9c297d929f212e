"""Mandates there are were recorded with their contracts, for the insurer of the settings.

Their stops and signatures belong to the employer, as they do.
"""

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from aupolicy.models.row_security import fence, of_contract, of_parent

_SIGNATURES = """
INSERT INTO billing_mandatesignature
    (contract_id, mandate_id, how, signed_on, typed_name, wording_sha256, document_name,
     document_sha256, recorded_at)
SELECT m.contract_id, m.id, 'recorded', m.signed_on, '', '', '', '',
       m.signed_on::timestamp AT TIME ZONE 'Europe/Berlin'
  FROM billing_mandate m WHERE m.original_id IS NULL
"""


def record_what_is_known(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Name the creditor of every mandate, and say how it was signed."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_mandate SET creditor_name = %s WHERE creditor_name = ''",
            [settings.INSURER["name"][:70]],
        )
        cursor.execute(_SIGNATURES)


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_mandate_stops")]

    operations = [
        fence("billing_mandatestop", of_parent("mandate_id", "billing_mandate")),
        fence("billing_mandatesignature", of_contract("contract_id")),
        migrations.RunPython(record_what_is_known, migrations.RunPython.noop),
    ]
