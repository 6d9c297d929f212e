r"""Statement letters against plain WeasyPrint, in the same run.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.money_statements --statements 10000 \
        --members 1000000

A constructed insurer bills a month; then its letters are made by one worker and by several, with
everything that belongs to them: queries, lists, files, rows. Beside them WeasyPrint sets the same
letters without their lists, and a list of the same rows. Texts must be equal before times count.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks.database import Server
from benchmarks.population import Population, draw_sizes, load
from benchmarks.report import describe_machine
from benchmarks.workers import bill_month, work_together

MONTH = Month(2026, 11)
LETTERS_GOAL, ROWS_GOAL, MINUTES_GOAL, MEMORY_GOAL = 0.9, 20, 10, 200
SAMPLE = 12
# One worker alone need not make all of them: what a letter takes is known after so many.
ALONE = 1_000
WEASYPRINT_ROWS, LONG_ROWS = 400, 56_000


def main() -> None:
    """Measure and print; with --json also as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=150)
    parser.add_argument("--members", type=int, default=9_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    order = parser.parse_args()
    report = measure(Server(os.environ["DATABASE_URL"]), order)
    print("\n".join(tell(report)))
    if order.json:
        order.json.write_text(json.dumps(report, indent=1, default=str))


def measure(server: Server, order: argparse.Namespace) -> dict[str, Any]:
    """All sides, one behind the other."""
    prefix = f"bau_letters_{os.getpid()}"
    with server.provide(f"{prefix}_ready") as ready:
        environment = prepare(server, ready, order)
        sides = {
            "plain": run_side(environment, "plain", str(SAMPLE)),
            "rows": run_side(environment, "rows", str(WEASYPRINT_ROWS), str(LONG_ROWS)),
        }
        for name, arguments, workers in (
            ("largest", ["largest"], 1),
            ("one", ["product", str(ALONE)], 1),
            ("several", ["product"], order.workers),
        ):
            with server.provide(f"{prefix}_{name}", template=ready) as database:
                sides[name] = run_side(server.environment(database), *arguments, count=workers)
    with server.connect() as connection:
        machine = describe_machine(connection)
    result = summarise(order, sides)
    return {"order": vars(order), "machine": machine, "result": result, "sides": sides}


def prepare(server: Server, database: str, order: argparse.Namespace) -> Mapping[str, str]:
    """The insurer with its posted month; returns the environment of its programs."""
    server.migrate(database)
    sizes = draw_sizes(members=order.members, contracts=order.statements, seed=order.seed)
    with server.connect(database) as connection:
        load(connection, Population(sizes, MONTH, order.seed))
    environment = server.environment(database)
    bill_month(environment=environment, month=MONTH, count=1)
    return environment


def run_side(
    environment: Mapping[str, str], *arguments: str, count: int = 1
) -> list[dict[str, Any]]:
    """So many processes of a side that begin together; what each of them measured."""
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "benchmarks.money_statements_side", *arguments]
    results = work_together(command, environment=environment, count=count)
    print(f"{arguments[0]} by {count}: done, load before {load:.1f}", flush=True)
    return [result | {"load": load} for result in results]


def summarise(order: argparse.Namespace, sides: Mapping[str, Any]) -> dict[str, Any]:
    """Rates and ratios, by the clock and by processor time, which neighbours disturb less."""
    [plain], [rows], [largest] = sides["plain"], sides["rows"], sides["largest"]
    one, several = sides["one"], sides["several"]
    whole = max(result["seconds"] for result in several)
    made = sum(result["letters"] for result in several)
    assert made == order.statements, "not every statement has its letter"
    alone = one[0]["letters"]
    plain_rate = plain["letters"] / plain["plain"]["seconds"]
    cpu = sum(result["cpu"] for result in one)
    list_rate = rows["rows"] / rows["weasyprint"]["cpu"]
    return {
        "plain_letters_per_second": plain_rate,
        "shared_letters_per_second": plain["letters"] / plain["shared"]["seconds"],
        "one_worker_letters_per_second": alone / one[0]["seconds"],
        "several_workers_letters_per_second": made / whole,
        "letters_ratio": made / whole / plain_rate / min(len(several), os.cpu_count() or 1),
        "letters_ratio_of_processor_time": plain["plain"]["cpu"] / plain["letters"] / (cpu / alone),
        "weasyprint_rows_per_second": list_rate,
        "product_rows_per_second": rows["rows"] / rows["product"]["cpu"],
        "long_rows_per_second": rows["long_rows"] / rows["long"]["cpu"],
        "rows_ratio": rows["long_rows"] / rows["long"]["cpu"] / list_rate,
        "minutes": whole / 60,
        "database_cpu_seconds": sum(result["backend_cpu"] for result in several),
        "largest": {key: largest[key] for key in ("rows", "bytes", "seconds")},
        "rss_peak_mib": max(result["rss_peak_kib"] / 1024 for result in (*one, *several, largest)),
    }


def tell(report: Mapping[str, Any]) -> list[str]:
    """The report as a table."""
    order, result = report["order"], report["result"]
    largest = result["largest"]
    rows = [
        ("plain WeasyPrint, letters/s, without lists", result["plain_letters_per_second"], ""),
        ("the same with shared styles", result["shared_letters_per_second"], ""),
        ("product, 1 worker, letters/s with lists", result["one_worker_letters_per_second"], ""),
        (
            f"product, {order['workers']} workers",
            result["several_workers_letters_per_second"],
            "",
        ),
        ("ratio per core by the clock", result["letters_ratio"], f">= {LETTERS_GOAL}"),
        (
            "ratio of processor time",
            result["letters_ratio_of_processor_time"],
            f">= {LETTERS_GOAL}",
        ),
        ("WeasyPrint, list rows/s", result["weasyprint_rows_per_second"], ""),
        ("product, list rows/s", result["product_rows_per_second"], ""),
        (f"product, list of {LONG_ROWS:,}", result["long_rows_per_second"], ""),
        ("ratio of list rows", result["rows_ratio"], f">= {ROWS_GOAL}"),
        ("minutes for all", result["minutes"], f"<= {MINUTES_GOAL} for 10,000 of a million"),
        ("memory of a worker, MiB", result["rss_peak_mib"], f"<= {MEMORY_GOAL}"),
        (f"largest, {largest['rows']:,} rows, seconds", largest["seconds"], ""),
        ("its size, MiB", largest["bytes"] / 2**20, ""),
        ("database's processor seconds", result["database_cpu_seconds"], ""),
    ]
    head = f"{order['statements']:,} letters of {order['members']:,} people"
    return [head, *(f"{name:45s} {value:10,.2f}  {goal}" for name, value, goal in rows)]


if __name__ == "__main__":
    main()
