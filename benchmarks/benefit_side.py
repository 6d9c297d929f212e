"""One side of `benchmarks.benefit` in a process of its own.

    python -m benchmarks.benefit_side (product | floor) YYYY-MM [--profile FILE]

Says "ready" when everything is imported and connected; begins when it reads a line, and ends with
one line of JSON: seconds, processor time, peak memory, and a digest of the month's slices that
depends neither on their ids nor on their order.
"""

import argparse
import cProfile
import importlib
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

from aupolicy.kernel.month import Month
from benchmarks.product import read_cpu_seconds, read_peak_kib

READY_ROWS = "bench_rows"
"""The rows that the month should have, ready to be inserted."""

COLUMNS = (
    "claim_id, person_id, contract_id, month, days, amount, payable, parts, terms, computed_at,"
    " cancel_reason"
)
_FLOOR = (
    f"INSERT INTO claims_benefitslice ({COLUMNS})"  # noqa: S608
    f" SELECT {COLUMNS} FROM {READY_ROWS}"
)
_DIGEST = """
SELECT count(*), coalesce(sum(amount), 0)::text, coalesce(sum(hashtextextended(concat_ws(
    '|', claim_id, person_id, contract_id, month, days, amount, payable, parts, terms), 0
)::numeric), 0)::text
FROM claims_benefitslice WHERE month = %s AND cancelled_at IS NULL
"""


def main() -> None:
    """Wait for the sign, settle or insert, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=["product", "floor"])
    parser.add_argument("month", type=Month.parse)
    parser.add_argument("--profile", type=Path)
    arguments = parser.parse_args()
    django.setup()
    # Only now can the product be imported. The tariff files are read once in a worker's life.
    importlib.import_module("claims.operations.runs")
    importlib.import_module("aupolicy.queries").tariffs()
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    side: Callable[[Month], None] = {"product": settle, "floor": insert}[arguments.side]
    before = read_peak_kib()
    print("ready", flush=True)
    sys.stdin.readline()
    profile = cProfile.Profile() if arguments.profile else None
    begin, cpu, backend_cpu = time.monotonic(), time.process_time(), read_cpu_seconds(backend)
    if profile is None:
        side(arguments.month)
    else:
        profile.runcall(side, arguments.month)
        profile.dump_stats(arguments.profile)
    result: dict[str, Any] = {
        "seconds": time.monotonic() - begin,
        "cpu": time.process_time() - cpu,
        "backend_cpu": read_cpu_seconds(backend) - backend_cpu,
        "rss_before_kib": before,
        "rss_peak_kib": read_peak_kib(),
        "digest": read_digest(arguments.month),
    }
    print(json.dumps(result), flush=True)


def settle(month: Month) -> None:
    """The product's side: the run of the month, as a worker does it."""
    runs = importlib.import_module("claims.operations.runs")
    now = datetime.combine(month.last_day + timedelta(days=3), clock(4), UTC)
    run = runs.start_benefit_run(month=month, user=None, now=now)
    runs.finish_run(run=run, now=now)


def insert(_month: Month) -> None:
    """The floor: the same rows, ready, in one statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FLOOR)


def read_digest(month: Month) -> list[Any]:
    """Count, sum in EUR and an order-free digest of the month's slices."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [month.first_day])
        return list(cursor.fetchone())


if __name__ == "__main__":
    main()
