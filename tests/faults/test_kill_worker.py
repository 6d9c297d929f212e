"""A worker is killed in the middle of a run, again and again, and the books are exact."""

import os
import random
import time

from benchmarks import floor
from benchmarks.billing_run import MONTH
from benchmarks.database import Connection
from benchmarks.proof import check_equal
from tests.faults.conftest import Scene
from tests.faults.workers import Workers

SEED = 2_026
# What the short form saves is killed all over the place by test_kill_anywhere.
KILLS = 10 if os.environ.get("BAU_FAULT_ROUNDS") else 4
PATIENCE_SECONDS = 60
PROGRESS = "SELECT COUNT(*) FILTER (WHERE done_at IS NOT NULL), COUNT(*) FROM billing_billingslice"


def test_killed_workers_change_nothing(scene: Scene, workers: Workers) -> None:
    moments = random.Random(SEED)  # noqa: S311 - the same moments each time
    scene.do("large.start")
    with scene.server.connect(scene.database) as connection:
        _, slices = read_progress(connection)
        assert slices > 5 * KILLS
        killed_at = []
        for number in range(KILLS):
            with workers.working():
                # Spread over the run; the last kill is to hit the posting.
                wait_for(connection, slices * (number + 1) // KILLS)
                time.sleep(moments.uniform(0, 0.08))
                killed_at.append(read_progress(connection)[0])
        assert sum(1 for done in killed_at if done < slices) >= KILLS // 2
        with workers.working():
            wait_until_posted(connection)
        check_all(connection, scene.contracts)


def check_all(connection: Connection, contracts: int) -> None:
    """Every sum equals plain SQL, each contract has one statement, no number is missing."""
    floor.create_table(connection)
    floor.insert_lines(connection, MONTH)
    check_equal(connection, contracts=contracts, month=MONTH)
    facts = connection.execute(
        "SELECT (SELECT COUNT(*) FROM billing_billingrun WHERE month = %s),"
        " (SELECT COUNT(*) FROM pg_class WHERE relname ~ '^billing_premiumline_run_[0-9]+$'),"
        " (SELECT COUNT(*) FROM billing_ledgertransaction)",
        [MONTH.first_day],
    ).fetchone()
    assert facts == (1, 1, contracts)


def read_progress(connection: Connection) -> tuple[int, int]:
    done, slices = connection.execute(PROGRESS).fetchone() or (0, 0)
    return done, slices


def wait_for(connection: Connection, wanted: int) -> None:
    """Until so many slices are done."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while read_progress(connection)[0] < wanted:
        assert time.monotonic() < deadline, f"no progress: {read_progress(connection)}"
        time.sleep(0.005)


def wait_until_posted(connection: Connection) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    query = "SELECT 1 FROM billing_billingrun WHERE month = %s AND posted_at IS NOT NULL"
    while connection.execute(query, [MONTH.first_day]).fetchone() is None:
        assert time.monotonic() < deadline, f"not posted: {read_progress(connection)}"
        time.sleep(0.02)
