"""The digest of a run's lines: it tells an audit whether they still are what was posted."""

from django.db import connection
from psycopg import sql

from billing.models import BillingRun

# Each contract's lines in order of person and month, then the contracts' digests in order of the
# contracts: so no text is longer than the largest contract. Months are told as days since 2000,
# since how a date is written is up to the session; what is empty is told as -1, which nothing is.
_DIGEST = """
SELECT encode(sha256(COALESCE(
    string_agg(int8send(contract_id) || digest, ''::bytea ORDER BY contract_id), '')), 'hex')
FROM (
    SELECT contract_id, sha256(convert_to(string_agg(
        concat_ws('|', person_id, covered_month - DATE '2000-01-01', amount, covered_days,
            COALESCE(pay, -1), COALESCE(band, -1), COALESCE(tariff_id, -1)),
        E'\n' ORDER BY person_id, covered_month), 'UTF8')) AS digest
    FROM {lines} GROUP BY contract_id
) of_contract
"""


def compute_run_digest(*, run: BillingRun) -> str:
    """SHA-256 over all lines of a run, posted or not, as hexadecimal text."""
    statement = sql.SQL(_DIGEST).format(lines=sql.Identifier(run.lines_table))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (digest,) = cursor.fetchone()
    return str(digest)
