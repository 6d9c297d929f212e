"""What programs do with their jobs: confirm, discard."""

from datetime import datetime

from api.facts import Problem
from api.models import Job
from api.operations.files import confirm_file, discard_file

_OPEN = frozenset({Job.State.RECEIVED, Job.State.CHECKED})


def confirm_job(*, job: Job, skips_failed_rows: bool, now: datetime) -> None:
    """Let a checked job take effect; the caller holds its row. It is applied after that.

    While rows are wrong it is refused, unless they are to be left out. Raises Problem (409, 422).
    """
    if job.upload is not None:
        confirm_file(job=job, skips_failed_rows=skips_failed_rows, now=now)
        return
    if job.state != Job.State.CHECKED:
        raise Problem(409, "JOB_NOT_OPEN")
    wrong = (job.result or {})["outcomes"]["failed"]
    if wrong and not skips_failed_rows:
        raise Problem(422, "ROWS_WRONG", count=str(wrong))
    job.state, job.problem, job.skips_failed_rows = Job.State.CONFIRMED, None, skips_failed_rows
    job.save(update_fields=["state", "problem", "skips_failed_rows"])


def discard_job(*, job: Job, now: datetime) -> None:
    """Drop a job that has not taken effect; the caller holds its row. Raises Problem (409)."""
    if job.upload is not None:
        discard_file(job)
    elif job.state not in _OPEN:
        raise Problem(409, "JOB_NOT_OPEN")
    job.state, job.finished_at, job.problem = Job.State.DISCARDED, now, None
    job.save(update_fields=["state", "finished_at", "problem"])
    job.rows.all().delete()
