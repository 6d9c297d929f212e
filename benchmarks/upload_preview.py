"""The preview of a large file against the time calamine alone needs to read it.

    python -m config.local exec --throwaway -- python -m benchmarks.upload_preview [--rows 100000]

Each side runs in a process of its own, in turns. The product reads, checks, matches against the
database, prices, and writes the preview; the peer makes Python values of all cells, no more.
Files: a complete payroll with one change in fifty, and a pay rise for everybody, as XLSX and CSV.
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

import xlsxwriter

from aupolicy.kernel.month import Month
from benchmarks.database import PROJECT, Connection, Server
from benchmarks.population import Population, load

MONTH = Month(2026, 12)
DAY = MONTH.first_day
GOAL_RATIO, GOAL_MEGABYTES = 3.0, 250
# One in so many people of the complete payroll is otherwise than on record.
ONE_IN = 50
_HEADINGS = (
    "Personalnummer", "Nachname", "Vorname", "Geburtsdatum", "Bruttoentgelt", "Beschäftigungsart",
)  # fmt: skip
_INSURED = """
SELECT p.personnel_number, p.last_name, p.first_name, p.birth_date, i.amount
FROM members_membership m JOIN members_person p ON p.id = m.person_id
JOIN members_insuredpay i ON i.membership_id = m.id AND i.period @> %(day)s::date
WHERE m.period @> %(day)s::date ORDER BY p.id
"""

Person = tuple[str, str, str, date, Decimal]


def main() -> None:
    """Make the files and the database, measure in turns, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    server = Server(os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory() as folder, server.provide("bau_preview") as database:
        server.migrate(database)
        with server.connect(database) as connection:
            load(connection, Population([round(arguments.rows * 1.04)], MONTH, seed=5))
            expected = write_files(connection, Path(folder), arguments.rows)
        environment = {**server.environment(database), "FILES_ROOT": f"{folder}/store"}
        figures = measure(Path(folder), environment, arguments.rounds)
    report = {kind: summarise(found, expected[kind]) for kind, found in figures.items()}
    for line in tell(report, arguments.rows):
        sys.stdout.write(line + "\n")
    if arguments.json:
        arguments.json.write_text(json.dumps({"report": report, "samples": figures}, indent=2))


def write_files(connection: Connection, folder: Path, rows: int) -> dict[str, dict[str, int]]:
    """The files, and what their previews have to count."""
    insured: list[Person] = connection.execute(_INSURED, {"day": DAY}).fetchall()
    people, missing = insured[:rows], len(insured[rows:])
    chance = random.Random(5)  # noqa: S311 - the same file each time
    changed = 0
    listed: list[tuple[Any, ...]] = [_HEADINGS]
    risen: list[tuple[Any, ...]] = [(*_HEADINGS, "Meldung", "Wirksam ab")]
    for number, last_name, first_name, birth_date, pay in people:
        raised = pay + Decimal("50.00")
        risen.append(
            (
                number,
                last_name,
                first_name,
                birth_date,
                raised,
                "Angestellte",
                "Gehaltsänderung",
                DAY,
            )
        )
        differs = chance.randrange(ONE_IN) == 0
        changed += differs
        now = raised if differs else pay
        listed.append((number, last_name, first_name, birth_date, now, "Angestellte"))
    for name, table in (("full_list", listed), ("changes", risen)):
        write_workbook(folder / f"{name}.xlsx", table)
        write_csv(folder / f"{name}.csv", table)
    return {
        "full_list": {"PAY_CHANGE": changed, "LEAVE": missing}
        if missing
        else {"PAY_CHANGE": changed},
        "changes": {"PAY_CHANGE": len(people)},
    }


def write_workbook(path: Path, table: list[tuple[Any, ...]]) -> None:
    """As a spreadsheet program writes it: days and amounts as numbers."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as workbook:
        sheet = workbook.add_worksheet()
        for row, cells in enumerate(table):
            sheet.write_row(row, 0, cells)


def write_csv(path: Path, table: list[tuple[Any, ...]]) -> None:
    """As a German payroll program writes it."""
    lines = (";".join(map(_german, cells)) for cells in table)
    path.write_text("\r\n".join(lines), encoding="cp1252")


def _german(cell: object) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def measure(
    folder: Path, environment: dict[str, str], rounds: int
) -> dict[str, list[dict[str, Any]]]:
    """Both sides of each file in turns: A B B A ..."""
    figures: dict[str, list[dict[str, Any]]] = {}
    for kind in ("full_list", "changes"):
        samples = figures[kind] = []
        for number in range(rounds):
            sides = [("calamine", "xlsx"), ("product", "xlsx"), ("product", "csv")]
            for side, ending in sides if number % 2 == 0 else reversed(sides):
                found = _run(side, kind, folder / f"{kind}.{ending}", environment)
                samples.append({"side": f"{side} {ending}", **found})
                sys.stderr.write(f"{kind} {side} {ending}: {found['seconds']:.2f} s\n")
    return figures


def _run(side: str, kind: str, path: Path, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.upload_preview_side", side, kind, str(path)]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def summarise(samples: list[dict[str, Any]], expected: dict[str, int]) -> dict[str, Any]:
    """Medians, the ratio to the peer, and whether all previews were right and alike."""
    sides = sorted({sample["side"] for sample in samples})
    seconds, cpu = (
        {side: statistics.median(s[what] for s in samples if s["side"] == side) for side in sides}
        for what in ("seconds", "cpu")
    )
    products = [sample for sample in samples if sample["side"].startswith("product")]
    return {
        "seconds": seconds,
        "cpu": cpu,
        "ratio": seconds["product xlsx"] / seconds["calamine xlsx"],
        "ratio_csv": seconds["product csv"] / seconds["calamine xlsx"],
        "megabytes": max(sample["megabytes"] for sample in products),
        "megabytes_of_reader": max(sample["megabytes_of_children"] for sample in products),
        "right": all(sample["kinds"] == expected for sample in products),
        "alike": len({(sample["digest"], sample["effect"]) for sample in products}) == 1,
        "effect": products[0]["effect"],
        "kinds": products[0]["kinds"],
    }


def tell(report: dict[str, Any], rows: int) -> list[str]:
    """The report for people."""
    lines = []
    for kind, found in report.items():
        lines.append(
            f"{kind}, {rows:,} rows, preview {found['kinds']}, effect {found['effect']} EUR"
        )
        for side, seconds in found["seconds"].items():
            lines.append(f"  {side:15} {seconds:6.2f} s, processor {found['cpu'][side]:6.2f} s")
        lines.append(
            f"  ratio XLSX {found['ratio']:.2f} (goal {GOAL_RATIO:g}),"
            f" CSV {found['ratio_csv']:.2f};"
            f" memory {found['megabytes']} MB (goal {GOAL_MEGABYTES}),"
            f" reader beside it {found['megabytes_of_reader']} MB"
        )
        lines.append(f"  counts right: {found['right']}; XLSX and CSV alike: {found['alike']}")
    return lines


if __name__ == "__main__":
    main()
