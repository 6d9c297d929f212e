import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0011_agency_number_of_brokers"), ("members", "0007_public_keys")]

    operations = [
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["contract", "person"], name="membership_of_contract"),
        ),
        # The new index serves whatever asked the one on the contract alone.
        migrations.AlterField(
            model_name="membership",
            name="contract",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="aupolicy.groupcontract",
            ),
        ),
    ]
