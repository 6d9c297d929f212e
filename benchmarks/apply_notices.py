"""Applying notices against saving the same rows one by one through the ORM.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.apply_notices --count 10000 --rounds 3

Two loads: so many joinings, and so many changes of pay about people on record. Each side runs in
a process of its own on a fresh copy of the same database, in the order A B B A; both must end in
the same rows. The goal is a twentieth of the ORM's time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.database import PROJECT, Server
from benchmarks.report import describe_machine

GOAL = 20
SIDES = ("product", "orm")
CONTRACT = """
INSERT INTO aupolicy_employer (id, legal_name, street, building_number, postal_code, town, country,
    betriebsnummer, contact_name, contact_email, contact_phone, requires_mfa)
VALUES (1, 'Beispiel GmbH', 'Weg', '1', '99084', 'Erfurt', 'DE', '', '', '', '', false);
INSERT INTO aupolicy_groupcontract (id, number, employer_id, period)
VALUES (1, 'GV-1', 1, '[2026-01-01,)');
INSERT INTO aupolicy_contractversion (id, contract_id, period, tariff_key, co_insures_directors,
    pre_notification_days, collection_day)
VALUES (1, 1, '[2026-01-01,)', 'bau-2016', false, 14, 1);
"""


class Bench:
    """One measurement on a server, in databases of its own."""

    def __init__(self, server: Server, *, count: int, rounds: int) -> None:
        self.server, self.count, self.rounds = server, count, rounds
        self._prefix = f"bau_notices_{os.getpid()}"

    def run(self) -> dict[str, Any]:
        """Time both sides of both loads; the report as plain values."""
        with self.server.provide(f"{self._prefix}_empty") as empty:
            self.server.migrate(empty)
            with self.server.connect(empty) as connection:
                connection.execute(CONTRACT)
            joins = self._measure("join", empty)
            with self.server.provide(f"{self._prefix}_joined", template=empty) as joined:
                self._side("product", "join", joined)
                with self.server.connect(joined) as connection:
                    connection.execute("VACUUM ANALYZE")
                pays = self._measure("pay", joined)
        with self.server.connect() as connection:
            machine = describe_machine(connection)
        return {"count": self.count, "machine": machine, "join": joins, "pay": pays}

    def _measure(self, what: str, template: str) -> dict[str, Any]:
        samples: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
        for number in range(self.rounds):
            for side in SIDES if number % 2 == 0 else reversed(SIDES):
                with self.server.provide(f"{self._prefix}_run", template=template) as database:
                    self.server.checkpoint()
                    sample = self._side(side, what, database)
                samples[side].append(sample)
                print(
                    f"{what:5s} {side:8s} {sample['seconds']:7.2f} s,"
                    f" of them {sample['cpu']:6.2f} s processor of the process,"
                    f" peak {sample['rss_peak_kib'] / 1024:.0f} MiB",
                    flush=True,
                )
        digests = {json.dumps(s["digest"]) for side in SIDES for s in samples[side]}
        assert len(digests) == 1, f"the sides wrote different rows: {digests}"
        ratios = [
            orm["seconds"] / product["seconds"]
            for product, orm in zip(samples["product"], samples["orm"], strict=True)
        ]
        return {
            "ratio": statistics.median(ratios),
            "ratios": ratios,
            "rows": [row[:2] for row in samples["product"][0]["digest"]],
            "samples": samples,
        }

    def _side(self, side: str, what: str, database: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "benchmarks.notices_side", side, what, str(self.count)]
        environment = dict(self.server.environment(database))
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env=environment,
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


def main() -> None:
    """Measure, and say how many times quicker the product is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="write all figures to this file")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    report = Bench(server, count=arguments.count, rounds=arguments.rounds).run()
    for what in ("join", "pay"):
        found = report[what]
        verdict = "met" if found["ratio"] >= GOAL else "missed"
        print(f"{what}: {found['ratio']:.1f} times as fast, goal {GOAL} {verdict}; {found['rows']}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(report, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
