"""PUT workforce of 50,000 people with 500 changes, against what cannot be left out.

    python -m config.local exec --throwaway -- python -m benchmarks.api_workforce [--people 50000]

Each side runs in a process of its own, in turns. The product takes the request through the whole
gate, keeps it as a job, and a worker's task makes the preview and stores it; the peer decodes the
same JSON and reads the same people from the same database, no more.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks.api_workforce_side import PEOPLE
from benchmarks.database import PROJECT, Connection, Server
from benchmarks.population import Population, load

MONTH = Month.of(date.today())  # noqa: DTZ011 - notices are judged by the day they come in
DAY = MONTH.first_day
GOAL = 3.0
RAISED, RENAMED, JOINED, LEFT = 400, 50, 25, 25


def main() -> None:
    """Make the payroll and the database, measure in turns, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory() as folder, server.provide("bau_workforce") as database:
        server.migrate(database)
        path = Path(folder) / "workforce.json"
        with server.connect(database) as connection:
            load(connection, Population([round(arguments.people * 1.04)], MONTH, seed=5))
            connection.execute("ANALYZE")
            people, expected = write_payroll(connection, path)
        environment = {**server.environment(database), "FILES_ROOT": f"{folder}/store"}
        samples = measure(path, environment, arguments.rounds)
    report = summarise(samples, expected) | {
        "people": people,
        "bytes": samples[0]["bytes"],
    }
    for line in tell(report):
        sys.stdout.write(line + "\n")
    if arguments.json:
        arguments.json.write_text(json.dumps({"report": report, "samples": samples}, indent=2))


def write_payroll(connection: Connection, path: Path) -> tuple[int, list[list[str]]]:
    """The payroll with its changes: how many people, and [kind, number] of each notice expected."""
    insured = connection.execute(PEOPLE, {"day": DAY}).fetchall()
    chance = random.Random(5)  # noqa: S311 - the same payroll each time
    chosen = chance.sample(range(len(insured)), RAISED + RENAMED + LEFT)
    raised, renamed = set(chosen[:RAISED]), set(chosen[RAISED : RAISED + RENAMED])
    left = set(chosen[RAISED + RENAMED :])
    expected: list[list[str]] = []
    people = []
    for place, (number, first_name, last_name, birth_date, pay) in enumerate(insured):
        if place in left:
            expected.append(["LEAVE", number])
            continue
        if place in raised:
            pay += Decimal("50.00")  # noqa: PLW2901
            expected.append(["PAY_CHANGE", number])
        if place in renamed:
            last_name = f"Neu{last_name}"  # noqa: PLW2901
            expected.append(["NAME_CHANGE", number])
        people.append(_person(number, first_name, last_name, str(birth_date), str(pay)))
    for count in range(JOINED):
        people.append(_person(f"NEU-{count}", f"Ada {count}", "Probst", "1990-05-17", "3200.00"))
        expected.append(["JOIN", f"NEU-{count}"])
    path.write_text(json.dumps({"as_of": DAY.isoformat(), "people": people}, ensure_ascii=False))
    return len(people), sorted(expected)


def _person(number: str, first_name: str, last_name: str, born: str, pay: str) -> dict[str, str]:
    return {
        "personnel_number": number,
        "last_name": last_name,
        "first_name": first_name,
        "birth_date": born,
        "pay": pay,
        "employment": "regular",
        "health_insurance": "statutory",
    }


def measure(path: Path, environment: dict[str, str], rounds: int) -> list[dict[str, Any]]:
    """Both sides in turns: A B B A ..."""
    samples = []
    for number in range(rounds):
        sides = ("peer", "product")
        for side in sides if number % 2 == 0 else reversed(sides):
            command = [
                sys.executable, "-m", "benchmarks.api_workforce_side", side, str(path), str(DAY),
            ]  # fmt: skip
            done = subprocess.run(
                command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
            )
            # The last line: what comes before are the product's own logs.
            found = json.loads(done.stdout.splitlines()[-1])
            samples.append({"side": side, **found})
            sys.stderr.write(f"{side}: {found['seconds']:.3f} s\n")
    return samples


def summarise(samples: list[dict[str, Any]], expected: list[list[str]]) -> dict[str, Any]:
    """Medians, the ratio, memory, and whether exactly the changes were found each time."""
    sides: dict[str, list[dict[str, Any]]] = {"peer": [], "product": []}
    for sample in samples:
        sides[sample["side"]].append(sample)

    def median(side: str, name: str) -> float:
        return float(statistics.median(sample[name] for sample in sides[side]))

    return {
        "peer": median("peer", "seconds"),
        "peer_parsing": median("peer", "parsing"),
        "peer_reading": median("peer", "reading"),
        "product": median("product", "seconds"),
        "product_request": median("product", "request"),
        "product_work": median("product", "work"),
        "ratio": median("product", "seconds") / median("peer", "seconds"),
        "megabytes": max(sample["megabytes"] for sample in sides["product"]),
        "megabytes_of_peer": max(sample["megabytes"] for sample in sides["peer"]),
        "changes": len(expected),
        "right": all(sorted(sample["found"]) == expected for sample in sides["product"]),
    }


def tell(report: dict[str, Any]) -> list[str]:
    """The report for people."""
    size = f"{report['people']:,} people, {report['bytes'] / 1e6:.1f} MB"
    peer = f"JSON {report['peer_parsing']:.3f}, database {report['peer_reading']:.3f}"
    product = f"request {report['product_request']:.3f}, worker {report['product_work']:.3f}"
    return [
        f"PUT workforce, {size}, {report['changes']} changes",
        f"  peer    {report['peer']:.3f} s: {peer}; {report['megabytes_of_peer']} MB",
        f"  product {report['product']:.3f} s: {product}; {report['megabytes']} MB",
        f"  ratio {report['ratio']:.2f} (goal {GOAL:g}); exactly the changes: {report['right']}",
    ]


if __name__ == "__main__":
    main()
