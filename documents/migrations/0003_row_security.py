"""Whose rows the tables of papers hold; see `aupolicy.models.row_security`.

Mails have no policy: they name a user and an occasion, and are sent by tasks.
"""

from django.db import migrations

from aupolicy.models.row_security import fence, of_contract, of_parent


class Migration(migrations.Migration):
    dependencies = [
        ("aupolicy", "0005_row_security"),
        ("documents", "0002_filings_quotes_and_mails"),
    ]

    operations = [
        fence(
            "documents_document",
            of_contract("contract_id"),
            of_parent("quote_id", "aupolicy_quote"),
        ),
        fence("documents_filing", of_parent("document_id", "documents_document")),
    ]
