"""Who signs in and what they may do."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from aupolicy.models.fields import PeriodField


class User(AbstractUser):
    """A person who signs in."""

    class Meta:
        verbose_name = "Benutzer"
        verbose_name_plural = "Benutzer"


class Role(models.TextChoices):
    """What a grant allows. Roles of employers and brokers follow with their portals."""

    CLERK = "clerk", "Sachbearbeitung"
    AUDITOR = "auditor", "Revision (nur lesen)"


class Grant(models.Model):
    """A right of a user for a period, given by somebody; it is ended, not deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("Rolle", max_length=20, choices=Role.choices)
    period = PeriodField("Zeitraum")
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_given"
    )

    class Meta:
        verbose_name = "Berechtigung"
        verbose_name_plural = "Berechtigungen"
        indexes: ClassVar = [models.Index(fields=["user", "role"])]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
