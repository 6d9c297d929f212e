"""Django registration of the app."""

from django.apps import AppConfig


class AupolicyConfig(AppConfig):
    name = "aupolicy"
    verbose_name = "Vertrag"
