"""How long HR's tables take to read and check, beside the bare reader of the same file.

    python -m benchmarks.upload_reading [--rows 100000] [--rounds 3] [--json out.json]

A round reads the same XLSX with python-calamine alone and with the product (read, map the columns,
make and check every notice), then the same rows as CSV with the csv module and the product. Every
reading is a process of its own, so that its memory is its own; the counts read must be equal.
"""

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.report import LOAD_PER_CORE
from members.facts import UploadKind
from members.parsing.headings import guess_mapping
from members.parsing.row_values import Defaults, read_rows
from members.parsing.table import read_table

# The preview of a whole file, the database included, may take three times the bare reading.
GOAL = 3
LARGEST_MIB = 250
HEADINGS = (
    "Personalnummer", "Nachname", "Vorname", "Geburtsdatum", "Bruttoentgelt", "Beschäftigungsart",
    "Meldung", "Wirksam ab", "Tätigkeit", "Krankenversicherung", "Grund", "Referenz",
)  # fmt: skip
Row = tuple[str | date | Decimal, ...]


def make_rows(count: int) -> Iterator[Row]:
    """Constructed people; names, days and amounts repeat as they do in payrolls."""
    first_day = date(1962, 1, 1)
    for i in range(count):
        yield (
            f"{100_000 + i}",
            _spell(i * 7919 % 20_000),
            _spell(i * 104_729 % 800),
            first_day + timedelta(days=i * 7919 % 15_000),
            Decimal(200_000 + i * 7919 % 400_000) / 100,
            "Angestellt",
            "Zugang",
            date(2026, 12, 1),
            "Kauffrau",
            "gesetzlich",
            "",
            f"R{i}",
        )


def _spell(number: int) -> str:
    """A name of its own for each number."""
    letters = ("".join(chr(97 + int(digit)) for digit in str(number)) + "müller")[:9]
    return letters.capitalize()


def write_workbook(path: Path, rows: int) -> None:
    """The rows as a payroll program writes XLSX: numbers and days as such."""
    with xlsxwriter.Workbook(str(path)) as book:
        as_day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(make_rows(rows), start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, as_day)
                elif isinstance(value, Decimal):
                    sheet.write_number(number, column, value)
                elif value:
                    sheet.write_string(number, column, value)


def write_text(path: Path, rows: int) -> None:
    """The rows as German programs write CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(map(_german, make_rows(rows)))


def _german(row: Row) -> list[str]:
    return [
        f"{cell:%d.%m.%Y}" if isinstance(cell, date) else str(cell).replace(".", ",")
        for cell in row
    ]


def read_by_calamine(path: Path) -> int:
    """The peer for XLSX: every row as Python values."""
    with CalamineWorkbook.from_path(path) as book:
        return len(book.get_sheet_by_index(0).to_python()) - 1


def read_by_csv(path: Path) -> int:
    """The peer for CSV: every row as texts."""
    with path.open(newline="", encoding="utf-8") as file:
        return len(list(csv.reader(file, delimiter=";"))) - 1


def read_by_product(path: Path) -> int:
    """Every row as a checked notice."""
    table = read_table(path)
    columns = guess_mapping(table.headings, kind=UploadKind.CHANGES)
    defaults = Defaults(received_at=datetime(2026, 11, 21, tzinfo=UTC))
    rows = read_rows(table, columns, defaults=defaults)
    return sum(row.value is not None for row in rows)


SIDES: dict[str, Callable[[Path], int]] = {
    "calamine": read_by_calamine,
    "csv module": read_by_csv,
    "product": read_by_product,
}


def measure_here(side: str, path: Path) -> dict[str, Any]:
    """One reading in this process; memory before is that of the interpreter and its imports."""
    before = _peak_mib()
    began, cpu = time.perf_counter(), time.process_time()
    count = SIDES[side](path)
    seconds = time.perf_counter() - began
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "count": count,
        "seconds": seconds,
        "cpu": time.process_time() - cpu + child.ru_utime + child.ru_stime,
        "mib_before": before,
        "mib": max(_peak_mib(), child.ru_maxrss / 1024),
        "load": os.getloadavg()[0],
    }


def _peak_mib() -> float:
    """From /proc: what getrusage tells begins with the peak of whoever started this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(side: str, path: Path) -> dict[str, Any]:
    """One reading in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.upload_reading", "--side", side, "--file", str(path)],
        capture_output=True,
        check=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def compare(peer: str, path: Path, *, rows: int, rounds: int) -> dict[str, Any]:
    """The peer and the product in turns, which of them first alternating."""
    samples: dict[str, list[dict[str, Any]]] = {peer: [], "product": []}
    for number in range(rounds):
        for side in (peer, "product") if number % 2 == 0 else ("product", peer):
            sample = measure(side, path)
            assert sample["count"] == rows, (side, sample["count"])
            samples[side].append(sample)
    pairs = list(zip(samples[peer], samples["product"], strict=True))
    ratios = [product["seconds"] / floor["seconds"] for floor, product in pairs]
    limit = LOAD_PER_CORE * (os.cpu_count() or 1)
    return {
        "file": path.suffix,
        "megabytes": path.stat().st_size / 1e6,
        "peer": peer,
        "rows": rows,
        "ratio": statistics.median(ratios),
        "ratio_min": min(ratios),
        "ratio_max": max(ratios),
        "disturbed_rounds": sum(max(a["load"], b["load"]) > limit for a, b in pairs),
        "sides": {name: _summarise(found, rows) for name, found in samples.items()},
    }


def _summarise(samples: Sequence[dict[str, Any]], rows: int) -> dict[str, float]:
    seconds = statistics.median(sample["seconds"] for sample in samples)
    return {
        "seconds": seconds,
        "cpu": statistics.median(sample["cpu"] for sample in samples),
        "rows_per_second": rows / seconds,
        "mib": max(sample["mib"] for sample in samples),
        "mib_before": max(sample["mib_before"] for sample in samples),
    }


def tell(result: dict[str, Any]) -> list[str]:
    """The comparison in sentences."""
    ratio = (
        f"{result['file']}, {result['rows']:,} rows, {result['megabytes']:.1f} MB: product takes "
        f"{result['ratio']:.2f} x {result['peer']} (min {result['ratio_min']:.2f}, "
        f"max {result['ratio_max']:.2f}); {result['disturbed_rounds']} rounds disturbed"
    )
    lines = [ratio]
    lines += [
        f"  {name:10s} {side['seconds']:5.2f} s ({side['cpu']:.2f} s of processor), "
        f"{side['rows_per_second']:9,.0f} rows/s, {side['mib']:.0f} MiB at most "
        f"({side['mib_before']:.0f} before)"
        for name, side in result["sides"].items()
    ]
    return lines


def main() -> int:
    """Measure, print, and fail where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(measure_here(options.side, options.file)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        workbook, text = Path(folder, "rows.xlsx"), Path(folder, "rows.csv")
        write_workbook(workbook, options.rows)
        write_text(text, options.rows)
        amount = {"rows": options.rows, "rounds": options.rounds}
        results = [compare("calamine", workbook, **amount), compare("csv module", text, **amount)]
    for result in results:
        print("\n".join(tell(result)))
    print(
        f"python-calamine {version('python-calamine')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores"
    )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    of_workbook, of_text = (result["sides"]["product"] for result in results)
    met = (
        results[0]["ratio"] <= GOAL
        and of_text["seconds"] <= of_workbook["seconds"]
        and max(of_workbook["mib"], of_text["mib"]) <= LARGEST_MIB
    )
    print(f"goal {GOAL} x, text as fast, {LARGEST_MIB} MiB: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
