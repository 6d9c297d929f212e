"""A contract's arrears are its employer's; what clerks do among themselves is the insurer's."""

from django.db import migrations

from aupolicy.facts.scope import CONTRACTS_OF
from aupolicy.models.row_security import fence, of_contract, of_parent

_CASES = "billing_arrearscase"
_OWN = of_parent("case_id", _CASES)
_AMONG_CLERKS = "('STOP', 'RESUME', 'RELEASE')"


class Migration(migrations.Migration):
    dependencies = [("billing", "0023_arrears")]

    operations = [
        fence(_CASES, of_contract("contract_id", CONTRACTS_OF)),
        fence("billing_arrearsitem", _OWN),
        fence("billing_arrearsstep", f"({_OWN} AND $row.kind NOT IN {_AMONG_CLERKS})"),
    ]
