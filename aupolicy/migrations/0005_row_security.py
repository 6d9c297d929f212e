"""Whose rows the tables of the agreement hold; see `aupolicy.models.row_security`.

Without a policy are: users, grants and invitations, which decide who may see what and are read
before that is known; brokers, who stand in a public register; tariffs, which are everybody's.
"""

from django.db import migrations

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import (
    fence,
    fence_history,
    of_broker,
    of_contract,
    of_employer,
    provide_web_role,
)


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0004_history_of_every_change")]

    operations = [
        migrations.RunPython(provide_web_role, migrations.RunPython.noop),
        fence("aupolicy_employer", of_employer("id", CONTRACTS_OF)),
        fence(
            "aupolicy_groupcontract",
            of_employer("employer_id", CONTRACTS_OF),
            of_broker("broker_id"),
        ),
        fence("aupolicy_contractversion", of_contract("contract_id", CONTRACTS_OF)),
        fence("aupolicy_cancellation", of_contract("contract_id", CONTRACTS_OF)),
        fence(
            "aupolicy_brokerauthority",
            of_employer("employer_id", CONTRACTS_OF),
            of_broker("broker_id"),
        ),
        fence("aupolicy_quote", of_broker("broker_id")),
        fence("aupolicy_application", of_broker("broker_id"), of_employer("employer_id")),
        fence("aupolicy_workitem", of_employer("employer_id")),
        *(
            fence_history(f"aupolicy_{name}event")
            for name in (
                "application",
                "broker",
                "brokerauthority",
                "contractversion",
                "employer",
                "grant",
                "groupcontract",
                "user",
                "workitem",
            )
        ),
    ]
