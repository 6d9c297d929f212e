"""Files for payroll programs, made on request."""

from datetime import datetime

from api.facts import Fault, Problem
from api.parsing.payroll_files import FileOrder
from aupolicy.models import Employer
from billing.facts.payroll_file import PayrollFormat
from billing.models import PayrollFile
from billing.operations.payroll_files import UnableToMakePayrollFile, create_payroll_file
from billing.queries.payroll_files import get_payroll_target

_FIELDS = {
    "NOTHING_BILLED": "month",
    "BEFORE_FIRST_MONTH": "month",
    "NOTHING_NEW": "month",
    "TARGET_MISSING": "format",
    "TARGET_INCOMPLETE": "format",
}


def make_file(*, employer: Employer, order: FileOrder, now: datetime) -> PayrollFile:
    """The file of a month; a second one has nothing new. Raises Problem (422)."""
    target = get_payroll_target(employer)
    chosen = target.file_format if target else PayrollFormat.CSV
    try:
        return create_payroll_file(
            employer=employer,
            month=order.month,
            file_format=order.file_format or chosen,
            by=None,
            now=now,
        )
    except UnableToMakePayrollFile as error:
        # A list goes as lines: words take it apart again.
        params = {
            name: value if isinstance(value, str) else "\n".join(value)
            for name, value in error.params.items()
        }
        fault = Fault(f"PAYROLL_{error.code}", _FIELDS.get(error.code, ""), params)
        raise Problem(422, "NO_PAYROLL_FILE", faults=(fault,)) from None
