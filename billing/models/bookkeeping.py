"""Where an employer's own bookkeeping books the premium."""

from typing import ClassVar

from django.db import models

from aupolicy.models import Employer, User, rows_kept


class BookkeepingTarget(models.Model):
    """Numbers and accounts of an employer's books at its tax adviser, as somebody there gave them.

    `fiscal_year_month` is the month that the fiscal year begins with, 1 to 12. The creditor
    account is the insurer's; it may have one digit more than `account_length`.
    """

    employer = models.OneToOneField(
        Employer, on_delete=models.PROTECT, related_name="bookkeeping_target"
    )
    consultant_number = models.PositiveIntegerField("Beraternummer")
    client_number = models.PositiveIntegerField("Mandantennummer")
    fiscal_year_month = models.PositiveSmallIntegerField("Wirtschaftsjahr beginnt im Monat")
    account_length = models.PositiveSmallIntegerField("Länge der Sachkonten")
    expense_account = models.CharField("Aufwandskonto", max_length=9)
    creditor_account = models.CharField("Kreditorenkonto des Versicherers", max_length=9)
    cost_centre = models.CharField("Kostenstelle", max_length=36, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("geändert")

    class Meta:
        verbose_name = "Buchhaltungsziel"
        verbose_name_plural = "Buchhaltungsziele"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="bookkeeping_numbers",
                condition=models.Q(
                    consultant_number__range=(1001, 9_999_999),
                    client_number__range=(1, 99_999),
                    fiscal_year_month__range=(1, 12),
                    account_length__range=(4, 8),
                ),
            )
        ]
        triggers: ClassVar = [rows_kept("bookkeeping_target_kept")]

    def __str__(self) -> str:
        return f"{self.consultant_number}/{self.client_number}"
