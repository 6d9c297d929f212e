"""A page of people by the API against what a REST framework gives at once.

    make bench-api
    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.api_members --people 50000 --rounds 3

Each side runs in a process of its own on the same database, in the order A B B A, and answers
the first and the last page of 100 people in turns (see `benchmarks.members_api_side`). Both must
say the same. The goal is a third of the peer's time, and a last page as quick as the first.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks.database import PROJECT, Server
from benchmarks.population import Population, load
from benchmarks.report import describe_machine

GOAL = 3
SIDES = ("product", "peer")
PAGES = ("first", "last")
MONTH = Month(2026, 12)
Samples = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=60, help="of each page and round")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    with server.provide(f"bau_members_{os.getpid()}") as database:
        server.migrate(database)
        with server.connect(database) as connection:
            load(connection, Population([arguments.people], MONTH, seed=5))
            machine = describe_machine(connection)
        samples = measure({**server.environment(database)}, arguments.rounds, arguments.requests)
    report = summarise(samples) | {"people": arguments.people, "machine": machine}
    for line in tell(report):
        print(line)
    if arguments.json:
        arguments.json.write_text(json.dumps({**report, "samples": samples}, indent=2))


def measure(environment: dict[str, str], rounds: int, requests: int) -> Samples:
    """Both sides in turns."""
    key = _run(environment, "key").strip()
    samples: Samples = {side: [] for side in SIDES}
    for number in range(rounds):
        for side in SIDES if number % 2 == 0 else reversed(SIDES):
            sample = json.loads(_run(environment, side, str(requests), key))
            samples[side].append(sample)
            sys.stderr.write(
                f"{side}: first page {sample['first']['milliseconds']:.1f} ms,"
                f" last page {sample['last']['milliseconds']:.1f} ms\n"
            )
    return samples


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.members_api_side", *arguments]
    # Its log of requests is written, as in earnest, and thrown away.
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout.splitlines()[-1]


def summarise(samples: Samples) -> dict[str, Any]:
    """Medians by side and page, ratios, and whether both sides said the same."""
    milliseconds = {
        side: {
            page: statistics.median(one[page]["milliseconds"] for one in found) for page in PAGES
        }
        for side, found in samples.items()
    }
    digests = {
        page: {one[page]["digest"] for found in samples.values() for one in found} for page in PAGES
    }
    product, peer = milliseconds["product"], milliseconds["peer"]
    return {
        "milliseconds": milliseconds,
        "ratio": {page: peer[page] / product[page] for page in PAGES},
        "last_to_first": {side: found["last"] / found["first"]
                          for side, found in milliseconds.items()},
        "cpu_milliseconds": {side: statistics.median(one["cpu_milliseconds"] for one in found)
                             for side, found in samples.items()},
        "queries": {side: found[0]["last"]["queries"] for side, found in samples.items()},
        "megabytes": {side: max(one["megabytes"] for one in found)
                      for side, found in samples.items()},
        "alike": all(len(found) == 1 for found in digests.values()),
    }  # fmt: skip


def tell(report: dict[str, Any]) -> list[str]:
    """The report for people."""
    lines = [f"GET members, pages of 100 of {report['people']:,} people"]
    for side, pages in report["milliseconds"].items():
        lines.append(
            f"  {side:8} first page {pages['first']:6.1f} ms, last {pages['last']:6.1f} ms,"
            f" processor {report['cpu_milliseconds'][side]:6.1f} ms,"
            f" {report['queries'][side]} queries, {report['megabytes'][side]:.0f} MB"
        )
    for page, ratio in report["ratio"].items():
        verdict = "met" if ratio >= GOAL else "missed"
        lines.append(f"  {page} page: {ratio:.1f} times as fast, goal {GOAL} {verdict}")
    product = report["last_to_first"]["product"]
    lines.append(f"  last page to first: {product:.2f}; the sides say the same: {report['alike']}")
    return lines


if __name__ == "__main__":
    main()
