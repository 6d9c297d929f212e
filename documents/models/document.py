"""What has left on paper, and which papers came back signed."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from aupolicy.models import GroupContract, Quote, User, append_only, public_id
from billing.models import CommissionStatement, Mandate, Statement
from claims.models import Claim
from documents.facts import DocumentKind
from members.models import Membership


class Document(models.Model):
    """A paper as it was made. The PDF lies in the file store under its SHA-256.

    `source_digest` is the SHA-256 of everything the paper says: equal contents are one paper.
    `part` is 0 for a whole paper and counts from 1 in annexes.
    """

    public_id = public_id()
    kind = models.CharField(
        "Art",
        max_length=30,
        choices=[
            (DocumentKind.STATEMENT.value, "Beitragsabrechnung"),
            (DocumentKind.STATEMENT_ANNEX.value, "Anlage zur Beitragsabrechnung"),
            (DocumentKind.CONFIRMATION.value, "Versicherungsbestätigung"),
            (
                DocumentKind.CONFIRMATION_EMPLOYER.value,
                "Versicherungsbestätigung, Ausfertigung für den Arbeitgeber",
            ),
            (DocumentKind.MANDATE_FORM.value, "SEPA-Mandatsformular"),
            (DocumentKind.QUOTE.value, "Angebot"),
            (DocumentKind.BENEFIT_GRANT.value, "Bewilligung der Leistung"),
            (DocumentKind.BENEFIT_REFUSAL.value, "Ablehnung der Leistung"),
            (DocumentKind.BENEFIT_END.value, "Ende der Leistung"),
            (DocumentKind.BENEFIT_CORRECTION.value, "Berichtigung der Leistung"),
            (DocumentKind.CLAIM_REQUEST.value, "Anforderung von Unterlagen"),
            (DocumentKind.CLAIM_LINK.value, "Ihr Zugang zum Leistungsfall"),
            (DocumentKind.ARREARS_REQUEST.value, "Zahlungsaufforderung"),
            (DocumentKind.ARREARS_FIRST.value, "Mitteilung zum Erstbeitrag"),
            (DocumentKind.ARREARS_REMINDER.value, "Mahnung"),
            (DocumentKind.ARREARS_TERMINATION.value, "Kündigung wegen Verzugs"),
            (DocumentKind.ARREARS_WITHDRAWAL.value, "Rücktritt wegen des Erstbeitrags"),
            (DocumentKind.ARREARS_SETTLED.value, "Bestätigung der Zahlung"),
            (DocumentKind.COMMISSION.value, "Courtageabrechnung"),
        ],
    )
    # A quote has no contract yet.
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    # A letter to an insured person: it belongs to no contract, for the employer may not see it.
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    # A letter to a broker: it is about contracts of many employers, so it belongs to none.
    commission_statement = models.ForeignKey(
        CommissionStatement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    part = models.PositiveSmallIntegerField("Teil", default=0)
    source_digest = models.CharField("SHA-256 des Inhalts", max_length=64)
    sha256 = models.CharField("SHA-256 der Datei", max_length=64)
    byte_count = models.PositiveIntegerField("Größe in Byte")
    file_name = models.CharField("Dateiname", max_length=200)
    created_at = models.DateTimeField("erstellt", db_default=Now())

    class Meta:
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "kind",
                    "contract",
                    "membership",
                    "statement",
                    "mandate",
                    "quote",
                    "claim",
                    "commission_statement",
                    "source_digest",
                    "part",
                ],
                name="document_same_content_once",
                nulls_distinct=False,
            ),
            # However many set a statement's letter at once, it has one.
            models.UniqueConstraint(
                fields=["statement"],
                condition=models.Q(kind=DocumentKind.STATEMENT.value),
                name="document_statement_once",
            ),
            models.UniqueConstraint(
                fields=["commission_statement"], name="document_commission_once"
            ),
            models.CheckConstraint(
                name="document_of_a_claim_alone",
                condition=models.Q(claim=None) | models.Q(contract=None, quote=None),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["contract", "kind"])]
        triggers: ClassVar = [append_only("document_append_only")]

    def __str__(self) -> str:
        return self.file_name


class Filing(models.Model):
    """The employer's copy of a confirmation, signed by the insured person and filed.

    Append-only: a mistaken mark is followed by a row with `revoked`.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="filings")
    signed_on = models.DateField("unterschrieben", null=True, blank=True)
    revoked = models.BooleanField("zurückgenommen", default=False)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField("abgelegt")

    class Meta:
        verbose_name = "Ablage"
        verbose_name_plural = "Ablagen"
        indexes: ClassVar = [models.Index(fields=["document", "-filed_at"])]
        triggers: ClassVar = [append_only("filing_append_only")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.signed_on}"
