"""What the insurer does otherwise than the shipped table when a debit comes back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import User, append_only
from billing.facts.reactions import MandateEffect, NextStep, Occurrence


class ReturnReaction(models.Model):
    """The rule for a code and occurrence from a day on (Reaktion), instead of the shipped one.

    Of several the one that is valid since the latest day counts, and of those the last recorded.
    `retry_after_days` counts days from the return; None: no further debit by itself.
    """

    code = models.CharField("Rückgabegrund", max_length=35)
    occurrence = models.CharField(
        "Vorkommen",
        max_length=6,
        choices=[(Occurrence.FIRST.value, "erstes Mal"), (Occurrence.REPEAT.value, "wiederholt")],
    )
    valid_from = models.DateField("gilt ab")
    mandate_effect = models.CharField(
        "Mandat",
        max_length=7,
        choices=[(MandateEffect.KEEP.value, "gilt weiter"), (MandateEffect.SUSPEND.value, "ruht")],
    )
    next_step = models.CharField(
        "nächster Schritt",
        max_length=15,
        choices=[
            (NextStep.REQUEST_PAYMENT.value, "Zahlung anfordern"),
            (NextStep.RESEND.value, "erneut einreichen"),
            (NextStep.CLERK.value, "Sachbearbeitung"),
        ],
    )
    retry_after_days = models.PositiveSmallIntegerField(
        "erneuter Einzug nach Tagen", null=True, blank=True
    )
    charge_fee = models.BooleanField("Entgelt weiterberechnen")
    reason = models.CharField("Grund der Änderung", max_length=300)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("geändert")

    class Meta:
        verbose_name = "Reaktion auf Rücklastschriften"
        verbose_name_plural = "Reaktionen auf Rücklastschriften"
        constraints: ClassVar = [
            models.CheckConstraint(name="reaction_has_reason", condition=~Q(reason="")),
        ]
        indexes: ClassVar = [models.Index(fields=["code", "occurrence"])]
        triggers: ClassVar = [append_only("return_reaction_append_only")]

    def __str__(self) -> str:
        return f"{self.code} {self.occurrence} {self.valid_from}"
