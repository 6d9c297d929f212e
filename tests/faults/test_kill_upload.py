"""A worker is killed while it checks a file and while it applies one; it counts exactly once."""

import time
from collections.abc import Callable

from benchmarks.database import Connection
from tests.faults.conftest import Scene
from tests.faults.large_steps import UPLOADED_ROWS as ROWS
from tests.faults.test_kill_worker import PATIENCE_SECONDS
from tests.faults.workers import Workers

# Seconds after a worker has taken the file; the first finds it reading, the last writing.
MOMENTS = (0.0, 0.4, 0.8)
SECONDS_TO_REMIND = 3
_HELD = """
SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
WHERE c.relname = 'members_upload' AND l.mode = 'RowShareLock' AND l.granted
"""
_STORED = """
SELECT (SELECT COUNT(*) FROM members_noticerecord WHERE upload_id IS NOT NULL),
       (SELECT COUNT(*) FROM members_membership m JOIN members_person p ON p.id = m.person_id
        WHERE p.personnel_number ~ '^N[0-9]+$'),
       (SELECT COUNT(*) FROM members_uploadrow)
"""


def test_killed_workers_check_and_apply_a_file_exactly_once(scene: Scene, workers: Workers) -> None:
    scene.do("large.receive")
    with scene.server.connect(scene.database) as connection:
        kill_at_moments(scene, workers, connection, "RECEIVED", stored=(0, 0, 0))
        with workers.working():
            wait_until(scene, connection, "CHECKED")
        assert connection.execute(_STORED).fetchone() == (0, 0, ROWS)
        scene.do("large.release")
        kill_at_moments(scene, workers, connection, "RELEASED", stored=(0, 0, ROWS))
        with workers.working():
            wait_until(scene, connection, "APPLIED")
        assert connection.execute(_STORED).fetchone() == (ROWS, ROWS, ROWS)
        # Another worker finds nothing left to do.
        with workers.working():
            time.sleep(1)
        assert connection.execute(_STORED).fetchone() == (ROWS, ROWS, ROWS)


def kill_at_moments(
    scene: Scene,
    workers: Workers,
    connection: Connection,
    status: str,
    *,
    stored: tuple[int, int, int],
) -> None:
    """Kill workers that hold the file; as long as they are not done nothing is written."""
    killed = 0
    for moment in MOMENTS:
        if read_status(connection) != status:
            break
        with workers.working():
            wait_for_work(scene, connection, status)
            time.sleep(moment)
        if read_status(connection) == status:
            killed += 1
            assert connection.execute(_STORED).fetchone() == stored
    assert killed


def read_status(connection: Connection) -> str:
    (status,) = connection.execute("SELECT status FROM members_upload").fetchone() or ("",)
    return str(status)


def wait_for_work(scene: Scene, connection: Connection, status: str) -> None:
    """Until a worker holds the file, or is done with it."""
    wait(
        scene,
        lambda: (
            connection.execute(_HELD).fetchone() is not None or read_status(connection) != status
        ),
    )


def wait_until(scene: Scene, connection: Connection, status: str) -> None:
    wait(scene, lambda: read_status(connection) == status)


def wait(scene: Scene, has_come: Callable[[], bool]) -> None:
    """The database may notice late that a worker is dead; then the clock calls the next one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    remind_at = time.monotonic() + SECONDS_TO_REMIND
    while not has_come():
        assert time.monotonic() < deadline, "nothing happened"
        if time.monotonic() > remind_at:
            scene.do("large.remind_of_files")
            remind_at = time.monotonic() + SECONDS_TO_REMIND
        time.sleep(0.005)
