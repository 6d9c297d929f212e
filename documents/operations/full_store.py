"""That letters wait for room on the disk, told to whoever looks at their run. Volatile."""

from typing import Final

from aupolicy.operations.progress import forget_progress, keep_progress
from documents.queries.stored import name_letters_job

# The clock has letters tried again every minute; what nobody repeats any more is over.
_SECONDS: Final = 180


def note_full_store(*, run_id: int) -> None:
    """A letter of the run could not be kept."""
    keep_progress(name_letters_job(run_id), True, seconds=_SECONDS)


def forget_full_store(*, run_id: int) -> None:
    """Letters of the run are kept again."""
    forget_progress(name_letters_job(run_id))
