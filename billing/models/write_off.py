"""Demands that are given up, decided by two people."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from aupolicy.models import User, rows_kept, set_once
from billing.models.ledger import LedgerTransaction
from billing.models.open_item import OpenItem


class WriteOff(models.Model):
    """A demand, or a part of it in EUR, that somebody wants to give up (Ausbuchung).

    Somebody else decides. Only what was approved is booked; `booking` is how.
    """

    class Outcome(models.TextChoices):
        """What the second person decided."""

        APPROVED = "approved", "ausgebucht"
        REFUSED = "refused", "abgelehnt"

    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="write_offs")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    reason = models.TextField("Grund")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("beantragt")
    outcome = models.CharField("Entscheidung", max_length=8, blank=True, choices=Outcome.choices)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("entschieden", null=True, blank=True)
    decision_note = models.TextField("Vermerk zur Entscheidung", blank=True)
    booking = models.OneToOneField(
        LedgerTransaction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="write_off",
    )

    class Meta:
        verbose_name = "Ausbuchung"
        verbose_name_plural = "Ausbuchungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="write_off_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="write_off_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="write_off_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="write_off_booked_when_approved",
                condition=Q(outcome="", decided_by=None, decided_at=None, booking=None)
                | Q(
                    outcome="refused",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    booking=None,
                )
                | Q(
                    outcome="approved",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    booking__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                fields=["open_item"], condition=Q(outcome=""), name="write_off_asked_once"
            ),
        ]
        triggers: ClassVar = [
            rows_kept("write_offs_are_kept"),
            set_once(
                "write_off_stands",
                "outcome",
                "decided_by",
                "decided_at",
                "decision_note",
                "booking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_item_id}: {self.amount}"
