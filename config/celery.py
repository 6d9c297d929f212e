"""The Celery app. A task is an edge: it claims rows and calls one operation."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("BAU_ENV", "production")

app = Celery("bau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
