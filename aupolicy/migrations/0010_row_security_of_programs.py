"""Whose programs are whose; keys follow their program. See `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import (
    fence,
    fence_history,
    of_broker,
    of_employer,
    of_parent,
)


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0009_programs_and_public_keys")]

    operations = [
        fence("aupolicy_apiclient", of_employer("employer_id"), of_broker("broker_id")),
        fence("aupolicy_apikey", of_parent("client_id", "aupolicy_apiclient")),
        fence_history("aupolicy_apiclientevent"),
        fence_history("aupolicy_apikeyevent"),
    ]
