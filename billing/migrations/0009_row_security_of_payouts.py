"""Payouts are the insurer's: the web sees none of them, nor what the ledger says of benefit."""

from django.db import migrations

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import fence, fence_insurer_only, of_contract

_ENTRIES = "billing_ledgerentry"
_PREMIUM = (
    f"({of_contract('contract_id', CONTRACTS_OF)} AND $row.account IN ('1400', '1360', '4000'))"
)
_BIND = """
ALTER TABLE billing_payoutitem ADD CONSTRAINT payment_equals_slice
    FOREIGN KEY (slice_id, amount) REFERENCES claims_benefitslice (id, amount);
"""
_RELEASE = "ALTER TABLE billing_payoutitem DROP CONSTRAINT payment_equals_slice;"


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_payouts"), ("claims", "0002_row_security")]

    operations = [
        migrations.RunSQL(_BIND, _RELEASE),
        *(
            fence_insurer_only(f"billing_{name}")
            for name in ("payoutorder", "payout", "payoutitem", "recovery", "recoverysettlement")
        ),
        migrations.RunSQL(
            [
                f"ALTER TABLE {_ENTRIES} NO FORCE ROW LEVEL SECURITY",
                f"DROP POLICY own_rows ON {_ENTRIES}",
                f"DROP POLICY every_row ON {_ENTRIES}",
            ],
            migrations.RunSQL.noop,
        ),
        fence(_ENTRIES, _PREMIUM),
    ]
