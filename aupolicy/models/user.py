"""The person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in."""

    class Meta:
        verbose_name = "Benutzer"
        verbose_name_plural = "Benutzer"
