"""Where a job stands; one that wraps a file stands where the file does, whoever moved that."""

from collections.abc import Mapping
from typing import Any

from api.models import Job
from members.facts import UploadStatus
from members.models import Upload

_OF_FILE = {
    UploadStatus.RECEIVED.value: Job.State.RECEIVED,
    UploadStatus.CHECKED.value: Job.State.CHECKED,
    UploadStatus.RELEASED.value: Job.State.CONFIRMED,
    UploadStatus.APPLIED.value: Job.State.APPLIED,
    UploadStatus.REFUSED.value: Job.State.FAILED,
    UploadStatus.DISCARDED.value: Job.State.DISCARDED,
}


def read_state(job: Job) -> str:
    """The state; a file whose columns are not clear has failed until somebody says them."""
    upload = job.upload
    if upload is None:
        return job.state
    if upload.status == UploadStatus.RECEIVED and upload.problems:
        return Job.State.FAILED
    return _OF_FILE[upload.status]


def read_problem(job: Job) -> Mapping[str, Any] | None:
    """Why a job failed or waits, {code, params}; None where nothing is in its way."""
    upload = job.upload
    if upload is None:
        return job.problem
    state = read_state(job)
    if state == Job.State.FAILED:
        unclear = upload.status == UploadStatus.RECEIVED
        return {"code": "COLUMNS_UNCLEAR" if unclear else "FILE_NOT_READABLE", "params": {}}
    if state != Job.State.CHECKED:
        return None
    return job.problem or _changed(upload)


def _changed(upload: Upload) -> Mapping[str, Any] | None:
    changed = upload.summary.get("changed_since_check")
    return {"code": "CHANGED_MEANWHILE", "params": {}} if changed else None


def read_summary(job: Job) -> Mapping[str, Any] | None:
    """The preview in figures, None before there is one."""
    if read_state(job) not in (Job.State.CHECKED, Job.State.CONFIRMED, Job.State.APPLIED):
        return None
    found: Mapping[str, Any] | None = job.upload.summary if job.upload else job.result
    return found or None
