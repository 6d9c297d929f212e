from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0024_row_security_of_arrears"),
    ]

    operations = [
        migrations.AddField(
            model_name="billingrun",
            name="posting_refusal",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="Buchung abgelehnt",
            ),
        ),
    ]
