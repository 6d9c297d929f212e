"""A payroll that is to be priced: who of it can be insured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.facts import TariffVersion
from aupolicy.rules import count_payroll
from members.facts import Applicant, Ineligibility
from members.parsing.notice_file import PayrollRow
from members.queries.notices import retirement_steps
from members.rules import decide_eligibility

# What a file does not tell is taken as fitting: an age in the middle of working life.
_ASSUMED_AGE_YEARS = 40


@dataclass(frozen=True, slots=True)
class InsurablePayroll:
    """People by monthly gross pay in EUR; `left_out` are rows of who cannot be insured, and why."""

    counts: Mapping[Decimal, int]
    left_out: Mapping[int, Ineligibility]


def split_payroll(
    rows: Iterable[PayrollRow], *, tariff: TariffVersion, as_of: date
) -> InsurablePayroll:
    """Count the people of a payroll who can be insured on a day, and name the others' rows."""
    read = list(rows)
    reasons = {row.row: _find_reason(row, tariff, as_of) for row in read}
    left_out = {row: reason for row, reason in reasons.items() if reason is not None}
    return InsurablePayroll(
        counts=count_payroll(row.pay for row in read if row.row not in left_out),
        left_out=left_out,
    )


def _find_reason(row: PayrollRow, tariff: TariffVersion, as_of: date) -> Ineligibility | None:
    person = Applicant(
        birth_date=row.birth_date or date(as_of.year - _ASSUMED_AGE_YEARS, 1, 1),
        employment=row.employment,
        occupation=row.occupation,
        co_insured_director=True,
    )
    return decide_eligibility(
        person, as_of=as_of, parameters=tariff.parameters, steps=retirement_steps()
    ).reason
