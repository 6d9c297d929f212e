"""What leaves on paper, as a Django app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Statements, confirmations and mandate forms."""

    name = "documents"
    verbose_name = "Dokumente"
