"""1,000 notices in one POST against a bare view: flat serializer, bulk_create, nothing else.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.api_notices --count 1000 --rounds 5

Both sides are WSGI requests with the same JSON body, in a process of their own on a fresh copy of
the same database, in the order A B B A. The product's side finds the key, judges every notice,
derives people, cover and pay, writes the history, prices the effect and answers each; the bare
view validates the same fields with a plain REST framework serializer and stores the notices. Both
must hold the same notices in the end. A third figure is the bare COPY of the same rows in one
transaction. The goal is the bare view's time; stretch: twice the time of COPY.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.apply_notices import CONTRACT
from benchmarks.database import PROJECT, Server
from benchmarks.report import describe_machine

SIDES = ("product", "bare", "copy")


class Bench:
    """One measurement on a server, in databases of its own."""

    def __init__(self, server: Server, *, count: int, rounds: int) -> None:
        self.server, self.count, self.rounds = server, count, rounds
        self._prefix = f"bau_api_notices_{os.getpid()}"

    def run(self) -> dict[str, Any]:
        """Time all sides; the report as plain values."""
        samples: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
        with self.server.provide(f"{self._prefix}_empty") as empty:
            self.server.migrate(empty)
            with self.server.connect(empty) as connection:
                connection.execute(CONTRACT)
            for number in range(self.rounds):
                for side in SIDES if number % 2 == 0 else reversed(SIDES):
                    sample = self._measure(side, empty)
                    samples[side].append(sample)
                    told = ", ".join(f"{ms:.0f}" for ms in sample["milliseconds"])
                    peak = sample["rss_peak_kib"] / 1024
                    print(f"{side:8s} {told} ms, peak {peak:.0f} MiB", flush=True)
        digests = {sample["digest"] for side in SIDES for sample in samples[side]}
        assert len(digests) == 1, f"the sides hold different notices: {digests}"
        with self.server.connect() as connection:
            machine = describe_machine(connection)
        return {"count": self.count, "machine": machine, "samples": samples}

    def _measure(self, side: str, template: str) -> dict[str, Any]:
        with self.server.provide(f"{self._prefix}_run", template=template) as database:
            self.server.checkpoint()
            command = [sys.executable, "-m", "benchmarks.api_notices_side", side, str(self.count)]
            told = subprocess.run(
                command,
                stdout=subprocess.PIPE,
                text=True,
                cwd=PROJECT,
                env=dict(self.server.environment(database)),
                check=True,
            )
        result: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
        return result


def find_median(report: dict[str, Any], side: str) -> float:
    """Milliseconds of one POST: the median of all rounds, warm."""
    samples: list[list[float]] = [one["milliseconds"] for one in report["samples"][side]]
    return statistics.median(chain.from_iterable(samples))


def main() -> None:
    """Measure, and say how the product compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", help="write all figures to this file")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    report = Bench(server, count=arguments.count, rounds=arguments.rounds).run()
    product, bare, copy = (find_median(report, side) for side in SIDES)
    verdict = "met" if product <= bare else "missed"
    print(f"one POST of {arguments.count}: {product:.0f} ms, bare view {bare:.0f} ms:")
    print(f"{product / bare:.2f} times the bare view, goal 1.00 {verdict};")
    print(f"{product / copy:.1f} times a bare COPY ({copy:.0f} ms), stretch 2.0")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(report, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
