"""Several start the same large run at the same moment; it becomes one, and they share the work."""

from tests.faults.conftest import Scene
from tests.faults.test_kill_worker import check_all

AT_ONCE = 8


def test_eight_processes_make_one_run_and_share_it(scene: Scene) -> None:
    # Each of them starts the run, fills slices while there are any, and tries to post it.
    outcomes = scene.do("large.share", count=AT_ONCE)
    assert not any(outcome.error or outcome.killed for outcome in outcomes)
    with scene.server.connect(scene.database) as connection:
        check_all(connection, scene.contracts)
