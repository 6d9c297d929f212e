"""The monthly slices of benefit against a bare INSERT ... SELECT of the same rows.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.benefit --claims 100000 --rounds 4

The product runs a month for so many granted claims whose earlier months are settled: it reads
everything known of these people, counts their days, compares what is owed with what is recorded
and writes the difference. The floor inserts the very same rows, ready in a table, into the same
table: same indexes, constraints, triggers, row-level security. Each side runs in a process of its
own on a fresh copy of the same database, in the order A B B A; both must end in the same rows.
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
from benchmarks.benefit_population import populate
from benchmarks.benefit_side import COLUMNS, READY_ROWS
from benchmarks.database import PROJECT, Server
from benchmarks.report import LOAD_PER_CORE, describe_machine

GOAL = 2
SIDES = ("product", "floor")
MONTH = Month(2026, 6)
# What settling the month has added goes again, so that both sides begin alike. Slices are kept
# whatever happens, but for the owner of a table who switches that off.
_TAKE_OUT = (
    (
        f"CREATE TABLE {READY_ROWS} AS SELECT {COLUMNS} FROM claims_benefitslice"  # noqa: S608
        f" WHERE month = '{MONTH.first_day}'"
    ),
    "ALTER TABLE claims_benefitslice DISABLE TRIGGER USER",
    f"DELETE FROM claims_benefitslice WHERE month = '{MONTH.first_day}'",  # noqa: S608
    "ALTER TABLE claims_benefitslice ENABLE TRIGGER USER",
    f"DELETE FROM claims_benefitrun WHERE month = '{MONTH.first_day}'",  # noqa: S608
    "VACUUM FULL ANALYZE claims_benefitslice",
    "VACUUM ANALYZE",
)


class Bench:
    """One measurement on a server, in databases of its own."""

    def __init__(self, server: Server, *, claims: int, rounds: int) -> None:
        self.server, self.claims, self.rounds = server, claims, rounds
        self._prefix = f"bau_benefit_{os.getpid()}"

    def run(self, profile: Path | None = None) -> dict[str, Any]:
        """Time both sides; the report as plain values."""
        with self.server.provide(f"{self._prefix}_ready") as template:
            self._prepare(template)
            if profile is not None:
                with self.server.provide(f"{self._prefix}_run", template=template) as database:
                    self._side("product", MONTH, database, "--profile", str(profile))
            samples = self._measure(template)
        with self.server.connect() as connection:
            machine = describe_machine(connection)
        return {"claims": self.claims, "machine": machine, **self._summarise(samples)}

    def _prepare(self, database: str) -> None:
        """People, claims, the months before, and the rows that the measured month should have."""
        self.server.migrate(database)
        with self.server.connect(database) as connection:
            populate(connection, claims=self.claims, last=MONTH.last_day)
        for month in (MONTH.plus(-1), MONTH):
            sample = self._side("product", month, database)
            print(f"before: {month} in {sample['seconds']:.2f} s", flush=True)
        with self.server.connect(database) as connection:
            for statement in _TAKE_OUT:
                connection.execute(statement.encode())

    def _measure(self, template: str) -> list[dict[str, Any]]:
        samples = []
        for number in range(self.rounds):
            for side in SIDES if number % 2 == 0 else reversed(SIDES):
                with self.server.provide(f"{self._prefix}_run", template=template) as database:
                    self.server.checkpoint()
                    load = os.getloadavg()[0]
                    sample = self._side(side, MONTH, database) | {"side": side, "load": load}
                samples.append(sample)
                print(
                    f"{side:8s} {sample['seconds']:7.2f} s, processor {sample['cpu']:6.2f} s of the"
                    f" process and {sample['backend_cpu']:6.2f} s of the database,"
                    f" peak {sample['rss_peak_kib'] / 1024:.0f} MiB, load before {load:.1f}",
                    flush=True,
                )
        digests = {json.dumps(sample["digest"]) for sample in samples}
        assert len(digests) == 1, f"the sides wrote different rows: {digests}"
        assert samples[0]["digest"][0] == self.claims, "not every claim has a slice of the month"
        return samples

    def _summarise(self, samples: list[dict[str, Any]]) -> dict[str, Any]:
        product = [sample for sample in samples if sample["side"] == "product"]
        floor = [sample for sample in samples if sample["side"] == "floor"]
        most = LOAD_PER_CORE * (os.cpu_count() or 1)
        pairs = list(zip(product, floor, strict=True))
        calm = [pair for pair in pairs if all(sample["load"] <= most for sample in pair)]
        used = calm or pairs
        seconds = statistics.median(sample["seconds"] for sample, _ in used)
        return {
            "ratio": statistics.median(a["seconds"] / b["seconds"] for a, b in used),
            "ratio_of_processor_time": statistics.median(_work(a) / _work(b) for a, b in used),
            "disturbed_rounds": len(pairs) - len(calm),
            "rows_per_second": self.claims / seconds,
            "rss_peak_mib": max(sample["rss_peak_kib"] for sample in product) / 1024,
            "digest": samples[0]["digest"],
            "samples": samples,
        }

    def _side(self, side: str, month: Month, database: str, *options: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.benefit_side", side, str(month), *options]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=dict(self.server.environment(database)),
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdout.readline()
            process.stdin.write("go\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{side} ended before its time; see its message above")
        result: dict[str, Any] = json.loads(answer)
        return result


def _work(sample: dict[str, Any]) -> float:
    return float(sample["cpu"] + sample["backend_cpu"])


def main() -> None:
    """Measure, and say how many times as long as the floor the product takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--profile", type=Path, help="profile one run of the product into a file")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    bench = Bench(server, claims=arguments.claims, rounds=arguments.rounds)
    report = bench.run(arguments.profile)
    verdict = "met" if report["ratio"] <= GOAL else "missed"
    print(
        f"ratio {report['ratio']:.2f}, goal {GOAL} {verdict};"
        f" of processor time {report['ratio_of_processor_time']:.2f};"
        f" {report['rows_per_second']:,.0f} slices a second,"
        f" memory {report['rss_peak_mib']:.0f} MiB;"
        f" {report['disturbed_rounds']} of {arguments.rounds} rounds disturbed by other load;"
        f" {report['digest'][:2]}"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
