"""What a contract owes or has to its credit, one row a demand."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import GroupContract, append_only, public_id
from billing.models.run import Statement


class OpenItem(models.Model):
    """A demand of the insurer (offener Posten) in EUR; a credit to the contract is negative.

    How much of it is still open is its amount less its allocations. `cause` is the premium that
    interest or costs were asked for.
    """

    class Kind(models.TextChoices):
        """What is demanded."""

        PREMIUM = "premium", "Beitrag"
        INTEREST = "interest", "Verzugszinsen"
        LUMP_SUM = "lump_sum", "Verzugspauschale"
        COSTS = "costs", "Mahnkosten"
        BANK_FEE = "bank_fee", "Rücklastschriftentgelt"

    # Not a column: queries that count what is settled add it (billing.queries.open_items).
    open_amount: Decimal

    public_id = public_id()
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="open_items")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    number = models.CharField("Nummer", max_length=20, unique=True)
    statement = models.OneToOneField(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="open_item"
    )
    cause = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="charges"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    due_date = models.DateField("fällig")
    created_on = models.DateField("entstanden")
    text = models.CharField("Text", max_length=140, blank=True, db_default="")

    class Meta:
        verbose_name = "offener Posten"
        verbose_name_plural = "offene Posten"
        constraints: ClassVar = [
            models.CheckConstraint(name="open_item_amount", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="open_item_of_premium_has_statement",
                condition=Q(kind="premium", statement__isnull=False)
                | (~Q(kind="premium") & Q(statement=None)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_date"])]
        triggers: ClassVar = [append_only("open_item_append_only")]

    def __str__(self) -> str:
        return self.number
