"""Duplicates are found by comparing what notices say, so no fingerprint is kept."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0002_notices_and_uploads")]

    operations = [migrations.RemoveField(model_name="noticerecord", name="fingerprint")]
