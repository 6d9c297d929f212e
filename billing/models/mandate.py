"""SEPA mandates, their versions, and accounts that were asked for."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from aupolicy.models import GroupContract, PeriodField, User
from billing.facts.debit import Scheme


class Mandate(models.Model):
    """One version of a SEPA direct debit mandate; a contract has one in force at a time.

    A new account, name or creditor is another version of the same mandate, which `original` points
    at: its reference and its signature stay, and the next debit tells the bank what changed.
    """

    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="mandates")
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later_versions"
    )
    version = models.PositiveSmallIntegerField("Stand", default=1)
    creditor_identifier = models.CharField("Gläubiger-ID", max_length=35)
    creditor_name = models.CharField("Gläubiger", max_length=70, blank=True)
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
                fields=["creditor_identifier", "reference", "version"],
                name="mandate_reference_unique",
            ),
            models.CheckConstraint(
                name="mandate_later_versions_have_an_original",
                condition=models.Q(version=1, original=None)
                | models.Q(version__gt=1, original__isnull=False),
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
