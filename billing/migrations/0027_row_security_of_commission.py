"""A broker sees what it earns, and nobody else's; refunds are the insurer's."""

from django.db import migrations

from aupolicy.models.row_security import fence, fence_insurer_only, of_broker


class Migration(migrations.Migration):
    dependencies = [("billing", "0026_commission_and_refunds")]

    operations = [
        *(
            fence(f"billing_{table}", of_broker("broker_id"))
            for table in (
                "commissionagreement",
                "commissionentry",
                "commissionstatement",
                "brokeraccount",
            )
        ),
        fence_insurer_only("billing_refunditem"),
    ]
