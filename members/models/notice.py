"""Notices as they were received, and what clerks decided about them."""

from typing import ClassVar

from django.db import models

from aupolicy.models import GroupContract, User, append_only, public_id, rows_kept
from members.facts import Channel, NoticeKind, NoticeStatus
from members.models.upload import Upload

NOTICE_KIND_WORDS = {
    NoticeKind.JOIN: "Zugang",
    NoticeKind.LEAVE: "Abgang",
    NoticeKind.PAY_CHANGE: "Gehaltsänderung",
    NoticeKind.PARENTAL_LEAVE: "Elternzeit",
    NoticeKind.RETURN: "Rückkehr",
    NoticeKind.DEATH: "Todesfall",
    NoticeKind.NAME_CHANGE: "Namensänderung",
    NoticeKind.CORRECTION: "Berichtigung",
}


class NoticeRecord(models.Model):
    """A notice as it was received; what was said is never changed, only where it stands.

    `corrects` is the sender's reference of the earlier notice that a CORRECTION withdraws;
    `withdrawn_by` is the correction that withdrew this one.
    """

    public_id = public_id()
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="notices")
    personnel_number = models.CharField("Personalnummer", max_length=20)
    kind = models.CharField(
        "Art",
        max_length=20,
        choices=[(kind.value, word) for kind, word in NOTICE_KIND_WORDS.items()],
    )
    effective = models.DateField("wirksam")
    received_at = models.DateTimeField("eingegangen")
    pay = models.DecimalField(
        "Bemessungsentgelt", max_digits=12, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField("Grund", max_length=20, blank=True)
    first_name = models.CharField("Vorname", max_length=70, blank=True)
    last_name = models.CharField("Nachname", max_length=70, blank=True)
    birth_date = models.DateField("Geburtsdatum", null=True, blank=True)
    employment = models.CharField("Beschäftigungsart", max_length=20, blank=True)
    occupation = models.CharField("Tätigkeit", max_length=70, blank=True)
    health_insurance = models.CharField("Krankenversicherung", max_length=20, blank=True)
    reference = models.CharField("Referenz des Absenders", max_length=70, blank=True)
    corrects = models.CharField("berichtigt", max_length=70, blank=True)
    channel = models.CharField(
        "Weg",
        max_length=10,
        choices=[
            (Channel.FORM.value, "Formular"),
            (Channel.FILE.value, "Datei"),
            (Channel.API.value, "Schnittstelle"),
            (Channel.COMMAND.value, "Befehlszeile"),
        ],
        default=Channel.COMMAND.value,
    )
    source_name = models.CharField("Datei", max_length=200, blank=True)
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    row = models.PositiveIntegerField("Zeile", null=True, blank=True)
    sender = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    status = models.CharField(
        "Status",
        max_length=20,
        choices=[
            (NoticeStatus.APPLIED.value, "wirksam"),
            (NoticeStatus.NEEDS_CLERK.value, "zu klären"),
            (NoticeStatus.REFUSED.value, "abgelehnt"),
            (NoticeStatus.WITHDRAWN.value, "zurückgenommen"),
        ],
    )
    codes = models.JSONField("Gründe", default=list, blank=True)
    withdrawn_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="withdraws"
    )

    class Meta:
        verbose_name = "Meldung"
        verbose_name_plural = "Meldungen"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "reference"],
                name="notice_reference_once",
                condition=~models.Q(reference="") & ~models.Q(status__in=["REFUSED", "WITHDRAWN"]),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["contract", "personnel_number"]),
            models.Index(fields=["contract", "id"]),
        ]
        triggers: ClassVar = [rows_kept("notices_are_kept")]

    def __str__(self) -> str:
        return f"{self.kind} {self.personnel_number} {self.effective}"


class NoticeDecision(models.Model):
    """What a clerk decided about a notice that did not pass by itself."""

    class Verdict(models.TextChoices):
        """Whether the notice counts after all."""

        ACCEPT = "accept", "angenommen"
        REFUSE = "refuse", "abgelehnt"

    notice = models.ForeignKey(NoticeRecord, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField("Entscheidung", max_length=10, choices=Verdict.choices)
    note = models.TextField("Begründung")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("entschieden")

    class Meta:
        verbose_name = "Entscheidung über eine Meldung"
        verbose_name_plural = "Entscheidungen über Meldungen"
        triggers: ClassVar = [append_only("notice_decision_append_only")]

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.verdict}"
