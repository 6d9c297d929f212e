"""A full export of premium lines to CSV and Parquet against a bare COPY TO of the same rows.

    P=.venv/bin/python
    $P -m config.local exec --throwaway -- $P -m benchmarks.data_export --lines 1000000 --rounds 3

The product writes everything: all tables, digests, manifest, dictionary, synced to disk; only the
premium lines are many. The floor copies the lines into one file, unsynced, as psycopg's COPY gives
them. Each side is a process of its own, so that its memory is its own; rows and the sum of all
amounts must be equal.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.database import PROJECT, Connection, Server
from benchmarks.report import describe_machine

SIDES = ("copy", "csv", "parquet")
LINES = "billing_premiumline"
_RUN = """
INSERT INTO billing_billingrun (id, kind, month, started_at, posted_at)
VALUES (1, 'premium', '2026-12-01', now(), now())
"""
# Whom the lines are about does not matter here: there is nobody.
_FREE = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'billing_premiumline'::regclass AND contype = 'f'
    LOOP EXECUTE format('ALTER TABLE billing_premiumline DROP CONSTRAINT %I', name); END LOOP;
END $$
"""
_FILL = sql.SQL("""
INSERT INTO billing_premiumline_run_1
    (contract_id, person_id, covered_month, run_id, amount, covered_days, pay, band, tariff_id)
SELECT 1 + i % 10000, i, '2026-12-01', 1, 6.80 + i % 1230 / 100.0, 30, 1000 + i % 7919, i % 9, 1
FROM generate_series(1, {lines}) AS i
""")
_PART = "CREATE TABLE billing_premiumline_run_1 (LIKE billing_premiumline INCLUDING ALL)"
_ATTACH = (
    "ALTER TABLE billing_premiumline ATTACH PARTITION billing_premiumline_run_1 FOR VALUES IN (1)"
)


def prepare(connection: Connection, lines: int) -> None:
    """A posted run of so many lines."""
    fill = _FILL.format(lines=sql.Literal(lines))
    # Read once, so that no side finds rows that nobody has looked at yet.
    for statement in (_RUN, _FREE, _PART, fill, _ATTACH, "VACUUM ANALYZE"):
        connection.execute(statement.encode() if isinstance(statement, str) else statement)


def copy_bare(url: str, folder: Path) -> None:
    """The floor."""
    query = f"COPY (SELECT * FROM {LINES}) TO STDOUT (FORMAT csv)"  # noqa: S608
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        (folder / "copy.csv").open("wb") as file,
        cursor.copy(query.encode()) as copy,
    ):
        for row in copy:
            file.write(row)


def run_side(side: str, folder: Path) -> dict[str, Any]:
    """One side in this process: seconds, processor time and peak memory."""
    work = _choose(side, folder)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": seconds,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "rss_before_kib": before.ru_maxrss,
        "rss_peak_kib": after.ru_maxrss,
    }


def _choose(side: str, folder: Path) -> Callable[[], object]:
    if side == "copy":
        return lambda: copy_bare(os.environ["DATABASE_URL"], folder)
    import django  # noqa: PLC0415 - the floor needs none of the product

    django.setup()
    from config.data_export.export import export_data  # noqa: PLC0415
    from config.data_export.files import Format  # noqa: PLC0415

    now = datetime.now(UTC)
    return lambda: export_data(folder=folder / "export", file_format=Format(side), now=now)


def read_back(side: str, folder: Path) -> tuple[int, Decimal]:
    """Rows and the sum of their amounts, as the file says."""
    if side == "parquet":
        import pyarrow.compute as pc  # noqa: PLC0415 - only this side's reader
        import pyarrow.parquet as pq  # noqa: PLC0415

        table = pq.read_table(folder / "export" / f"{LINES}.parquet", columns=["amount"])
        return table.num_rows, pc.sum(table["amount"]).as_py()
    path = folder / "copy.csv" if side == "copy" else folder / "export" / f"{LINES}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if side == "csv":
            next(rows)
        amounts = [Decimal(row[4]) for row in rows]
    return len(amounts), sum(amounts, Decimal(0))


def measure(server: Server, *, lines: int, rounds: int) -> dict[str, Any]:
    """Every side so often, in turns; the report as plain values."""
    with server.provide(f"bau_export_{os.getpid()}") as database:
        server.migrate(database)
        with server.connect(database) as connection:
            prepare(connection, lines)
            machine = describe_machine(connection)
        samples = [
            _measure_side(server, database, side, lines)
            for number in range(rounds)
            for side in (SIDES if number % 2 == 0 else reversed(SIDES))
        ]
    assert len({sample["sum"] for sample in samples}) == 1, "the sides wrote different amounts"
    return {"lines": lines, "machine": machine, **_summarise(samples, lines)}


def _measure_side(server: Server, database: str, side: str, lines: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "benchmarks.data_export", "--side", side, str(folder)]
        done = subprocess.run(
            command,
            env=dict(server.environment(database)),
            cwd=PROJECT,
            check=True,
            stdout=subprocess.PIPE,
        )
        sample: dict[str, Any] = json.loads(done.stdout)
        rows, amount = read_back(side, folder)
        assert rows == lines, f"{side}: {rows} rows"
        size = max(path.stat().st_size for path in folder.rglob("*.*") if path.is_file())
    sample |= {"side": side, "sum": str(amount), "mib": size / 2**20, "load": os.getloadavg()[0]}
    print(
        f"{side:8s} {sample['seconds']:6.2f} s, processor {sample['cpu']:5.2f} s, peak"
        f" {sample['rss_peak_kib'] / 1024:.0f} MiB ({sample['rss_before_kib'] / 1024:.0f} before),"
        f" file {sample['mib']:.0f} MiB, load {sample['load']:.1f}",
        flush=True,
    )
    return sample


def _summarise(samples: list[dict[str, Any]], lines: int) -> dict[str, Any]:
    def middle(side: str, key: str) -> float:
        return statistics.median(float(s[key]) for s in samples if s["side"] == side)

    return {
        side: {
            "seconds": middle(side, "seconds"),
            "ratio": middle(side, "seconds") / middle("copy", "seconds"),
            "rows_per_second": lines / middle(side, "seconds"),
            "processor": middle(side, "cpu"),
            # Over what the process had before: Linux counts the parent's memory in at a fork.
            "rss_grown_mib": (middle(side, "rss_peak_kib") - middle(side, "rss_before_kib")) / 1024,
        }
        for side in SIDES
    } | {"samples": samples}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--side", nargs=2, metavar=("SIDE", "FOLDER"))
    options = parser.parse_args()
    if options.side:
        side, folder = options.side
        print(json.dumps(run_side(side, Path(folder))))
        return
    server = Server(os.environ["DATABASE_URL"])
    report = measure(server, lines=options.lines, rounds=options.rounds)
    for side in SIDES:
        figures = report[side]
        print(
            f"{side}: {figures['seconds']:.2f} s, {figures['ratio']:.2f} times the bare COPY,"
            f" {figures['rows_per_second']:,.0f} lines/s, processor {figures['processor']:.2f} s,"
            f" {figures['rss_grown_mib']:.0f} MiB more than before"
        )
    if options.json:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
