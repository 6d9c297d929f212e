"""Celery edges of billing. Rows are the queue: a message only says "there is work"."""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from billing.models import BillingRun
from billing.operations import fill_slice, post_run
from members.models import Upload


@shared_task(ignore_result=True)
def work_slice(run_id: int) -> None:
    """Bill one slice of a run, whichever is free; the last one posts it if that is wanted."""
    run = BillingRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    fill_slice(run=run, now=timezone.now())
    post_run(run=run, now=timezone.now())


@shared_task(ignore_result=True)
def reconcile_runs() -> None:
    """Send out again what is unfinished: messages may be lost, rows are not."""
    for run in BillingRun.objects.filter(posted_at=None):
        send_work(run)


def send_work(run: BillingRun) -> None:
    """Tell the workers of a run's open slices, once the current transaction is committed.

    A run whose slices are all done but which is not posted yet gets one message too.
    """
    open_slices = run.slices.filter(done_at=None).count()
    wants_posting = run.posting_requested_at is not None
    for _ in range(open_slices or int(wants_posting)):
        transaction.on_commit(lambda: work_slice.delay(run.pk))


def send_check(upload: Upload, now: datetime) -> None:
    """Have a file checked: a small one at once, a large one by a worker after the commit."""
    raise NotImplementedError


def send_apply(upload: Upload, now: datetime) -> None:
    """Have a released file applied: a small one at once, a large one by a worker."""
    raise NotImplementedError
