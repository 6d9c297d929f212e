"""The Celery app. A task is an edge: it claims rows and calls one operation."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("BAU_ENV", "production")

app = Celery("bau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def take_up_work(**_facts: Any) -> None:
    """Look at once for what a killed worker left unfinished, not only when the clock says."""
    app.send_task("billing.tasks.reconcile_runs")
    app.send_task("billing.tasks.reconcile_uploads")
    app.send_task("api.tasks.reconcile_jobs")
