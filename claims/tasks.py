"""Celery edges of claims. Rows are the queue: a message only says "there is work"."""

from celery import shared_task
from django.utils import timezone

from claims.operations import daily
from claims.operations.runs import list_open_runs, work_run


@shared_task(ignore_result=True)
def work_benefit_runs() -> None:
    """Go on with benefit runs that are not finished; one that a worker is at is passed over."""
    for run in list_open_runs():
        while work_run(run=run, now=timezone.now()):
            pass


@shared_task(ignore_result=True)
def look_after_claims() -> None:
    """Look at all open claims; the clock calls it every morning, and again does nothing."""
    now = timezone.now()
    daily.look_after_claims(today=timezone.localdate(now), now=now)
