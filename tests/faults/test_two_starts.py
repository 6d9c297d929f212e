"""Several start the same month at the same moment; it becomes one run."""

from benchmarks.billing_run import MONTH
from benchmarks.workers import bill_month
from tests.faults.conftest import Scene
from tests.faults.test_kill_worker import check_all


def test_three_processes_make_one_run_and_share_it(scene: Scene) -> None:
    # Each of them starts the run, fills slices while there are any, and tries to post it.
    bill_month(environment=scene.env, month=MONTH, count=3)
    with scene.server.connect(scene.database) as connection:
        check_all(connection, scene.contracts)
