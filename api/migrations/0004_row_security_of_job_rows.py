"""Whose the rows of a program's payrolls are; see `aupolicy.models.row_security`."""

from django.db import migrations

from aupolicy.models.row_security import fence, of_parent


class Migration(migrations.Migration):
    dependencies = [("api", "0003_rows_of_jobs")]

    operations = [fence("api_jobrow", of_parent("job_id", "api_job"))]
