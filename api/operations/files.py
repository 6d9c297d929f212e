"""Tables that programs send as bodies: the same files that people hand in in the portal."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from api.facts import Fault, Problem
from api.models import Job
from api.operations.job_messages import tell_finished
from api.operations.workforce import find_obstacle
from api.queries.job_rights import find_refusal
from api.queries.job_states import read_state
from api.queries.jobs import find_job_of_upload
from aupolicy.models import ApiClient, GroupContract
from billing.operations.uploads import check_upload
from billing.tasks import send_apply
from members.facts import Channel, UploadKind, UploadStatus
from members.models import Upload
from members.operations.statistics import refresh_statistics
from members.operations.uploads import (
    UnableToTakeUpload,
    apply_upload,
    discard_upload,
    receive_upload,
    release_upload,
)
from members.queries.uploads import is_small

_ENDED = frozenset({Job.State.APPLIED, Job.State.FAILED, Job.State.DISCARDED})
# Where a refusal of a file points.
_FIELD_OF = {"EFFECTIVE_MISSING": "as_of", "EFFECTIVE_OUTSIDE_CONTRACT": "as_of"}


def receive_file(
    *,
    client: ApiClient,
    contract: GroupContract,
    kind: UploadKind,
    file_name: str,
    content: bytes,
    effective: date | None,
    applies_at_once: bool,
    skips_failed_rows: bool,
    now: datetime,
) -> Job:
    """Keep a table as a file of the portal, with a job that wraps it. Raises Problem (422).

    The same file for the same contract and day is the one that is there already, whoever handed
    it in; the job then tells where that stands.
    """
    try:
        upload = receive_upload(
            contract=contract,
            kind=kind,
            file_name=file_name,
            content=content,
            effective=effective,
            sender=None,
            now=now,
            channel=Channel.API,
        )
    except UnableToTakeUpload as error:
        fault = Fault(error.code, _FIELD_OF.get(error.code, ""), error.params)
        said: dict[str, Any] = error.params
        raise Problem(422, error.code, faults=(fault,), **said) from None
    job = find_job_of_upload(client, upload)
    if job is not None:
        return job
    return Job.objects.create(
        client=client,
        contract=contract,
        kind=Job.Kind.FILE,
        state=Job.State.RECEIVED,
        upload=upload,
        effective=effective,
        applies_at_once=applies_at_once,
        skips_failed_rows=skips_failed_rows,
        created_at=now,
    )


def confirm_file(*, job: Job, skips_failed_rows: bool, now: datetime) -> None:
    """Release the file of a job and have it applied. Raises Problem (409, 422)."""
    try:
        upload = release_upload(
            upload=_upload_of(job), skips_failed_rows=skips_failed_rows, by=None, now=now
        )
    except UnableToTakeUpload as error:
        raise _refuse(error) from None
    send_apply(upload, now)
    follow_file(job_id=job.pk, now=now, by_worker=False)


def discard_file(job: Job) -> None:
    """Drop the file of a job. Raises Problem (409)."""
    try:
        discard_upload(upload=_upload_of(job))
    except UnableToTakeUpload as error:
        raise _refuse(error) from None


def _upload_of(job: Job) -> Upload:
    if job.upload is None:
        raise ValueError("a job without a file")
    return job.upload


def _refuse(error: UnableToTakeUpload) -> Problem:
    said: dict[str, Any] = error.params
    match error.code:
        case "ERRORS_LEFT":
            return Problem(422, "ROWS_WRONG", **said)
        case "NOT_OPEN":
            return Problem(409, "JOB_NOT_OPEN")
        case _:
            return Problem(409, error.code, **said)


def start_file(*, job: Job, now: datetime) -> bool:
    """Check a small file while its sender waits; False where a worker has to."""
    if not is_small(_upload_of(job)):
        return False
    work_file(job_id=job.pk, now=now, by_worker=False)
    return True


def work_file(*, job_id: Any, now: datetime, by_worker: bool) -> None:
    """Do what is next for the file of a job: check, release if so asked, apply; tell of the end.

    Each step claims its row and ends in a state that says what is next; it may be killed between.
    """
    job = Job.objects.select_related("upload").get(pk=job_id)
    upload_id = _upload_of(job).pk
    check_upload(upload_id=upload_id, now=now)
    follow_file(job_id=job_id, now=now, by_worker=by_worker)
    if Upload.objects.filter(pk=upload_id, status=UploadStatus.RELEASED).exists():
        if not apply_upload(upload_id=upload_id, now=now):
            check_upload(upload_id=upload_id, now=now)
        elif by_worker:
            refresh_statistics()
        follow_file(job_id=job_id, now=now, by_worker=by_worker)


def follow_file(*, job_id: Any, now: datetime, by_worker: bool) -> None:
    """Bring a job to where its file is; release that where it is to be applied at once.

    That it waits to be confirmed is told only where nobody waited for the answer.
    """
    with transaction.atomic():
        held = Job.objects.select_for_update(skip_locked=True, of=("self",))
        found = held.select_related("contract__employer", "client", "upload").filter(pk=job_id)
        job = found.first()
        if job is None:
            return
        upload, before = _upload_of(job), job.state
        if upload.status == UploadStatus.CHECKED and job.applies_at_once and job.problem is None:
            _release(job, upload, now)
        job.state = read_state(job)
        if job.state != Job.State.CHECKED:
            job.problem = None
        job.checked_at = upload.checked_at
        ended = job.state in _ENDED
        job.finished_at = (job.finished_at or now) if ended else None
        job.save(update_fields=["state", "problem", "checked_at", "finished_at"])
        waits = by_worker and job.state == Job.State.CHECKED
        if job.state != before and (ended or waits):
            tell_finished(job, now)


def _release(job: Job, upload: Upload, now: datetime) -> None:
    summary: Mapping[str, Any] = upload.summary
    refusal = find_refusal(job, timezone.localdate(now))
    if refusal:
        job.problem = {"code": refusal, "params": {}}
        return
    if summary.get("changed_since_check"):
        # It was released before, and would now do something else.
        job.problem = {"code": "CHANGED_MEANWHILE", "params": {}}
        return
    job.problem = find_obstacle(summary, skips_failed_rows=job.skips_failed_rows)
    if job.problem is not None:
        return
    try:
        release_upload(upload=upload, skips_failed_rows=job.skips_failed_rows, by=None, now=now)
    except UnableToTakeUpload as error:
        # Where nothing would change there is nothing to apply, and nothing in the way.
        if error.code != "NOTHING_TO_DO":
            job.problem = {"code": error.code, "params": error.params}
    else:
        upload.status = UploadStatus.RELEASED
