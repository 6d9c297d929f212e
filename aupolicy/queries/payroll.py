"""The tax and social insurance of a year."""

from datetime import date
from functools import lru_cache

from aupolicy.facts.payroll import PayrollParameters
from aupolicy.parsing import parse_payroll_parameters, payroll_files


class NoPayrollParameters(LookupError):
    """No file holds the tax and social insurance of a day; `known` lists the years there are."""

    code = "NO_PAYROLL_PARAMETERS"

    def __init__(self, day: date) -> None:
        known = ", ".join(str(found.valid_from.year) for found in list_payroll_parameters())
        self.params = {"year": str(day.year), "known": known}
        super().__init__(f"no tax and social insurance for {day.year}, known: {known}")


@lru_cache(maxsize=1)
def list_payroll_parameters() -> tuple[PayrollParameters, ...]:
    """All years there are, oldest first. The files are part of the installed product."""
    return tuple(parse_payroll_parameters(path) for path in payroll_files())


def get_payroll_parameters(day: date) -> PayrollParameters:
    """Tax and social insurance in force on a day. Raises NoPayrollParameters."""
    for found in list_payroll_parameters():
        if found.valid_from <= day <= found.valid_until:
            return found
    raise NoPayrollParameters(day)
