"""What cover is worth to each person in a month, for payroll (geldwerter Vorteil)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.kernel.sorting import BARE, MARKED
from aupolicy.models import Employer
from billing.models import BillingRun, Statement

MONTHLY_LIMIT = Decimal(50)
"""EUR a month: up to here benefits in kind stay free of tax together (§ 8 (2) sentence 11 EStG).

The limit holds for all of an employee's benefits in kind at once, so payroll decides.
"""


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """What one person's cover is worth, EUR: of the month, and later changes of earlier ones.

    A change counts in the month of the statement that carries it.
    """

    person_id: int
    personnel_number: str
    last_name: str
    first_name: str
    of_month: Decimal
    of_earlier_months: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.of_month + self.of_earlier_months


@dataclass(frozen=True, slots=True)
class BenefitSum:
    """The foot of the list: people and EUR."""

    people: int
    of_month: Decimal
    of_earlier_months: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.of_month + self.of_earlier_months


_ROWS = """
SELECT p.id, p.personnel_number, p.last_name, p.first_name,
       COALESCE(SUM(l.amount) FILTER (WHERE l.covered_month = r.month), 0),
       COALESCE(SUM(l.amount) FILTER (WHERE l.covered_month <> r.month), 0)
FROM billing_premiumline l
JOIN aupolicy_groupcontract c ON c.id = l.contract_id AND c.employer_id = %(employer)s
JOIN billing_billingrun r ON r.id = l.run_id AND r.kind = %(kind)s AND r.month = %(month)s
JOIN members_person p ON p.id = l.person_id
GROUP BY p.id
ORDER BY lower(translate(p.last_name, %(marked)s, %(bare)s)),
         lower(translate(p.first_name, %(marked)s, %(bare)s)), p.personnel_number
LIMIT %(limit)s OFFSET %(offset)s
"""
_SUM = """
SELECT COUNT(DISTINCT l.person_id),
       SUM(l.amount) FILTER (WHERE l.covered_month = r.month),
       SUM(l.amount) FILTER (WHERE l.covered_month <> r.month)
FROM billing_premiumline l
JOIN aupolicy_groupcontract c ON c.id = l.contract_id AND c.employer_id = %(employer)s
JOIN billing_billingrun r ON r.id = l.run_id AND r.kind = %(kind)s AND r.month = %(month)s
"""


def list_benefits_in_kind(
    employer: Employer, month: Month, *, limit: int | None = None, offset: int = 0
) -> Iterator[BenefitRow]:
    """What the cover of each of an employer's people is worth, by the month's posted run."""
    parameters: dict[str, Any] = {
        **_parameters(employer, month),
        "limit": limit,
        "offset": offset,
        "marked": MARKED,
        "bare": BARE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, parameters)
        yield from (BenefitRow(*row) for row in cursor.fetchall())


def sum_benefits_in_kind(employer: Employer, month: Month) -> BenefitSum:
    """The sums over everybody."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM, _parameters(employer, month))
        people, of_month, earlier = cursor.fetchone()
        return BenefitSum(people, of_month or ZERO, earlier or ZERO)


def list_billed_months(employer: Employer) -> list[date]:
    """The months with a posted statement of an employer, newest first."""
    statements = Statement.objects.filter(
        contract__employer=employer, number__isnull=False, run__kind=BillingRun.PREMIUM
    )
    return list(statements.order_by("-month").values_list("month", flat=True).distinct())


def _parameters(employer: Employer, month: Month) -> dict[str, Any]:
    return {"employer": employer.pk, "kind": BillingRun.PREMIUM, "month": month.first_day}
