"""A bank's file of returned debits: matched and booked in sets, and one by one through the ORM.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.money_camt --returns 100000

A constructed book has as many demands, each collected and credited. The product reads a camt.054
in which every debit comes back with charges; beside it a sample of the same file is read by the
same parser and booked one by one through the ORM, a transaction for each, as one would write it at
first. Each side has a copy of the database; both must leave the same rows and the same balances
for the sample. The product's table of reactions, read once in a worker's life, is read before the
clock starts. Time is told with and without the parsing that both sides share. Most of what it all
takes goes into making the tables and the demands of the book.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.database import PROJECT, Server

GOAL = 50


def main() -> None:
    """Measure and print; with --json also as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--returns", type=int, default=5_000)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--json", type=Path)
    order = parser.parse_args()
    report = measure(Server(os.environ["DATABASE_URL"]), order.returns, order.sample)
    sys.stdout.write("\n".join(tell(report)) + "\n")
    if order.json:
        order.json.write_text(json.dumps(report, indent=1))


def measure(server: Server, returns: int, sample: int) -> dict[str, Any]:
    """All sides, one behind the other."""
    prefix = f"bau_camt_{os.getpid()}"
    sides: dict[str, Any] = {}
    with server.provide(f"{prefix}_ready") as ready:
        server.migrate(ready)
        run_side(server.environment(ready), "prepare", returns)
        for side, count in (("same", sample), ("naive", sample), ("product", returns)):
            with server.provide(f"{prefix}_{side}", template=ready) as database:
                server.checkpoint()
                sides[side] = run_side(server.environment(database), side, count)
    if sides["same"]["proof"] != sides["naive"]["proof"]:
        sys.exit(f"the sides differ: {sides['same']['proof']} and {sides['naive']['proof']}")
    return {"returns": returns, "sample": sample, "sides": sides, "load": os.getloadavg()[0]}


def run_side(environment: Mapping[str, str], side: str, count: int) -> dict[str, Any]:
    """A side in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.money_camt_side", side, str(count)]
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(report: Mapping[str, Any]) -> list[str]:
    """The report for people."""
    product, naive = report["sides"]["product"], report["sides"]["naive"]
    ratios = {
        name: (naive[name] / naive["returns"]) / (product[name] / product["returns"])
        for name in ("seconds", "booking", "work")
    }
    lines = [
        f"{report['returns']:,} debits returned in a camt.054, {report['sample']:,} one by one",
        f"{'':10} {'returns':>8} {'seconds':>8} {'µs each':>8} {'booking':>8} {'cpu':>8}   MiB",
    ]
    for name, side in (("product", product), ("one by one", naive)):
        each = side["seconds"] / side["returns"] * 1e6
        lines.append(
            f"{name:10} {side['returns']:8,} {side['seconds']:8.2f} {each:8.0f}"
            f" {side['booking']:8.2f} {side['work']:8.2f} {side['extra_mib']:5.0f}"
        )
    met = "met" if ratios["booking"] >= GOAL else "missed"
    lines += [
        f"matched and booked {ratios['booking']:.0f} times as fast, goal {GOAL}: {met}",
        f"with the parsing that both share {ratios['seconds']:.0f} times",
        f"by processor time of program and database {ratios['work']:.0f} times",
        f"{os.cpu_count()} cores, load {report['load']:.1f}",
    ]
    return lines


if __name__ == "__main__":
    main()
