"""The contract and the parties to it."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from aupolicy.facts import Party
from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.models.fields import PeriodField, append_only, public_id, rows_kept, set_once
from aupolicy.models.user import User


class Employer(models.Model):
    """Employer (policyholder of its contracts) with a structured postal address."""

    public_id = public_id()
    legal_name = models.CharField("Firma", max_length=140)
    street = models.CharField("Straße", max_length=70)
    building_number = models.CharField("Hausnummer", max_length=16, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=16)
    town = models.CharField("Ort", max_length=35)
    country = models.CharField("Land", max_length=2, default="DE")
    betriebsnummer = models.CharField("Betriebsnummer", max_length=8, blank=True)
    contact_name = models.CharField("Ansprechperson", max_length=70, blank=True)
    contact_email = models.EmailField("E-Mail", blank=True)
    contact_phone = models.CharField("Telefon", max_length=30, blank=True)
    requires_mfa = models.BooleanField("Anmeldung nur mit zweitem Faktor", default=False)

    class Meta:
        verbose_name = "Arbeitgeber"
        verbose_name_plural = "Arbeitgeber"

    def __str__(self) -> str:
        return self.legal_name


class Broker(models.Model):
    """Broker with the number of the public register of intermediaries."""

    legal_name = models.CharField("Firma", max_length=140)
    registration_number = models.CharField("Vermittlerregisternummer", max_length=20, unique=True)
    # What the insurer's other systems know the broker by; brokers' programs expect it in files.
    agency_number = models.CharField(
        "Vermittlernummer",
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]*$")],
    )
    contact_email = models.EmailField("E-Mail", blank=True)

    class Meta:
        verbose_name = "Vermittler"
        verbose_name_plural = "Vermittler"

    def __str__(self) -> str:
        return self.legal_name


class GroupContract(models.Model):
    """Group contract; it runs 12 months and renews by itself until `period` has an end."""

    public_id = public_id()
    number = models.CharField("Vertragsnummer", max_length=20, unique=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="contracts")
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts"
    )
    period = PeriodField("Laufzeit")

    class Meta:
        verbose_name = "Gruppenversicherungsvertrag"
        verbose_name_plural = "Gruppenversicherungsverträge"

    def __str__(self) -> str:
        return self.number


class ContractVersion(models.Model):
    """The terms of a contract for a period (Vertragsstand); two never overlap."""

    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="versions")
    period = PeriodField("gültig")
    tariff_key = models.CharField("Tarif", max_length=40)
    co_insures_directors = models.BooleanField("Geschäftsführung mitversichert", default=False)
    # Decides about insurance tax: what the employer receives is no care for the insured person.
    beneficiary = models.CharField(
        "Leistungsempfänger",
        max_length=10,
        choices=[
            (Beneficiary.EMPLOYEE.value, "versicherte Person"),
            (Beneficiary.EMPLOYER.value, "Arbeitgeber"),
        ],
        default=Beneficiary.EMPLOYEE.value,
        db_default=Beneficiary.EMPLOYEE.value,
    )
    pre_notification_days = models.PositiveSmallIntegerField(
        "Frist der Vorabankündigung in Tagen",
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    collection_day = models.PositiveSmallIntegerField(
        "Einzugstag im Monat",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )

    class Meta:
        verbose_name = "Vertragsstand"
        verbose_name_plural = "Vertragsstände"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="contract_version_no_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="contract_version_collection_day",
                condition=models.Q(collection_day__gte=1, collection_day__lte=28),
            ),
            models.CheckConstraint(
                name="contract_version_pre_notification",
                condition=models.Q(pre_notification_days__gte=1, pre_notification_days__lte=60),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.tariff_key}"


class Cancellation(models.Model):
    """A cancellation in Textform as it was received; the document lies in the file store."""

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="cancellations"
    )
    party = models.CharField(
        "erklärt von",
        max_length=20,
        choices=[
            (Party.POLICYHOLDER.value, "Versicherungsnehmer"),
            (Party.INSURER.value, "Versicherer"),
        ],
    )
    received_at = models.DateTimeField("eingegangen")
    document_name = models.CharField("Dokument", max_length=200)
    document_sha256 = models.CharField("SHA-256", max_length=64)
    end = models.DateField("Vertragsende")
    in_time = models.BooleanField("fristgerecht zum laufenden Vertragsjahr")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "Kündigung"
        verbose_name_plural = "Kündigungen"
        triggers: ClassVar = [append_only("cancellation_append_only")]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.end}"


class PremiumDefault(models.Model):
    """Days on which the policyholder is in default and the insurer owes nothing for new claims.

    `basis` is the section of the VVG: § 37 (2) for the first premium, § 38 (2) for later ones.
    Whoever falls ill within `period` has no claim; who was ill before keeps theirs. It ends on
    the day before everything was paid. Withdrawn, it never was: the bank told late of a payment
    in time.
    """

    FIRST_PREMIUM, LATER_PREMIUM = "37", "38"

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="premium_defaults"
    )
    basis = models.CharField(
        "Grundlage",
        max_length=2,
        choices=[
            (FIRST_PREMIUM, "§ 37 Abs. 2 VVG (Erstbeitrag)"),
            (LATER_PREMIUM, "§ 38 Abs. 2 VVG (Folgebeitrag)"),
        ],
    )
    period = PeriodField("leistungsfrei")
    recorded_at = models.DateTimeField("festgestellt")
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True, blank=True)

    class Meta:
        verbose_name = "Leistungsfreiheit wegen Verzugs"
        verbose_name_plural = "Leistungsfreiheiten wegen Verzugs"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="premium_default_no_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(withdrawn_at=None),
            )
        ]
        triggers: ClassVar = [
            rows_kept("premium_defaults_are_kept"),
            set_once("premium_default_stands", "period", "withdrawn_at"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: § {self.basis}"


class TariffSnapshot(models.Model):
    """A tariff version exactly as it was applied, so that any amount can be explained later."""

    key = models.CharField("Tarif", max_length=40)
    valid_from = models.DateField("gültig ab")
    digest = models.CharField("SHA-256", max_length=64)
    content = models.JSONField("Inhalt")

    class Meta:
        verbose_name = "angewandter Tarifstand"
        verbose_name_plural = "angewandte Tarifstände"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "valid_from", "digest"], name="tariff_snapshot_unique"
            )
        ]
        triggers: ClassVar = [append_only("tariff_snapshot_append_only")]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"
