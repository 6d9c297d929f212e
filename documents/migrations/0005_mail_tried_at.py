from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_booked_rows_are_not_emptied")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="zuletzt versucht"),
        ),
    ]
