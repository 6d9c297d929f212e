from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_filings_quotes_and_mails")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="zuletzt versucht"),
        ),
    ]
