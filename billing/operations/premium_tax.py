"""Insurance tax of the statements of a run (billing.queries.owed_tax)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import connection
from psycopg import sql

from billing.models import BillingRun, Statement
from billing.queries.owed_tax import Net, OwedTax, sum_tax

_NETS = """
SELECT contract_id, covered_month, SUM(before + now), SUM(now) FROM (
    SELECT contract_id, covered_month, amount AS before, 0 AS now
    FROM billing_premiumline WHERE contract_id = ANY(%(contracts)s) AND run_id <> %(run)s
    UNION ALL
    SELECT contract_id, covered_month, 0, amount
    FROM {lines} WHERE contract_id = ANY(%(contracts)s)
) line
GROUP BY contract_id, covered_month
"""


def tax_statements(*, run: BillingRun, contracts: Collection[int]) -> None:
    """Add insurance tax to the statements of taxable contracts, which have just been filled.

    A statement's total becomes premium and tax; `tax_lines` has one row for each month whose
    premium or tax it changes. Raises NoTaxTreatment for a month nothing is known of.
    """
    if not contracts:
        return
    nets, owed = _read_nets(run, contracts), OwedTax(contracts)
    for statement in Statement.objects.filter(run=run, contract_id__in=contracts):
        statement.tax_lines = owed.list_lines(statement.contract_id, nets[statement.contract_id])
        statement.tax = sum_tax(statement.tax_lines)
        statement.total += statement.tax
        statement.save(update_fields=["tax", "tax_lines", "total"])


def _read_nets(run: BillingRun, contracts: Collection[int]) -> dict[int, dict[date, Net]]:
    query = sql.SQL(_NETS).format(lines=sql.Identifier(run.lines_table))
    nets: dict[int, dict[date, Net]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(query, {"contracts": list(contracts), "run": run.pk})
        for contract_id, month, through_now, new in cursor.fetchall():
            nets[contract_id][month] = Net(through_now, new)
    return nets
