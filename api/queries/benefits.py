"""What cover is worth to people in a month (geldwerter Vorteil), page by page by person.

The same figures as `billing.queries.benefit_in_kind`, and beside them what payroll asks next:
what the month is worth as known now, and the sum of the year.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from api.queries.contracts import list_contracts
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from aupolicy.queries.access import Rights
from billing.models import BillingRun
from billing.queries.benefit_in_kind import MONTHLY_LIMIT

# Runs are named one by one, so that only their partitions are looked at.
_PAGE = """
WITH page AS MATERIALIZED (
    SELECT l.person_id,
           COALESCE(SUM(l.amount) FILTER (WHERE l.covered_month = %(month)s::date), 0) AS of_month,
           COALESCE(SUM(l.amount) FILTER (WHERE l.covered_month <> %(month)s::date), 0) AS earlier
    FROM billing_premiumline l
    WHERE l.run_id = %(run)s AND l.contract_id = ANY(%(contracts)s) AND l.person_id > %(after)s
    GROUP BY l.person_id ORDER BY l.person_id LIMIT %(limit)s
), known AS (
    SELECT l.person_id, SUM(l.amount) AS of_year,
           SUM(l.amount) FILTER (WHERE l.covered_month = %(month)s::date) AS of_month
    FROM billing_premiumline l
    WHERE l.run_id = ANY(%(runs)s) AND l.contract_id = ANY(%(contracts)s)
      AND l.person_id = ANY(ARRAY(SELECT person_id FROM page))
      AND l.covered_month BETWEEN %(january)s::date AND %(month)s::date
    GROUP BY l.person_id
)
SELECT page.person_id, p.public_id, p.personnel_number, p.first_name, p.last_name, page.of_month,
       page.earlier, COALESCE(known.of_month, 0), COALESCE(known.of_year, 0)
FROM page JOIN members_person p ON p.id = page.person_id
LEFT JOIN known ON known.person_id = page.person_id
ORDER BY page.person_id
"""
_SUMS = """
SELECT COUNT(DISTINCT l.person_id),
       SUM(l.amount) FILTER (WHERE l.covered_month = %(month)s::date),
       SUM(l.amount) FILTER (WHERE l.covered_month <> %(month)s::date)
FROM billing_premiumline l
WHERE l.run_id = %(run)s AND l.contract_id = ANY(%(contracts)s)
"""
Row = tuple[Any, ...]


class BilledMonth:
    """What a month's posted run charged for people of one employer under some contracts."""

    def __init__(
        self, rights: Rights, employer: Employer, contract: GroupContract | None, month: Month
    ) -> None:
        own = list_contracts(rights).filter(employer=employer)
        contracts = [contract.pk] if contract else list(own.values_list("pk", flat=True))
        runs = BillingRun.objects.filter(kind=BillingRun.PREMIUM, posted_at__isnull=False)
        january = Month(month.year, 1).first_day
        found = dict(runs.filter(month__gte=january).values_list("month", "pk"))
        self._run = found.get(month.first_day)
        self._values: dict[str, Any] = {
            "contracts": contracts,
            "run": self._run,
            "runs": list(found.values()),
            "month": month.first_day,
            "january": january,
        }

    @property
    def is_billed(self) -> bool:
        """Whether there is a posted run of the month."""
        return self._run is not None

    def list_rows(self, *, after: int, limit: int) -> Sequence[Row]:
        """People by person, after such a one; nobody where nothing is billed."""
        if not self.is_billed:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_PAGE, self._values | {"after": after, "limit": limit})
            rows: list[Row] = cursor.fetchall()
            return rows

    def write_sums(self) -> dict[str, Any]:
        """The foot of the list, over all pages."""
        people, of_month, earlier = 0, ZERO, ZERO
        if self.is_billed:
            with connection.cursor() as cursor:
                cursor.execute(_SUMS, self._values)
                found = cursor.fetchone()
            people, of_month, earlier = found[0], found[1] or ZERO, found[2] or ZERO
        return {
            "people": people,
            "of_month": of_month,
            "of_earlier_months": earlier,
            "total": of_month + earlier,
        }


def write_benefit(row: Row) -> Mapping[str, Any]:
    """A row of `BilledMonth.list_rows` as an answer tells it."""
    _, public_id, number, first_name, last_name, of_month, earlier, value, year = row
    return {
        "person": public_id,
        "personnel_number": number,
        "first_name": first_name,
        "last_name": last_name,
        "of_month": of_month,
        "of_earlier_months": earlier,
        "total": of_month + earlier,
        "month_value": value,
        "year_sum": year,
        "over_limit": value > MONTHLY_LIMIT,
    }
