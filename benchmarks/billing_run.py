"""The monthly run against one bare INSERT ... SELECT of the same rows.

Both sides work on fresh copies of the same database. First both must come to the same lines to
the cent; only then is anything timed, in the order A B B A.
"""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from aupolicy.kernel.month import Month
from benchmarks import floor
from benchmarks.database import Connection, Server
from benchmarks.population import Population, draw_sizes, load
from benchmarks.product import read_cpu_seconds
from benchmarks.proof import check_equal
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

    def run(self) -> dict[str, Any]:
        """Make the population, prove the sides equal, time them; the report as plain values."""
        with self.server.provide(f"{self._prefix}_all") as population:
            made = self._populate(population)
            equal, phases = self._prove_equal(population)
            samples = [asdict(sample) for sample in self._measure(population)]
        with self.server.connect() as connection:
            machine = describe_machine(connection)
        return {
            "order": asdict(self.order),
            "population": made,
            "equal": equal,
            "machine": machine | {"checkpoint_before_each_side": self._checkpoints},
            "phases": phases,
            "samples": samples,
            "result": summarise(samples, members=self.order.members),
        }

    def _populate(self, database: str) -> dict[str, Any]:
        order, begin = self.order, time.monotonic()
        sizes = draw_sizes(members=order.members, contracts=order.contracts, seed=order.seed)
        self.server.migrate(database)
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
        self.say(f"both sides equal: {equal['lines']:,} lines, {equal['total']} EUR")
        return equal, worker["phases"]

    def _measure(self, population: str) -> list[Sample]:
        samples: list[Sample] = []

        def take(sample: Sample) -> None:
            samples.append(sample)
            self._tell(sample)

        for number in range(self.order.rounds):
            sides = [self._time_floor, self._time_product]
            for side in sides if number % 2 == 0 else reversed(sides):
                take(side(population))
        if self.order.workers > 1:
            for _ in range(self.order.rounds):
                take(self._time_product(population, workers=self.order.workers))
        return samples

    def _time_floor(self, population: str) -> Sample:
        with (
            self.server.provide(f"{self._prefix}_a", template=population) as database,
            self.server.connect(database) as connection,
        ):
            floor.create_table(connection)
            self._checkpoints = self.server.checkpoint()
            wal, load_before = _read_wal(connection), os.getloadavg()[0]
            pid = connection.info.backend_pid
            cpu, begin = read_cpu_seconds(pid), time.monotonic()
            floor.insert_lines(connection, MONTH)
            seconds = time.monotonic() - begin
            cpu = read_cpu_seconds(pid) - cpu
            return Sample(FLOOR, seconds, cpu, _read_wal(connection) - wal, load_before)

    def _time_product(self, population: str, *, workers: int = 1) -> Sample:
        with (
            self.server.provide(f"{self._prefix}_b", template=population) as database,
            self.server.connect() as connection,
        ):
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
