"""The person who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in; `language` is the one of pages and mails."""

    language = models.CharField(
        "Sprache", max_length=5, choices=[("de", "Deutsch"), ("en", "English")], default="de"
    )

    class Meta:
        verbose_name = "Benutzer"
        verbose_name_plural = "Benutzer"
