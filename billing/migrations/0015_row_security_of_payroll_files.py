"""Files for payroll tell of people's pay: only those see them who may act for the employer."""

from django.db import migrations

from aupolicy.models.row_security import fence, fence_history, of_employer, of_parent

_FILES = "billing_payrollfile"


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_payroll_files")]

    operations = [
        fence("billing_payrolltarget", of_employer("employer_id")),
        fence_history("billing_payrolltargetevent"),
        fence(_FILES, of_employer("employer_id")),
        fence("billing_payrollfileline", of_parent("file_id", _FILES)),
        fence("billing_payrollfilewithdrawal", of_parent("file_id", _FILES)),
    ]
