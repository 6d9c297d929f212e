"""The shell as a Django app, so that it can hold commands that span the other apps."""

from importlib import import_module

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Makes our Celery app the current one before any task is sent."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        """Load the Celery app: without it a task would go to Celery's default broker."""
        import_module("config.celery")
        import_module("config.database_check")
