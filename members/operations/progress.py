"""How far the work on a file of notices has come, told to whoever waits."""

from collections.abc import Callable

from aupolicy.operations.progress import forget_progress as forget
from aupolicy.operations.progress import keep_progress
from members.queries.uploads import Step, name_job

Tell = Callable[[Step, int, int], None]


def tell_progress(upload_id: int) -> Tell:
    """What notes the progress of a file; without the cache it is just not known."""

    def tell(step: Step, done: int, total: int) -> None:
        keep_progress(name_job(upload_id), (step.value, done, total))

    return tell


def forget_progress(upload_id: int) -> None:
    """Nothing is going on any more."""
    forget(name_job(upload_id))
