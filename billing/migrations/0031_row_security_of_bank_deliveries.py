"""What the bank sends, and how returned debits are dealt with, is the insurer's alone."""

from django.db import migrations

from aupolicy.models.row_security import fence_insurer_only


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_answers_of_the_bank")]

    operations = [
        fence_insurer_only("billing_bankdelivery"),
        fence_insurer_only("billing_returnreaction"),
    ]
