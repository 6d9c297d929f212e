"""Orders of files for payroll programs."""

from dataclasses import dataclass
from typing import Any, Final

from api.facts import Problem
from api.parsing.fields import Field, Reader, choice, month, text
from aupolicy.kernel.month import Month
from billing.facts.payroll_file import PayrollFormat

ORDER_FIELDS: Final[tuple[Field, ...]] = (
    text(
        "contract",
        "Number or id of a contract of the employer; may be left out where there is one employer.",
        longest=36,
        example="BAU-100001",
    ),
    month("month", "Everything up to this month that no file delivered yet.", required=True),
    choice(
        "format",
        "The payroll program; the one of the employer's settings unless said.",
        [one.value for one in PayrollFormat],
    ),
)


@dataclass(frozen=True, slots=True)
class FileOrder:
    """A file that is asked for; `contract` "" and `file_format` None where nothing is said."""

    contract: str
    month: Month
    file_format: PayrollFormat | None


def read_order(body: Any) -> FileOrder:
    """The order of a body. Raises Problem (422)."""
    found, faults = Reader(ORDER_FIELDS).read(body)
    if faults:
        raise Problem(422, "INVALID_BODY", faults=tuple(faults))
    wanted = found.get("format")
    return FileOrder(
        contract=found.get("contract", ""),
        month=found["month"],
        file_format=PayrollFormat(wanted) if wanted else None,
    )
