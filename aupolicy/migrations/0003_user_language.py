from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0002_access_offers_and_work")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                choices=[("de", "Deutsch"), ("en", "English")],
                default="de",
                max_length=5,
                verbose_name="Sprache",
            ),
        ),
    ]
