"""The monthly run against one bare INSERT ... SELECT of the same rows.

Both sides work on fresh copies of the same database. First both must come to the same lines to
the cent; only then is anything timed, in the order A B B A.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks import floor
from benchmarks.database import PROJECT, Connection, Server
from benchmarks.population import Population, draw_sizes, load, raise_some
from benchmarks.product import read_cpu_seconds
from benchmarks.proof import UnequalSides, check_equal
from benchmarks.report import describe_machine, summarise
from benchmarks.workers import bill_month

MONTH = Month(2026, 12)
FLOOR = "floor"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to measure. One process is always measured, `workers` of them as well."""

    members: int
    contracts: int
    rounds: int
    seed: int
    workers: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed side: seconds, processor seconds, bytes of write-ahead log, load before it."""

    side: str
    seconds: float
    cpu: float
    wal_bytes: int
    load: float
    detail: dict[str, Any] = field(default_factory=dict)


class Bench:
    """One measurement on a server, in databases of its own."""

    def __init__(self, *, server: Server, order: Order, say: Say) -> None:
        self.server, self.order, self.say = server, order, say
        self._prefix = f"bau_bench_{os.getpid()}"
        self._checkpoints = False
        self._again: dict[str, Any] = {}

    def run(self) -> dict[str, Any]:
        """Make the population, prove the sides equal, time them; the report as plain values."""
        with (
            self.server.provide(f"{self._prefix}_none") as empty,
            self._made_from(empty) as (population, made),
        ):
            equal, phases = self._prove_equal(population)
            samples = [asdict(sample) for sample in self._measure(population)]
            others = self._measure_others(population, empty, Decimal(equal["total"]))
        with self.server.connect() as connection:
            machine = describe_machine(connection)
        return {
            "order": asdict(self.order),
            "population": made,
            "equal": equal,
            "machine": machine | {"checkpoint_before_each_side": self._checkpoints},
            "phases": phases,
            "samples": samples,
            "others": others,
            "result": summarise(samples, members=self.order.members),
        }

    @contextmanager
    def _made_from(self, empty: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The population, in a copy of a database that has the product's tables from now on."""
        self.server.migrate(empty)
        with self.server.provide(f"{self._prefix}_all", template=empty) as population:
            yield population, self._populate(population)

    def _populate(self, database: str) -> dict[str, Any]:
        order, begin = self.order, time.monotonic()
        sizes = draw_sizes(members=order.members, contracts=order.contracts, seed=order.seed)
        with self.server.connect(database) as connection:
            load(connection, Population(sizes, MONTH, order.seed))
        median, largest = statistics.median(sizes), max(sizes)
        self.say(
            f"{order.members:,} members in {order.contracts:,} contracts "
            f"(median {median:g}, largest {largest:,} = {largest / order.members:.1%}), "
            f"made in {time.monotonic() - begin:.0f} s"
        )
        return {"median": median, "largest": largest}

    def _prove_equal(self, population: str) -> tuple[dict[str, Any], dict[str, float]]:
        """Both sides in one database must agree; the product's run is watched by phase."""
        with self.server.provide(f"{self._prefix}_proof", template=population) as database:
            (worker,) = self._bill(database, workers=1, phases=True)
            with self.server.connect(database) as connection:
                floor.create_table(connection)
                floor.insert_lines(connection, MONTH)
                equal = check_equal(connection, contracts=self.order.contracts, month=MONTH)
            self._again = self._run_side("again", database)
        self.say(f"both sides equal: {equal['lines']:,} lines, {equal['total']} EUR")
        return equal, worker["phases"]

    def _measure(self, population: str) -> list[Sample]:
        samples: list[Sample] = []

        def take(sample: Sample) -> None:
            samples.append(sample)
            self._tell(sample)

        for number in range(self.order.rounds):
            sides: list[Callable[[str], Sample]] = [self._time_floor, self._time_product]
            for side in sides if number % 2 == 0 else reversed(sides):
                take(side(population))
        if self.order.workers > 1:
            for _ in range(self.order.rounds):
                take(self._time_product(population, workers=self.order.workers))
        return samples

    def _measure_others(self, population: str, empty: str, total: Decimal) -> dict[str, Any]:
        """Everything that is measured once; each must come to what it should."""
        found: dict[str, Any] = {"again": self._again}
        if self._again["rows_written"]:
            raise UnequalSides(f"a second run wrote {self._again['rows_written']} rows")
        found["floor with foreign keys"] = asdict(self._time_floor(population, foreign_keys=True))
        for what in ("preview", "correction", "naive"):
            with self.server.provide(f"{self._prefix}_o", template=population) as database:
                found[what] = self._run_side(what, database)
                if what == "naive":
                    self._check_naive(database, found[what])
        if Decimal(found["preview"]["total"]) != total:
            raise UnequalSides(f"preview {found['preview']['total']}, run {total}")
        found["changed"] = self._time_changed(population)
        found["tenth"] = self._time_tenth(empty)
        return found

    def _run_side(self, what: str, database: str) -> dict[str, Any]:
        self.server.checkpoint()
        command = [sys.executable, "-m", "benchmarks.other_sides", what, str(MONTH)]
        environment = dict(self.server.environment(database))
        done = subprocess.run(
            command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
        )
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        self.say(f"{what}: {result['seconds']:.3f} s")
        return result

    def _check_naive(self, database: str, naive: dict[str, Any]) -> None:
        with self.server.connect(database) as connection:
            floor.create_table(connection)
            floor.insert_lines(connection, MONTH)
            bare = connection.execute(
                "SELECT COUNT(*), SUM(amount) FROM bare_line WHERE contract_id = ANY(%s)",
                [naive["contracts"]],
            ).fetchone()
        if bare != (naive["lines"], Decimal(naive["total"])):
            raise UnequalSides(f"naive {naive['lines']} {naive['total']}, floor {bare}")

    def _time_changed(self, population: str) -> dict[str, Any]:
        """A run that also corrects three months of every hundredth person."""
        with self.server.provide(f"{self._prefix}_c", template=population) as database:
            with self.server.connect(database) as connection:
                people = raise_some(connection, MONTH)
            sample = asdict(self._time_billing(database, workers=1))
        self.say(f"with {people:,} people changed back: {sample['seconds']:.2f} s")
        return sample | {"people": people}

    def _time_tenth(self, empty: str) -> dict[str, Any]:
        """The memory of a run of a tenth of the people."""
        order = self.order
        members, contracts = order.members // 10, max(3, order.contracts // 10)
        sizes = draw_sizes(members=members, contracts=contracts, seed=order.seed)
        with self.server.provide(f"{self._prefix}_t", template=empty) as database:
            with self.server.connect(database) as connection:
                load(connection, Population(sizes, MONTH, order.seed))
            return asdict(self._time_billing(database, workers=1)) | {"members": members}

    def _time_floor(self, population: str, *, foreign_keys: bool = False) -> Sample:
        with (
            self.server.provide(f"{self._prefix}_a", template=population) as database,
            self.server.connect(database) as connection,
        ):
            floor.create_table(connection, foreign_keys=foreign_keys)
            self._checkpoints = self.server.checkpoint()
            wal, load_before = _read_wal(connection), os.getloadavg()[0]
            pid = connection.info.backend_pid
            cpu, begin = read_cpu_seconds(pid), time.monotonic()
            floor.insert_lines(connection, MONTH)
            seconds = time.monotonic() - begin
            cpu = read_cpu_seconds(pid) - cpu
            return Sample(FLOOR, seconds, cpu, _read_wal(connection) - wal, load_before)

    def _time_product(self, population: str, *, workers: int = 1) -> Sample:
        with self.server.provide(f"{self._prefix}_b", template=population) as database:
            return self._time_billing(database, workers=workers)

    def _time_billing(self, database: str, *, workers: int) -> Sample:
        with self.server.connect() as connection:
            self._checkpoints = self.server.checkpoint()
            wal, load_before = _read_wal(connection), os.getloadavg()[0]
            done = self._bill(database, workers=workers)
            wal = _read_wal(connection) - wal
        return Sample(
            f"product {workers}",
            max(worker["end"] for worker in done) - min(worker["begin"] for worker in done),
            sum(worker["cpu"] + worker["backend_cpu"] for worker in done),
            wal,
            load_before,
            {
                "rss_before_kib": max(worker["rss_before_kib"] for worker in done),
                "rss_peak_kib": max(worker["rss_peak_kib"] for worker in done),
                "queries": sum(worker["queries"] for worker in done),
                "first_use": max(worker["first_use"] for worker in done),
            },
        )

    def _bill(self, database: str, *, workers: int, phases: bool = False) -> list[dict[str, Any]]:
        environment = self.server.environment(database)
        return bill_month(environment=environment, month=MONTH, count=workers, phases=phases)

    def _tell(self, sample: Sample) -> None:
        self.say(
            f"{sample.side:9s} {sample.seconds:7.2f} s {self.order.members / sample.seconds:9,.0f}"
            f" rows/s  processor {sample.cpu:6.2f} s  WAL {sample.wal_bytes / 2**20:5.0f} MiB"
            f"  load {sample.load:.2f}"
        )


def _read_wal(connection: Connection) -> int:
    (written,) = connection.execute(
        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
    ).fetchone() or (0,)
    return int(written)
