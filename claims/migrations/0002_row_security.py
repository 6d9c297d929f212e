"""Whose rows the tables of claims hold; see `aupolicy.models.row_security`.

The web, which is also the employer's and the broker's, sees the leaves and certificates that were
reported through it and nothing else. Health data is hidden even from the product itself unless
`claims.operations.medical` opens it.
"""

from django.db import migrations

from aupolicy.models.row_security import (
    fence,
    fence_history,
    fence_insurer_only,
    fence_medical,
    of_employer,
    of_parent,
)

_REPORTED = "$row.channel IN ('EMPLOYER', 'BROKER', 'API')"
_INSURERS = (
    "claim", "reintegration", "decision", "hold", "review", "documentrequest", "checkclearance",
    "claimnote", "benefitslice", "benefitrun", "payee", "consent", "contact", "personlink",
    "medicalread", "provider", "assistancecase", "assistanceorder", "assistancefeedback",
)  # fmt: skip
_HISTORIES = (
    "assistancecaseevent", "assistanceorderevent", "certificateevent", "payeeevent",
    "reintegrationevent", "sickleaveevent",
)  # fmt: skip
_MEDICAL = ("medicaldocument", "diagnosis", "medicalnote")


class Migration(migrations.Migration):
    dependencies = [("aupolicy", "0006_booked_rows_are_not_emptied"), ("claims", "0001_initial")]

    operations = [
        fence("claims_sickleave", f"({of_employer('employer_id')} AND {_REPORTED})"),
        fence(
            "claims_certificate",
            f"({of_parent('sick_leave_id', 'claims_sickleave')} AND {_REPORTED})",
        ),
        *(fence_insurer_only(f"claims_{name}") for name in _INSURERS),
        *(fence_history(f"claims_{name}") for name in _HISTORIES),
        *(fence_medical(f"claims_{name}") for name in _MEDICAL),
    ]
