"""What somebody at the insurer has to do."""

from typing import ClassVar

from django.db import models

from aupolicy.models.agreement import Employer
from aupolicy.models.user import User


class WorkItem(models.Model):
    """One thing to be done (Aufgabe): claimed by one person at a time, done once.

    `subject` is the key of what it is about in the table that `kind` implies; there is at most
    one open item for it.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        NOTICE = "notice", "Meldung klären"
        APPLICATION = "application", "Antrag entscheiden"
        MANDATE = "mandate", "Bankverbindung prüfen"
        CLAIM = "claim", "Leistungsfall prüfen"
        EVIDENCE = "evidence", "Nachweis anfordern"
        APPROVAL = "approval", "Zweite Freigabe"
        REVIEW = "review", "Nachprüfung"
        PAYEE = "payee", "Konto der versicherten Person prüfen"
        PAYOUT = "payout", "Auszahlung kam zurück"
        ASSISTANCE = "assistance", "Assistance vermitteln"
        WRITE_OFF = "write_off", "Ausbuchung entscheiden"
        ARREARS = "arrears", "Ende eines Vertrags wegen Verzugs"
        RETURNED_DEBIT = "returned_debit", "Rücklastschrift klären"
        BANK = "bank", "Bankumsätze klären"
        TRANSFER = "transfer", "Erstattung oder Courtage kam zurück"
        OTHER = "other", "Sonstiges"

    class Priority(models.IntegerChoices):
        """How urgent it is; lower comes first."""

        HIGH = 1, "hoch"
        NORMAL = 2, "normal"
        LOW = 3, "niedrig"

    kind = models.CharField("Art", max_length=20, choices=Kind.choices)
    subject = models.BigIntegerField("Gegenstand")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    title = models.CharField("Titel", max_length=200)
    priority = models.PositiveSmallIntegerField(
        "Dringlichkeit", choices=Priority.choices, default=Priority.NORMAL
    )
    due = models.DateField("zu erledigen bis")
    created_at = models.DateTimeField("entstanden")
    claimed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="work_items"
    )
    claimed_at = models.DateTimeField("übernommen", null=True, blank=True)
    done_at = models.DateTimeField("erledigt", null=True, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField("Vermerk", blank=True)

    class Meta:
        verbose_name = "Aufgabe"
        verbose_name_plural = "Aufgaben"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(done_at=None),
                name="work_item_open_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["done_at", "priority", "due"])]

    def __str__(self) -> str:
        return self.title
