"""How long a checked file of direct debits takes, beside those who only write one.

    python -m benchmarks.money_pain008 [--debits 100000] [--rounds 3] [--json out.json]

A round writes the same pain.008.001.08 by the product (all rules, ISO schema, count and control
sum) and by `lxml.etree.xmlfile` alone, once element by element as its manual does and once with
each debit built first, which is faster; then 10,000 debits by the product and by sepaxml as
shipped, with its own validation. Every side is a process of its own; the debits are made one by
one, and the time for that is measured beside it and taken off. Memory is the growth of ru_maxrss
over the interpreter with all imports and the first debits. The files of product and xmlfile must
be equal byte by byte, those of sepaxml by the elements of every debit and the control sum.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Nothing but the standard library here: ru_maxrss of a child begins with that of its parent.
PROJECT = Path(__file__).resolve().parents[1]
GOAL_RATIO, GOAL_MIB, GOAL_TIMES = 1.6, 64, 5
PEER_DEBITS = 10_000

Samples = list[dict[str, Any]]


def main() -> None:
    """Measure in turns, prove the sides equal, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--debits", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large = measure(
            ["xmlfile", "product", "xmlfile in pieces"],
            arguments.debits,
            arguments.rounds,
            Path(folder),
        )
        small = measure(["sepaxml", "product"], PEER_DEBITS, arguments.rounds, Path(folder))
    check_equal(large, "bytes", "elements", "control")
    check_equal(small, "elements", "control")
    report = {"large": summarise(large), "small": summarise(small)}
    for line in tell(report, arguments.debits):
        sys.stdout.write(line + "\n")
    if arguments.json:
        figures = {"report": report, "samples": {"large": large, "small": small}}
        arguments.json.write_text(json.dumps(figures, indent=2))


def measure(sides: list[str], debits: int, rounds: int, folder: Path) -> Samples:
    """All sides in turns: A B C, C B A, ..."""
    samples = []
    for number in range(rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            found = _run(side, folder / "debits.xml", debits)
            samples.append({"side": side, "debits": debits, **found})
            sys.stderr.write(f"{debits:,} by {side}: {found['seconds']:.2f} s\n")
    return samples


def _run(side: str, path: Path, debits: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.money_pain008_side", side, str(path), str(debits)]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check_equal(samples: Samples, *facts: str) -> None:
    """Ends the program when the files of two sides differ in one of these facts."""
    for fact in facts:
        if len(found := {sample[fact] for sample in samples}) != 1:
            sys.exit(f"sides differ in {fact}, {samples[0]['debits']} debits: {sorted(found)}")


def summarise(samples: Samples) -> dict[str, Any]:
    """Of each side the medians of time and the most memory; beside, what all files say."""
    sides = dict.fromkeys(sample["side"] for sample in samples)
    return {"control": samples[0]["control"], "sides": {s: _side(samples, s) for s in sides}}


def _side(samples: Samples, side: str) -> dict[str, float]:
    own = [sample for sample in samples if sample["side"] == side]
    return {
        "seconds": statistics.median(each["seconds"] for each in own),
        "cpu": statistics.median(each["cpu"] for each in own),
        "extra_mib": max(each["extra_mib"] for each in own),
        "load": max(each["load"] for each in own),
    }


def tell(report: dict[str, Any], debits: int) -> list[str]:
    """The report for people."""
    large, small = report["large"]["sides"], report["small"]["sides"]
    lines = [*_table(report["large"], "xmlfile", debits), ""]
    lines += [*_table(report["small"], "sepaxml", PEER_DEBITS), ""]
    ratio = large["product"]["cpu"] / large["xmlfile"]["cpu"]
    times = small["sepaxml"]["cpu"] / small["product"]["cpu"]
    memory = large["product"]["extra_mib"]
    load = max(side["load"] for side in (*large.values(), *small.values()))
    goals = (
        (f"product to xmlfile {ratio:.2f}, goal at most {GOAL_RATIO}", ratio <= GOAL_RATIO),
        (f"memory {memory:.0f} MiB, goal below {GOAL_MIB}", memory < GOAL_MIB),
        (f"{times:.1f} times as fast as sepaxml, goal {GOAL_TIMES}", times >= GOAL_TIMES),
    )
    lines += [f"{goal}: {'met' if is_met else 'missed'}" for goal, is_met in goals]
    lines.append(f"{os.cpu_count()} cores, load at most {load:.1f}; goals by processor time")
    return lines


def _table(found: dict[str, Any], base: str, debits: int) -> list[str]:
    sides = found["sides"]
    lines = [
        f"{debits:,} debits; count and control sum in every file {found['control']} EUR",
        f"{'':18} {'seconds':>8} {'ratio':>6} {'cpu':>7} {'ratio':>6} {'MiB':>5}",
    ]
    for name, side in sides.items():
        wall, cpu = (side[key] / sides[base][key] for key in ("seconds", "cpu"))
        lines.append(
            f"{name:18} {side['seconds']:8.2f} {wall:6.2f} {side['cpu']:7.2f} {cpu:6.2f}"
            f" {side['extra_mib']:5.0f}"
        )
    return lines


if __name__ == "__main__":
    main()
