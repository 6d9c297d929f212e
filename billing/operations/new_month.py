"""Writing the lines of a month not billed before (`billing.queries.new_month`)."""

from collections.abc import Sequence

from psycopg import sql

from billing.facts.premium import StatementSum
from billing.models import BillingRun
from billing.queries.new_month import ALONG_INDEXES, NewMonth, execute_charged

_WRITE = """
, written AS (
    INSERT INTO {lines} (
        contract_id, person_id, covered_month, run_id, amount, covered_days, pay, band, tariff_id)
    SELECT contract_id, person_id, %(month)s, {run}, amount, days, pay, {band}, {tariff}
    FROM charged
    RETURNING contract_id, amount, pay
)
SELECT contract_id, SUM(amount), COUNT(*), COUNT(*), SUM(pay) FROM written GROUP BY contract_id
"""


def charge_new_month(
    *, run: BillingRun, new: NewMonth, contract_ids: Sequence[int], snapshot_id: int
) -> list[StatementSum]:
    """Write the lines of everybody in some contracts for the run's month; what they come to.

    Whoever calls holds the contracts. `snapshot_id` is that of the month's tariff version.
    """
    return execute_charged(
        _WRITE,
        new,
        contract_ids,
        plan=ALONG_INDEXES,
        lines=sql.Identifier(run.lines_table),
        run=sql.Literal(run.pk),
        tariff=sql.Literal(snapshot_id),
    )
