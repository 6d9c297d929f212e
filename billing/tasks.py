"""Celery edges of billing. Rows are the queue: a message only says "there is work"."""

from datetime import datetime
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from billing.models import BankDelivery, BillingRun
from billing.operations import fill_slice
from billing.operations.arrears import look_after_arrears
from billing.operations.bank_deliveries import is_small as is_small_delivery
from billing.operations.bank_deliveries import read_delivery
from billing.operations.bank_folder import watch_folder
from billing.operations.collection_delivery import deliver_waiting
from billing.operations.commission import settle_commission
from billing.operations.offsets import set_off_credits
from billing.operations.posting_request import post_or_refuse
from billing.operations.uploads import check_upload
from billing.words.bank import describe_problem
from members.facts import UploadStatus
from members.models import Upload
from members.operations.statistics import refresh_statistics
from members.operations.uploads import apply_upload
from members.queries.uploads import is_small


@shared_task(ignore_result=True)
def work_slice(run_id: int) -> None:
    """Bill one slice of a run, whichever is free; the last one posts it if that is wanted."""
    run = BillingRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    fill_slice(run=run, now=timezone.now())
    post_or_refuse(run=run, now=timezone.now())


@shared_task(ignore_result=True)
def reconcile_runs() -> None:
    """Send out again what is unfinished: messages may be lost, rows are not."""
    for run in BillingRun.objects.filter(posted_at=None):
        send_work(run)


@shared_task(ignore_result=True)
def deliver_collections() -> None:
    """Put released files into the bank's folder that did not get there at once."""
    deliver_waiting()


def send_work(run: BillingRun) -> None:
    """Tell the workers of a run's open slices, once the current transaction is committed.

    A run whose slices are all done but which is not posted yet gets one message too.
    """
    open_slices = run.slices.filter(done_at=None).count()
    wants_posting = run.posting_requested_at is not None
    for _ in range(open_slices or int(wants_posting)):
        transaction.on_commit(lambda: work_slice.delay(run.pk))


@shared_task(ignore_result=True)
def look_after_arrears_of_today() -> None:
    """Reminders by the law: what the day brings, once; called again it does nothing."""
    now = timezone.now()
    look_after_arrears(today=timezone.localdate(now), now=now)


@shared_task(ignore_result=True)
def set_off() -> None:
    """Settle what contracts owe with their own credits, whatever run or receipt made them."""
    set_off_credits(now=timezone.now())


@shared_task(ignore_result=True)
def settle_commission_of_today() -> None:
    """What payments brought brokers since yesterday; monthly their statements."""
    settle_commission(now=timezone.now())


@shared_task(ignore_result=True)
def check_file(upload_id: int) -> None:
    """Check a file of notices that was handed in or changed."""
    check_upload(upload_id=upload_id, now=timezone.now())


@shared_task(ignore_result=True)
def apply_file(upload_id: int) -> None:
    """Apply a released file of notices; one that would do something else now is checked again."""
    if apply_upload(upload_id=upload_id, now=timezone.now()):
        refresh_statistics()
    else:
        check_upload(upload_id=upload_id, now=timezone.now())


@shared_task(ignore_result=True)
def reconcile_uploads() -> None:
    """Send out again the files that wait for a worker; those held by one are passed over."""
    for pk in Upload.objects.filter(status=UploadStatus.RECEIVED, problems=[]).values_list("pk"):
        check_file.delay(*pk)
    for pk in Upload.objects.filter(status=UploadStatus.RELEASED).values_list("pk"):
        apply_file.delay(*pk)


def send_check(upload: Upload, now: datetime) -> None:
    """Have a file checked: a small one at once, a large one by a worker after the commit.

    Should no worker hear of it, `reconcile_uploads` finds it.
    """
    if is_small(upload):
        check_upload(upload_id=upload.pk, now=now)
    else:
        transaction.on_commit(lambda: check_file.delay(upload.pk), robust=True)


def send_apply(upload: Upload, now: datetime) -> None:
    """Have a released file applied: a small one at once, a large one by a worker.

    A small one that would do something else now than what was released is checked again at once.
    """
    if not is_small(upload):
        transaction.on_commit(lambda: apply_file.delay(upload.pk), robust=True)
    elif not apply_upload(upload_id=upload.pk, now=now):
        check_upload(upload_id=upload.pk, now=now)


@shared_task(ignore_result=True)
def watch_bank_folder() -> None:
    """Read what the bank's program has put into its folder, if there is one."""
    if settings.BANK_INBOX:
        watch_folder(folder=Path(settings.BANK_INBOX), now=timezone.now(), explain=describe_problem)


@shared_task(ignore_result=True)
def read_bank_delivery(delivery_id: int) -> None:
    """Read a file of the bank that was handed in."""
    read_delivery(delivery_id=delivery_id, now=timezone.now())


@shared_task(ignore_result=True)
def reconcile_bank_deliveries() -> None:
    """Send out again the files that wait for a worker; one that is being read is passed over."""
    waiting = BankDelivery.objects.filter(state=BankDelivery.State.WAITING)
    for pk in waiting.order_by("pk").values_list("pk"):
        read_bank_delivery.delay(*pk)


def send_delivery(delivery: BankDelivery, now: datetime) -> BankDelivery:
    """Have a file of the bank read: a small one at once, a large one by a worker."""
    if is_small_delivery(delivery):
        return read_delivery(delivery_id=delivery.pk, now=now) or delivery
    transaction.on_commit(lambda: read_bank_delivery.delay(delivery.pk), robust=True)
    return delivery
