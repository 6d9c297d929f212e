"""One worker of a billing run in a process of its own, through the product's entry points.

    python -m benchmarks.product YYYY-MM [--phases]

Says "ready" when everything is imported, read and connected, as in a worker that has been running
for a while; begins when it reads a line, and ends with one line of JSON. Several of them on one
database share the run between them.
"""

import argparse
import importlib
import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.db import connection

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.month import Month
from benchmarks.phases import Phases


def main() -> None:
    """Wait for the sign, bill the month, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("month", type=Month.parse)
    parser.add_argument("--phases", action="store_true")
    arguments = parser.parse_args()
    django.setup()
    # Only now can the product be imported.
    operations = importlib.import_module("billing.operations")
    tariffs = importlib.import_module("aupolicy.queries").tariffs
    first_use = time.monotonic()
    # Once in the life of a worker: the tariff files and the bank calendar.
    tariffs()
    next_target_day(arguments.month.first_day)
    first_use = time.monotonic() - first_use
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    phases = Phases(detailed=arguments.phases)
    rss_before = read_peak_kib()
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, backend_cpu = time.process_time(), read_cpu_seconds(backend)
    begin = time.monotonic()
    with phases.observe():
        bill(operations, arguments.month, phases)
    end = time.monotonic()
    result: dict[str, Any] = {
        "begin": begin,
        "end": end,
        "first_use": first_use,
        "queries": phases.queries,
        "rss_before_kib": rss_before,
        "rss_peak_kib": read_peak_kib(),
        "cpu": time.process_time() - cpu,
        "backend_cpu": read_cpu_seconds(backend) - backend_cpu,
        "phases": phases.seconds,
    }
    print(json.dumps(result), flush=True)


def bill(operations: ModuleType, month: Month, phases: Phases) -> None:
    """What a worker does: take up the run, fill slices while there are any, post it."""
    now = datetime.combine(month.first_day - timedelta(days=14), datetime.min.time(), UTC)
    with phases.time("start"):
        run = operations.start_run(month=month, now=now, post=True)
    with phases.time("fill"):
        while operations.fill_slice(run=run, now=now):
            pass
    with phases.time("post"):
        operations.post_run(run=run, now=now)


def read_peak_kib() -> int:
    """Largest memory of this process so far in KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes.
    return peak // 1024 if sys.platform == "darwin" else peak


def read_cpu_seconds(pid: int) -> float:
    """Processor seconds of a process of this machine; 0 where that cannot be seen."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime and stime in ticks of a hundredth of a second.
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    main()
