"""Files of direct debits and the debits in them."""

from typing import ClassVar

import pgtrigger
from django.db import models

from aupolicy.models import User, rows_kept, set_once
from billing.models.mandate import Mandate
from billing.models.open_item import OpenItem

_CONTROL_SUM = """
IF NOT EXISTS (
    SELECT 1 FROM billing_collectionitem WHERE collection_id = NEW.id
    HAVING COUNT(*) = NEW.debit_count AND SUM(amount) = NEW.control_sum
) THEN
    RAISE EXCEPTION 'collection %: items and control sum differ', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class Collection(models.Model):
    """One pain.008 file: debits of a scheme, a due date and one of our accounts.

    Somebody else than who made it releases it; only then may it be downloaded. One that nobody
    released may be discarded; then its debits are to be collected again. The file lies in the
    store; `creditor` and the rows say everything that it says, so it can be made again.
    """

    due_date = models.DateField("fällig")
    submit_by = models.DateField("einreichen bis")
    scheme = models.CharField("Verfahren", max_length=4)
    message_id = models.CharField("Nachricht", max_length=35, unique=True)
    created_at = models.DateTimeField("erstellt")
    debit_count = models.PositiveIntegerField("Lastschriften")
    control_sum = models.DecimalField("Kontrollsumme", max_digits=16, decimal_places=2)
    file_sha256 = models.CharField("SHA-256", max_length=64)
    creditor = models.JSONField("Gläubiger laut Datei", default=dict, db_default={})
    batch_booking = models.BooleanField("Sammelbuchung", default=True, db_default=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField("freigegeben", null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Released while there is a folder of the bank's program, and not in it yet.
    undelivered = models.BooleanField("noch abzulegen", default=False, db_default=False)
    discarded_at = models.DateTimeField("verworfen", null=True, blank=True)
    discarded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Lastschrifteinzug"
        verbose_name_plural = "Lastschrifteinzüge"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="collection_released_by_another",
                condition=models.Q(released_by=None)
                | models.Q(created_by=None)
                | ~models.Q(released_by=models.F("created_by")),
            ),
            models.CheckConstraint(
                name="collection_released_or_discarded",
                condition=models.Q(released_at=None) | models.Q(discarded_at=None),
            ),
            models.CheckConstraint(
                name="collection_delivered_once_released",
                condition=models.Q(undelivered=False) | models.Q(released_at__isnull=False),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("collections_are_kept"),
            set_once(
                "collection_stands",
                "released_at",
                "released_by",
                "undelivered",
                "discarded_at",
                "discarded_by",
            ),
            pgtrigger.Trigger(
                name="collection_control_sum",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_CONTROL_SUM,
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class CollectionItem(models.Model):
    """One debit (Lastschrift) of an open item, in EUR; `attempt` counts the debits of the item.

    What it comes to is proven by its allocation: an item is never paid beyond its amount.
    `amendment` is what the debit tells the bank about a changed mandate. `ended_how` says why a
    debit brought nothing: its file was discarded, or the bank rejected or returned it.
    """

    class Ended(models.TextChoices):
        """Why a debit brought no money, or brought it no longer."""

        DISCARDED = "discarded", "Datei verworfen"
        REJECTED = "rejected", "von der Bank abgewiesen"
        RETURNED = "returned", "zurückgegeben"

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="items")
    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="debits")
    attempt = models.PositiveSmallIntegerField("Versuch", default=1)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="items")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    end_to_end_id = models.CharField("Ende-zu-Ende-Referenz", max_length=35, unique=True)
    remittance = models.CharField("Verwendungszweck", max_length=140)
    amendment = models.JSONField("Mandatsänderung laut Datei", null=True, blank=True)
    ended_on = models.DateField("beendet", null=True, blank=True)
    ended_how = models.CharField("beendet durch", max_length=10, blank=True, choices=Ended.choices)

    class Meta:
        verbose_name = "Lastschrift"
        verbose_name_plural = "Lastschriften"
        constraints: ClassVar = [
            models.CheckConstraint(name="debit_positive", condition=models.Q(amount__gt=0)),
            models.UniqueConstraint(fields=["open_item", "attempt"], name="debit_attempt_unique"),
        ]
        triggers: ClassVar = [
            rows_kept("collection_items_are_kept"),
            set_once("collection_item_stands", "ended_on", "ended_how"),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id
