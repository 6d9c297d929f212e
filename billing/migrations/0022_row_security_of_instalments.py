"""A contract's instalments are its employer's; what is given up is the insurer's."""

from django.db import migrations

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import fence, fence_insurer_only, of_contract, of_parent


class Migration(migrations.Migration):
    dependencies = [("billing", "0021_instalments_and_write_offs")]

    operations = [
        fence("billing_instalmentplan", of_contract("contract_id", CONTRACTS_OF)),
        fence("billing_planneditem", of_parent("plan_id", "billing_instalmentplan")),
        fence("billing_instalment", of_parent("plan_id", "billing_instalmentplan")),
        fence_insurer_only("billing_writeoff"),
    ]
