"""Whose webhooks are whose; see `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import fence, of_employer, of_parent


class Migration(migrations.Migration):
    dependencies = [
        ("aupolicy", "0010_row_security_of_programs"),
        ("documents", "0009_webhooks_and_public_keys"),
    ]

    operations = [
        fence("documents_webhookendpoint", of_parent("client_id", "aupolicy_apiclient")),
        fence("documents_webhookmessage", of_employer("employer_id")),
        fence("documents_webhookdelivery", of_parent("endpoint_id", "documents_webhookendpoint")),
        fence("documents_webhookattempt", of_parent("delivery_id", "documents_webhookdelivery")),
    ]
