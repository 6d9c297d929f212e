"""Files of notices: the file, what each of its rows would do, and what was put right."""

from typing import ClassVar

from django.db import models

from aupolicy.models import Employer, GroupContract, User
from members.facts import Channel, UploadKind, UploadStatus


class Upload(models.Model):
    """A file of notices or a complete payroll as it came in (Meldedatei).

    The file lies in the store under its SHA-256. `effective` is the day that rows without a day
    of their own take effect, for a complete payroll the day it holds for. `mapping` is
    heading -> field. `summary` is the last preview in figures; `problems` says why a file cannot
    be read.
    """

    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="uploads")
    kind = models.CharField(
        "Art",
        max_length=10,
        choices=[
            (UploadKind.CHANGES.value, "Änderungen"),
            (UploadKind.FULL_LIST.value, "vollständige Lohnliste"),
        ],
    )
    file_name = models.CharField("Datei", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    byte_count = models.PositiveIntegerField("Größe in Byte")
    effective = models.DateField("wirksam", null=True, blank=True)
    mapping = models.JSONField("Spalten", default=dict, blank=True)
    status = models.CharField(
        "Status",
        max_length=10,
        choices=[
            (UploadStatus.RECEIVED.value, "eingegangen"),
            (UploadStatus.CHECKED.value, "geprüft"),
            (UploadStatus.RELEASED.value, "freigegeben"),
            (UploadStatus.APPLIED.value, "wirksam"),
            (UploadStatus.REFUSED.value, "nicht lesbar"),
            (UploadStatus.DISCARDED.value, "verworfen"),
        ],
        default=UploadStatus.RECEIVED.value,
    )
    channel = models.CharField(
        "Weg",
        max_length=10,
        choices=[
            (Channel.FILE.value, "Datei"),
            (Channel.API.value, "Schnittstelle"),
            (Channel.COMMAND.value, "Befehlszeile"),
        ],
        default=Channel.FILE.value,
    )
    problems = models.JSONField("Fehler der Datei", default=list, blank=True)
    summary = models.JSONField("Vorschau", default=dict, blank=True)
    row_count = models.PositiveIntegerField("Zeilen", default=0)
    received_at = models.DateTimeField("eingegangen")
    sender = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    checked_at = models.DateTimeField("geprüft", null=True, blank=True)
    released_at = models.DateTimeField("freigegeben", null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Released with what is wrong left out, else only as a whole.
    skips_failed_rows = models.BooleanField("nur gültige Zeilen", default=False)
    applied_at = models.DateTimeField("übernommen", null=True, blank=True)

    class Meta:
        verbose_name = "Meldedatei"
        verbose_name_plural = "Meldedateien"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "kind", "sha256", "effective"],
                nulls_distinct=False,
                condition=~models.Q(status__in=["REFUSED", "DISCARDED"]),
                name="upload_same_file_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["contract", "-received_at"])]

    def __str__(self) -> str:
        return self.file_name


class UploadRow(models.Model):
    """What one row of a file would do, as of the last check; written anew by every check.

    `premium_change` is its EUR effect on the next statement. `findings` lists errors and
    warnings as {severity, code, column, value, params}; `cells` (field -> text) is kept only
    where there are findings, so that they can be put right. A complete payroll also has rows
    without a number: people who are not in it any more.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField("Zeile", null=True)
    outcome = models.CharField(
        "Wirkung",
        max_length=12,
        choices=[
            ("apply", "wird übernommen"),
            ("clerk", "geht zur Klärung"),
            ("known", "ist bekannt"),
            ("none", "keine Änderung"),
            ("failed", "fehlerhaft"),
        ],
    )
    kind = models.CharField("Meldung", max_length=20, blank=True)
    personnel_number = models.CharField("Personalnummer", max_length=20, blank=True)
    name = models.CharField("Name", max_length=142, blank=True)
    effective = models.DateField("wirksam", null=True)
    pay_before = models.DecimalField("bisher", max_digits=12, decimal_places=2, null=True)
    pay = models.DecimalField("Entgelt", max_digits=12, decimal_places=2, null=True)
    premium_change = models.DecimalField("Beitrag", max_digits=12, decimal_places=2, default=0)
    findings = models.JSONField("Befunde", default=list)
    cells = models.JSONField("Zellen", null=True)

    class Meta:
        verbose_name = "Zeile einer Meldedatei"
        verbose_name_plural = "Zeilen von Meldedateien"
        indexes: ClassVar = [models.Index(fields=["upload", "outcome", "row"])]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.row}"


class UploadCorrection(models.Model):
    """Cells of a row that somebody put right on the screen (field -> text); the file stays."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="corrections")
    row = models.PositiveIntegerField("Zeile")
    cells = models.JSONField("Zellen")
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField("berichtigt")

    class Meta:
        verbose_name = "Berichtigung einer Zeile"
        verbose_name_plural = "Berichtigungen von Zeilen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upload", "row"], name="upload_correction_once")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.row}"


class ColumnMapping(models.Model):
    """Which column means what in the files of an employer, remembered for the next one."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="mappings")
    kind = models.CharField("Art", max_length=10)
    mapping = models.JSONField("Spalten")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField("gespeichert")

    class Meta:
        verbose_name = "Spaltenzuordnung"
        verbose_name_plural = "Spaltenzuordnungen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employer", "kind"], name="column_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.employer_id}: {self.kind}"
