"""Health data: sealed, in tables of their own, each reading written down.

The rows of the first three tables are seen only inside of `claims.operations.medical`, which
opens them for one transaction and records who reads what and why.
"""

import uuid
from typing import ClassVar

from django.db import models

from aupolicy.models import User, append_only, rows_kept
from claims.models.case import CHANNEL_CHOICES, Claim, SickLeave
from members.models import Person


class MedicalDocument(models.Model):
    """A paper that may show a diagnosis. The sealed file lies in the store by its SHA-256."""

    class Kind(models.TextChoices):
        """What it is."""

        CERTIFICATE = "certificate", "AU-Bescheinigung"
        HOSPITAL = "hospital", "Krankenhausbericht"
        PLAN = "plan", "Wiedereingliederungsplan"
        EVIDENCE = "evidence", "Unterlage zur Ursache"
        OTHER = "other", "sonstige Unterlage"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="medical_documents")
    kind = models.CharField("Art", max_length=20, choices=Kind.choices)
    sealed_name = models.TextField("Dateiname, verschlüsselt")
    media_type = models.CharField("Dateityp", max_length=40)
    byte_count = models.PositiveIntegerField("Größe in Byte")
    # Of the content, keyed, so that the same file is recognised and nothing can be guessed.
    fingerprint = models.CharField("Fingerabdruck", max_length=64)
    sealed_sha256 = models.CharField("SHA-256 der verschlüsselten Datei", max_length=64)
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField("eingegangen")

    class Meta:
        verbose_name = "medizinische Unterlage"
        verbose_name_plural = "medizinische Unterlagen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "fingerprint"], name="medical_document_once")
        ]
        triggers: ClassVar = [rows_kept("medical_documents_are_kept")]

    def __str__(self) -> str:
        return str(self.id)


class Diagnosis(models.Model):
    """What an examiner recorded about the illness of a sick leave; the newest row counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sick_leave = models.ForeignKey(SickLeave, on_delete=models.PROTECT, related_name="diagnoses")
    sealed_text = models.TextField("Text, verschlüsselt")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("erfasst")

    class Meta:
        verbose_name = "Diagnose"
        verbose_name_plural = "Diagnosen"
        triggers: ClassVar = [rows_kept("diagnoses_are_kept")]

    def __str__(self) -> str:
        return str(self.id)


class MedicalNote(models.Model):
    """A note with medical content, such as what the evidence for an exclusion shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="medical_notes")
    sealed_text = models.TextField("Text, verschlüsselt")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("erfasst")

    class Meta:
        verbose_name = "medizinische Notiz"
        verbose_name_plural = "medizinische Notizen"
        triggers: ClassVar = [rows_kept("medical_notes_are_kept")]

    def __str__(self) -> str:
        return str(self.id)


class MedicalRead(models.Model):
    """That somebody read health data of a person, and why; shown to the person. Append-only."""

    class Reason(models.TextChoices):
        """Why it was read."""

        EXAMINE = "examine", "Prüfung des Leistungsanspruchs"
        EXCLUSION = "exclusion", "Prüfung eines Ausschlusses"
        REVIEW = "review", "Nachprüfung"
        COMPLAINT = "complaint", "Beschwerde oder Rechtsstreit"
        PERSON_ASKED = "person_asked", "Auskunft an die versicherte Person"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="medical_reads")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="medical_reads")
    what = models.CharField("was", max_length=100)
    reason = models.CharField("Grund", max_length=20, choices=Reason.choices)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField("gelesen")

    class Meta:
        verbose_name = "Zugriff auf Gesundheitsdaten"
        verbose_name_plural = "Zugriffe auf Gesundheitsdaten"
        indexes: ClassVar = [models.Index(fields=["person", "-read_at"])]
        triggers: ClassVar = [append_only("medical_read_append_only")]

    def __str__(self) -> str:
        return f"{self.read_by_id}: {self.what}"
