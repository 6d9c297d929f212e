"""Broker and database are lost in the middle of a run; what was committed stays, the rest is done.

The worker finds both again by itself, or is started again where it gives up. The clock's reminder,
once a minute in production, is given as soon as the services are back.
"""

import time

from benchmarks.billing_run import MONTH
from tests.faults.conftest import Scene
from tests.faults.services import Services
from tests.faults.test_kill_worker import check_all, read_progress, wait_for
from tests.faults.workers import Workers

PATIENCE_SECONDS = 90
REMIND_SECONDS = 3
_POSTED = "SELECT COUNT(*) FROM billing_billingrun WHERE month = %s AND posted_at IS NOT NULL"


def test_a_run_outlives_broker_and_database(
    scene: Scene, workers: Workers, mortal_services: Services
) -> None:
    scene.do("large.start")
    with workers.working():
        done, slices = lose_broker(scene, mortal_services)
        assert 0 < done < slices
        kept = lose_database(scene, mortal_services, slices // 2)
        assert done <= kept < slices
        wait_until_posted(scene, kept)
    with scene.server.connect(scene.database) as connection:
        check_all(connection, scene.contracts)
    (audit,) = scene.do("audit")
    assert audit.value == {"broken": {}, "rows": []}


def lose_broker(scene: Scene, services: Services) -> tuple[int, int]:
    """Kill the broker with all its messages, start it empty; how far the run is."""
    with scene.server.connect(scene.database) as connection:
        _, slices = read_progress(connection)
        wait_for(connection, slices // 10)
        services.lose_broker()
        return read_progress(connection)


def lose_database(scene: Scene, services: Services, wanted: int) -> int:
    """Stop the database without a checkpoint and start it; how many slices it still knows."""
    scene.do("large.remind")
    with scene.server.connect(scene.database) as connection:
        wait_for(connection, wanted)
        before, _ = read_progress(connection)
        services.lose_database()
    with scene.server.connect(scene.database) as connection:
        done, _ = read_progress(connection)
    assert done >= before
    return done


def wait_until_posted(scene: Scene, done: int) -> None:
    """Remind the workers until the run is posted; meanwhile nothing done is lost."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    remind_at = 0.0
    with scene.server.connect(scene.database) as connection:
        while connection.execute(_POSTED, [MONTH.first_day]).fetchone() == (0,):
            assert time.monotonic() < deadline, f"not posted: {read_progress(connection)}"
            if time.monotonic() > remind_at:
                scene.do("large.remind")
                remind_at = time.monotonic() + REMIND_SECONDS
            time.sleep(0.05)
            assert read_progress(connection)[0] >= done
