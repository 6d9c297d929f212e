"""Why letters about claims were written is for the insurer; see `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import fence_insurer_only


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_causes_of_letters")]

    operations = [fence_insurer_only("documents_lettercause")]
