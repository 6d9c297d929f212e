"""What is due: one slice a claim and month, and the runs that compute them for all claims."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from aupolicy.models import GroupContract, PeriodsField, User, rows_kept, set_once
from claims.models.case import Claim
from members.models import Person


class BenefitSlice(models.Model):
    """What is due for a claim and a month, in EUR (Leistungsabschnitt), in arrears.

    `payable` are the days that are paid at all, `days` their number; no day is paid twice.
    `parts` explains the month piece by piece, `terms` name the sum and its tariff. A correction
    cancels the slice and computes another; what was paid for it is recovered downstream.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="slices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="slices")
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="slices")
    month = models.DateField("Monat")
    days = models.PositiveSmallIntegerField("Tage")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    payable = PeriodsField("bezahlte Tage")
    parts = models.JSONField("Berechnung")
    terms = models.JSONField("angewandte Bedingungen")
    computed_at = models.DateTimeField("berechnet")
    cancelled_at = models.DateTimeField("storniert", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField("Grund der Stornierung", max_length=200, blank=True)

    class Meta:
        verbose_name = "Leistungsabschnitt"
        verbose_name_plural = "Leistungsabschnitte"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "month"],
                condition=Q(cancelled_at=None),
                name="slice_once_a_month",
            ),
            # Payouts name slice and amount together.
            models.UniqueConstraint(fields=["id", "amount"], name="slice_amount"),
            models.CheckConstraint(
                name="slice_sound", condition=Q(days__range=(1, 31), amount__gt=0)
            ),
            ExclusionConstraint(
                name="slice_no_day_twice",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("payable", RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("slices_are_kept"),
            set_once("slice_stands", "cancelled_at", "cancelled_by", "cancel_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.month:%Y-%m}: {self.amount}"


class BenefitRun(models.Model):
    """The computing of all slices through the end of a month; a second one finds nothing new."""

    month = models.DateField("Monat")
    started_at = models.DateTimeField("gestartet")
    started_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claim_count = models.PositiveIntegerField("Fälle", default=0)
    # Claims are taken in order of their ids; everything up to here is done.
    done_through = models.BigIntegerField("fertig bis", default=0)
    done_count = models.PositiveIntegerField("fertig", default=0)
    slice_count = models.PositiveIntegerField("neue Abschnitte", default=0)
    cancelled_count = models.PositiveIntegerField("stornierte Abschnitte", default=0)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2, default=0)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)

    class Meta:
        verbose_name = "Leistungslauf"
        verbose_name_plural = "Leistungsläufe"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month"], condition=Q(finished_at=None), name="benefit_run_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
