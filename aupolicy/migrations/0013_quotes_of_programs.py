import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0012_use_of_tokens")]

    operations = [
        migrations.AlterField(
            model_name="quote",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="program_name",
            field=models.CharField(blank=True, default="", max_length=70, verbose_name="Anbindung"),
        ),
    ]
