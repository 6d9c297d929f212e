"""What precedes a contract: a broker's quote and the application that follows from it."""

from typing import ClassVar

from django.db import models

from aupolicy.models.agreement import Broker, Employer, GroupContract
from aupolicy.models.user import User


class Quote(models.Model):
    """A priced payroll as it was offered (Angebot); it holds pays, never names.

    `payroll` counts people by monthly gross pay: [["2400.00", 4], ...]. `result` is what was
    computed then, with the digest of the tariff version that did it.
    """

    number = models.CharField("Angebotsnummer", max_length=20, unique=True)
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes"
    )
    employer_name = models.CharField("Firma", max_length=140)
    tariff_key = models.CharField("Tarif", max_length=40)
    start = models.DateField("Beginn")
    payroll = models.JSONField("Lohnliste")
    hours_month = models.DecimalField("Stunden im Monat", max_digits=6, decimal_places=2)
    example = models.JSONField("Beispielperson", default=dict, blank=True)
    result = models.JSONField("Ergebnis")
    # A quote is made by a person or by a broker's program.
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    program_name = models.CharField("Anbindung", max_length=70, blank=True, default="")
    created_at = models.DateTimeField("erstellt")

    class Meta:
        verbose_name = "Angebot"
        verbose_name_plural = "Angebote"

    def __str__(self) -> str:
        return self.number

    @property
    def maker(self) -> str:
        """Who made it."""
        return self.created_by.get_full_name() if self.created_by else self.program_name


class Application(models.Model):
    """An employer's application for a group contract, made from a quote (Antrag).

    The account stands here until the insurer accepts; then it becomes the contract's mandate.
    `signature` is the stored signed form.
    """

    class Status(models.TextChoices):
        """Where an application stands."""

        DRAFT = "draft", "in Arbeit"
        HANDED_OVER = "handed_over", "beim Versicherer"
        ACCEPTED = "accepted", "angenommen"
        DECLINED = "declined", "abgelehnt"

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="application")
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    status = models.CharField("Status", max_length=20, choices=Status.choices, default=Status.DRAFT)
    legal_name = models.CharField("Firma", max_length=140)
    street = models.CharField("Straße", max_length=70, blank=True)
    building_number = models.CharField("Hausnummer", max_length=16, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=16, blank=True)
    town = models.CharField("Ort", max_length=35, blank=True)
    betriebsnummer = models.CharField("Betriebsnummer", max_length=8, blank=True)
    contact_name = models.CharField("Ansprechperson", max_length=70, blank=True)
    contact_email = models.EmailField("E-Mail", blank=True)
    contact_phone = models.CharField("Telefon", max_length=30, blank=True)
    tariff_key = models.CharField("Tarif", max_length=40)
    start = models.DateField("Beginn")
    co_insures_directors = models.BooleanField("Geschäftsführung mitversichert", default=False)
    account_holder = models.CharField("Kontoinhaber", max_length=140, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    scheme = models.CharField("Verfahren", max_length=4, default="CORE")
    mandate_signed_on = models.DateField("Mandat unterschrieben", null=True, blank=True)
    signature_name = models.CharField("Dokument", max_length=200, blank=True)
    signature_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    gives_authority = models.CharField("Vollmacht für den Vermittler", max_length=10, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("begonnen")
    handed_over_at = models.DateTimeField("übergeben", null=True, blank=True)
    handed_over_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("entschieden", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_note = models.TextField("Begründung", blank=True)
    contract = models.OneToOneField(
        GroupContract, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )

    class Meta:
        verbose_name = "Antrag"
        verbose_name_plural = "Anträge"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="application_accepted_has_contract",
                condition=~models.Q(status="accepted") | models.Q(contract__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.legal_name} ({self.status})"
