from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_notices_known_by_what_they_say"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="channel",
            field=models.CharField(
                choices=[("FILE", "Datei"), ("API", "Schnittstelle"), ("COMMAND", "Befehlszeile")],
                default="FILE",
                max_length=10,
                verbose_name="Weg",
            ),
        ),
    ]
