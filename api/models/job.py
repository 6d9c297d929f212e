"""Work that takes longer than a request."""

import uuid
from typing import ClassVar

from django.db import models

from aupolicy.models import ApiClient, GroupContract
from members.models import Upload


class Job(models.Model):
    """A complete payroll, or a file of notices, that a program sent.

    What was sent lies in the file store (`sha256`) or is an `upload`, which then has the states
    and the preview. `effective` is the day a payroll holds for. `result` is the answer: the
    notices it would make and what they cost; `digest` is of what it would do, so that only that
    is confirmed. `problem` says why it failed.
    """

    class Kind(models.TextChoices):
        """What was sent."""

        WORKFORCE = "workforce", "vollständige Lohnliste"
        FILE = "file", "Meldedatei"

    class State(models.TextChoices):
        """Where a job stands."""

        RECEIVED = "received", "eingegangen"
        CHECKED = "checked", "geprüft"
        CONFIRMED = "confirmed", "bestätigt"
        APPLIED = "applied", "wirksam"
        FAILED = "failed", "fehlgeschlagen"
        DISCARDED = "discarded", "verworfen"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="jobs")
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    state = models.CharField("Status", max_length=10, choices=State.choices)
    upload = models.OneToOneField(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    effective = models.DateField("Stichtag", null=True, blank=True)
    applies_at_once = models.BooleanField("ohne Bestätigung", default=False)
    people = models.PositiveIntegerField("Personen", default=0)
    result = models.JSONField("Ergebnis", null=True, blank=True)
    digest = models.CharField("SHA-256 der Wirkung", max_length=64, blank=True)
    problem = models.JSONField("Fehler", null=True, blank=True)
    created_at = models.DateTimeField("angelegt")
    checked_at = models.DateTimeField("geprüft", null=True, blank=True)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)

    class Meta:
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        indexes: ClassVar = [models.Index(fields=["client", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
