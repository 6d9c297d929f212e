from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0002_notices_and_uploads'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='channel',
            field=models.CharField(choices=[('FILE', 'Datei'), ('API', 'Schnittstelle'), ('COMMAND', 'Befehlszeile')], default='FILE', max_length=10, verbose_name='Weg'),
        ),
    ]
