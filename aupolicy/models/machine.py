"""Programs that act for an employer or a broker, and the keys they sign in with."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from aupolicy.facts.machine import ApiScope
from aupolicy.models.agreement import Broker, Employer
from aupolicy.models.fields import public_id
from aupolicy.models.user import User


class ApiClient(models.Model):
    """A program (Anbindung) that acts for one employer or one broker; it is ended, not deleted.

    It signs in with one of its keys or, as `oauth_application`, with OAuth 2 client credentials,
    whose last use is `token_used_at`. `scopes` says what it may do. `networks` are addresses in
    CIDR form from which it may ask; empty: from everywhere.
    """

    public_id = public_id()
    name = models.CharField("Name", max_length=70)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="api_clients"
    )
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="api_clients"
    )
    scopes = ArrayField(
        models.CharField(max_length=30, choices=[(s.value, s.value) for s in ApiScope]),
        verbose_name="Rechte",
    )
    networks = ArrayField(
        models.CharField(max_length=50), verbose_name="erlaubte Netze", default=list, blank=True
    )
    oauth_application = models.OneToOneField(
        "oauth2_provider.Application",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_client",
    )
    token_used_at = models.DateTimeField("Token zuletzt benutzt", null=True, blank=True)
    created_at = models.DateTimeField("angelegt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("beendet", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Anbindung"
        verbose_name_plural = "Anbindungen"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="api_client_of_one_party",
                condition=Q(employer=None, broker__isnull=False)
                | Q(employer__isnull=False, broker=None),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A key of a program. Only its SHA-256 is kept; `prefix` tells people which one it is.

    Several may be valid at a time, so that a new one can take over without a gap.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField("Kennung", max_length=20, unique=True)
    secret_sha256 = models.CharField("SHA-256 des Schlüssels", max_length=64, unique=True)
    created_at = models.DateTimeField("angelegt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField("gültig bis")
    revoked_at = models.DateTimeField("gesperrt", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    last_used_at = models.DateTimeField("zuletzt benutzt", null=True, blank=True)

    class Meta:
        verbose_name = "Schlüssel"
        verbose_name_plural = "Schlüssel"
        indexes: ClassVar = [models.Index(fields=["client"])]

    def __str__(self) -> str:
        return self.prefix
