"""Reads of one statement's lines for its page, in whatever room."""

from django.db import connection
from psycopg import sql

from billing.models import Statement
from billing.queries.lines import lines_of
from portal.facts import LineSums

_SUMS = """
SELECT COUNT(*) FILTER (WHERE covered_month = %(month)s),
       COALESCE(SUM(amount) FILTER (WHERE covered_month = %(month)s), 0),
       COUNT(*) FILTER (WHERE covered_month <> %(month)s),
       COALESCE(SUM(amount) FILTER (WHERE covered_month <> %(month)s), 0)
FROM {lines} WHERE run_id = %(run)s AND contract_id = %(contract)s
"""


def get_line_sums(statement: Statement) -> LineSums:
    """How much of a statement is its own month and how much differences of past months."""
    query = sql.SQL(_SUMS).format(lines=lines_of(statement.run))
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                "run": statement.run_id,
                "contract": statement.contract_id,
                "month": statement.month,
            },
        )
        return LineSums(*cursor.fetchone())
