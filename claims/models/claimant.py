"""What the insured person gives: an account, consent, an address; and the link to do it with."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from aupolicy.models import PeriodField, User, append_only, rows_kept
from claims.models.case import CHANNEL_CHOICES, Claim


class Payee(models.Model):
    """The account that benefit is paid to from a day on; at first the insured person's own.

    Nothing is paid to an account before an examiner has checked it.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payees")
    period = PeriodField("gültig")
    is_person = models.BooleanField("versicherte Person", default=True)
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    reason = models.CharField("Grund", max_length=200, blank=True)
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    given_at = models.DateTimeField("angegeben")
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField("geprüft", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Zahlungsempfänger"
        verbose_name_plural = "Zahlungsempfänger"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="payee_one_at_a_time",
                expressions=[
                    ("claim", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="payee_checked_by_another",
                condition=Q(checked_by=None)
                | Q(given_by=None)
                | ~Q(checked_by=models.F("given_by")),
            ),
        ]
        triggers: ClassVar = [rows_kept("payees_are_kept")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.holder}"


class Consent(models.Model):
    """A declaration of the insured person with the wording it was given to; append-only.

    A withdrawal is another row with `given` false.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField("Erklärung", max_length=30)
    version = models.CharField("Fassung", max_length=20)
    wording = models.TextField("Wortlaut")
    given = models.BooleanField("erteilt", default=True)
    name = models.CharField("Name", max_length=142)
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    given_at = models.DateTimeField("abgegeben")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Einwilligung"
        verbose_name_plural = "Einwilligungen"
        triggers: ClassVar = [append_only("consent_append_only")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kind} {self.version}"


class Contact(models.Model):
    """Where the insured person is reached about a claim; told by nobody else."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="contact")
    street = models.CharField("Straße und Hausnummer", max_length=70, blank=True)
    postal_code = models.CharField("Postleitzahl", max_length=10, blank=True)
    town = models.CharField("Ort", max_length=70, blank=True)
    country = models.CharField("Land", max_length=2, default="DE")
    email = models.EmailField("E-Mail", blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    changed_at = models.DateTimeField("geändert")

    class Meta:
        verbose_name = "Kontakt"
        verbose_name_plural = "Kontakte"

    def __str__(self) -> str:
        return str(self.claim_id)


class PersonLink(models.Model):
    """A link for the insured person, without an account. Of its secret only the SHA-256 is kept.

    Whoever opens it first sets a PIN of their own; from then on it opens with this PIN only.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="links")
    secret_sha256 = models.CharField("SHA-256 des Geheimnisses", max_length=64, unique=True)
    pin_hash = models.CharField("PIN", max_length=128, blank=True)
    email = models.EmailField("gesendet an", blank=True)
    language = models.CharField("Sprache", max_length=5, default="de")
    created_at = models.DateTimeField("erstellt")
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField("gültig bis")
    pin_set_at = models.DateTimeField("PIN gesetzt", null=True, blank=True)
    last_used_at = models.DateTimeField("zuletzt benutzt", null=True, blank=True)
    failed_attempts = models.PositiveSmallIntegerField("Fehlversuche", default=0)
    locked_until = models.DateTimeField("gesperrt bis", null=True, blank=True)
    revoked_at = models.DateTimeField("widerrufen", null=True, blank=True)

    class Meta:
        verbose_name = "Link der versicherten Person"
        verbose_name_plural = "Links der versicherten Personen"
        triggers: ClassVar = [rows_kept("links_are_kept")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.created_at}"
