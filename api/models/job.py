"""Work that takes longer than a request, or waits for a second one."""

import uuid
from typing import ClassVar

from django.db import models

from aupolicy.models import ApiClient, GroupContract
from members.models import Upload


class Job(models.Model):
    """A complete payroll, or a file of notices, that a program sent.

    What was sent lies in the file store (`sha256`) or is an `upload`, which then has the states
    and the preview. `effective` is the day a payroll holds for. `result` is the preview in
    figures, as `billing.operations.uploads.check_upload` describes them, and `digest` is of what
    it would do, so that only that is confirmed. `problem` {code, params} says why it failed, or
    waits.
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
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    effective = models.DateField("Stichtag", null=True, blank=True)
    applies_at_once = models.BooleanField("ohne Bestätigung", default=False)
    # Confirmed with what is wrong left out, else only as a whole.
    skips_failed_rows = models.BooleanField("nur gültige Zeilen", default=False)
    people = models.PositiveIntegerField("Personen", default=0)
    result = models.JSONField("Ergebnis", null=True, blank=True)
    digest = models.CharField("SHA-256 der Wirkung", max_length=64, blank=True)
    problem = models.JSONField("Fehler", null=True, blank=True)
    created_at = models.DateTimeField("angelegt")
    checked_at = models.DateTimeField("geprüft", null=True, blank=True)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)

    class Meta:
        verbose_name = "Auftrag eines Programms"
        verbose_name_plural = "Aufträge von Programmen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "upload"], name="job_of_file_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-created_at"]),
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["received", "checked", "confirmed"]),
                name="job_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class JobRow(models.Model):
    """What one notice of a payroll would do, or why somebody cannot be taken.

    Written anew whenever the payroll is planned. `row` counts the people sent from 1; None:
    somebody insured who is not among them. `premium_change` and `findings` as in
    `members.models.UploadRow`; a finding's `column` is the path of the field.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField("Platz", null=True)
    outcome = models.CharField("Wirkung", max_length=12)
    kind = models.CharField("Meldung", max_length=20, blank=True)
    personnel_number = models.CharField("Personalnummer", max_length=20, blank=True)
    reference = models.CharField("Referenz", max_length=70, blank=True)
    effective = models.DateField("wirksam", null=True)
    pay_before = models.DecimalField("bisher", max_digits=12, decimal_places=2, null=True)
    pay = models.DecimalField("Entgelt", max_digits=12, decimal_places=2, null=True)
    premium_change = models.DecimalField("Beitrag", max_digits=12, decimal_places=2, default=0)
    findings = models.JSONField("Befunde", default=list)

    class Meta:
        verbose_name = "Zeile einer Lohnliste"
        verbose_name_plural = "Zeilen von Lohnlisten"

    def __str__(self) -> str:
        return f"{self.job_id}/{self.row}"
