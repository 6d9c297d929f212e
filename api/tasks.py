"""Celery edges of the API. Rows are the queue: a message only says "there is work"."""

from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oauth2_provider.models import clear_expired

from api.models import Job
from api.operations.files import work_file
from api.operations.given_answers import forget_old_answers
from api.operations.workforce import apply_workforce, check_workforce
from aupolicy.operations.acting import name_program
from members.facts import UploadStatus
from members.operations.statistics import refresh_statistics

# Where a job stands as its file does, and nobody has to do anything about it.
_SETTLED = (
    (Job.State.CHECKED, UploadStatus.CHECKED),
    (Job.State.APPLIED, UploadStatus.APPLIED),
    (Job.State.FAILED, UploadStatus.REFUSED),
    (Job.State.DISCARDED, UploadStatus.DISCARDED),
)


@shared_task(ignore_result=True)
def work_job(job_id: str) -> None:
    """Do what is next for a job: check what was received, apply what is confirmed."""
    job = Job.objects.select_related("client").filter(pk=job_id).first()
    if job is None:
        return
    now = timezone.now()
    if job.upload_id is not None:
        work_file(job_id=job.pk, now=now, by_worker=True)
        return
    with transaction.atomic():
        name_program(job.client)
        check_workforce(job_id=job.pk, now=now)
    # What was checked is on record before it is applied.
    with transaction.atomic():
        name_program(job.client)
        applied = apply_workforce(job_id=job.pk, now=now)
    if applied:
        refresh_statistics()


@shared_task(ignore_result=True)
def reconcile_jobs() -> None:
    """Send out again the jobs that wait for a worker; those held by one are passed over."""
    for pk in list_waiting():
        work_job.delay(str(pk))


@shared_task(ignore_result=True)
def forget_what_is_over() -> None:
    """Drop answers that nobody asks for again and tokens that have run out; daily."""
    forget_old_answers(now=timezone.now())
    clear_expired()


def list_waiting() -> list[UUID]:
    """Payrolls to be checked or applied, and jobs whose file has moved on or waits itself."""
    payroll = Q(kind=Job.Kind.WORKFORCE, state__in=[Job.State.RECEIVED, Job.State.CONFIRMED])
    settled = Q(pk__in=[])
    for state, status in _SETTLED:
        settled |= Q(state=state, upload__status=status)
    file = Q(kind=Job.Kind.FILE) & ~settled
    open_columns = Q(state=Job.State.FAILED, upload__status=UploadStatus.RECEIVED)
    file &= ~(open_columns & ~Q(upload__problems=[]))
    return list(Job.objects.filter(payroll | file).values_list("pk", flat=True))


def send_job(job: Job) -> None:
    """Have a worker go on with a job, once the current transaction is committed."""
    key = str(job.pk)
    transaction.on_commit(lambda: work_job.delay(key), robust=True)
