"""SEPA mandates and the collections made under them."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from aupolicy.models import GroupContract, PeriodField, User, append_only
from billing.facts.debit import Scheme
from billing.models.run import Statement

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


class Mandate(models.Model):
    """SEPA direct debit mandate of a contract; one is valid at a time."""

    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="mandates")
    creditor_identifier = models.CharField("Gläubiger-ID", max_length=35)
    reference = models.CharField("Mandatsreferenz", max_length=35)
    scheme = models.CharField(
        "Verfahren",
        max_length=4,
        choices=[(Scheme.CORE.value, "Basislastschrift"), (Scheme.B2B.value, "Firmenlastschrift")],
        default=Scheme.CORE.value,
    )
    signed_on = models.DateField("unterschrieben")
    account_holder = models.CharField("Kontoinhaber", max_length=140)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    b2b_confirmed_on = models.DateField("Bank hat bestätigt", null=True, blank=True)
    period = PeriodField("gültig")

    class Meta:
        verbose_name = "SEPA-Mandat"
        verbose_name_plural = "SEPA-Mandate"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["creditor_identifier", "reference"], name="mandate_reference_unique"
            ),
            ExclusionConstraint(
                name="mandate_one_at_a_time",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Collection(models.Model):
    """One pain.008 file: all debits of a scheme for a due date. The file lies in the store."""

    due_date = models.DateField("fällig")
    submit_by = models.DateField("einreichen bis")
    scheme = models.CharField("Verfahren", max_length=4)
    message_id = models.CharField("Nachricht", max_length=35, unique=True)
    created_at = models.DateTimeField("erstellt")
    debit_count = models.PositiveIntegerField("Lastschriften")
    control_sum = models.DecimalField("Kontrollsumme", max_digits=16, decimal_places=2)
    file_sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = "Lastschrifteinzug"
        verbose_name_plural = "Lastschrifteinzüge"
        triggers: ClassVar = [
            append_only("collection_append_only"),
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
    """One debit; its amount is bound to the statement's by a composite foreign key."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="items")
    statement = models.OneToOneField(
        Statement, on_delete=models.PROTECT, related_name="collection_item"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="items")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Lastschrift"
        verbose_name_plural = "Lastschriften"
        constraints: ClassVar = [
            models.CheckConstraint(name="debit_positive", condition=models.Q(amount__gt=0))
        ]
        triggers: ClassVar = [append_only("collection_item_append_only")]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.amount}"


class MandateChange(models.Model):
    """A new bank account that somebody at the employer asked for (neue Bankverbindung).

    It becomes a mandate when a second person of the employer confirms it, or the same person
    with a code of the second factor.
    """

    class Confirmation(models.TextChoices):
        """How the second look was taken."""

        SECOND_PERSON = "person", "durch eine zweite Person"
        CODE = "code", "durch einen Code"

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="mandate_changes"
    )
    account_holder = models.CharField("Kontoinhaber", max_length=140)
    iban = models.CharField("IBAN", max_length=34)
    scheme = models.CharField("Verfahren", max_length=4, default=Scheme.CORE.value)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("verlangt")
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("bestätigt", null=True, blank=True)
    confirmed_how = models.CharField(
        "Bestätigung", max_length=10, blank=True, choices=Confirmation.choices
    )
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="change"
    )

    class Meta:
        verbose_name = "neue Bankverbindung"
        verbose_name_plural = "neue Bankverbindungen"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(confirmed_at=None, withdrawn_at=None),
                name="mandate_change_open_once",
            ),
            models.CheckConstraint(
                name="mandate_change_second_look",
                condition=models.Q(confirmed_at=None)
                | models.Q(confirmed_how="code")
                | ~models.Q(confirmed_by=models.F("requested_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.requested_at}"
