"""What keeps a mandate from carrying debits, and how it was signed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import GroupContract, User, rows_kept, set_once
from billing.models.collection import CollectionItem
from billing.models.mandate import Mandate, MandateChange


class MandateStop(models.Model):
    """Days on which a mandate carries no debit, in any of its versions (`mandate` is the first).

    A suspension (Aussetzung) is over when somebody lifts it; a revocation (Widerruf) never is.
    `debit` is the debit whose return made it, `reason_code` the bank's code of it.
    """

    class Kind(models.TextChoices):
        """Whether it may end."""

        SUSPENDED = "suspended", "ausgesetzt"
        REVOKED = "revoked", "widerrufen"

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="stops")
    kind = models.CharField("Art", max_length=10, choices=Kind.choices)
    from_day = models.DateField("ab")
    reason = models.CharField("Grund", max_length=300)
    reason_code = models.CharField("Rückgabegrund", max_length=4, blank=True)
    debit = models.ForeignKey(
        CollectionItem, on_delete=models.PROTECT, null=True, blank=True, related_name="stops"
    )
    made_at = models.DateTimeField("erfasst")
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField("aufgehoben", null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_reason = models.CharField("Grund der Aufhebung", max_length=300, blank=True)

    class Meta:
        verbose_name = "Sperre eines Mandats"
        verbose_name_plural = "Sperren von Mandaten"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mandate", "kind"],
                condition=Q(lifted_at=None),
                name="mandate_stopped_once",
            ),
            models.CheckConstraint(name="mandate_stop_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="mandate_stop_lifted_with_reason",
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, kind="suspended") & ~Q(lift_reason="")),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("mandate_stops_are_kept"),
            set_once("mandate_stop_stands", "lifted_at", "lifted_by", "lift_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id}: {self.kind} {self.from_day}"


class MandateSignature(models.Model):
    """How a mandate, or a new account for one, was signed, with the proof of it.

    DOCUMENT is the signed paper, TYPED a name typed in the portal under `wording`, whose proof are
    its SHA-256, the moment, the address and the user; both lie in the store. RECORDED is what came
    with the contract before there was a proof here. `mandate` is the first version; it is empty
    while a change waits, and where the change only gave a signed mandate another account.
    """

    class How(models.TextChoices):
        """What proves it."""

        DOCUMENT = "document", "unterschriebenes Papier"
        TYPED = "typed", "im Portal mit Namen"
        RECORDED = "recorded", "mit dem Vertrag"

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="mandate_signatures"
    )
    mandate = models.OneToOneField(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="signature"
    )
    change = models.OneToOneField(
        MandateChange, on_delete=models.PROTECT, null=True, blank=True, related_name="signature"
    )
    how = models.CharField("Art", max_length=10, choices=How.choices)
    signed_on = models.DateField("unterschrieben")
    typed_name = models.CharField("Name", max_length=140, blank=True)
    wording_sha256 = models.CharField("SHA-256 des Wortlauts", max_length=64, blank=True)
    document_name = models.CharField("Datei", max_length=200, blank=True)
    document_sha256 = models.CharField("SHA-256 der Datei", max_length=64, blank=True)
    recorded_at = models.DateTimeField("erfasst")
    ip_address = models.GenericIPAddressField("IP-Adresse", null=True, blank=True)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Unterschrift eines Mandats"
        verbose_name_plural = "Unterschriften von Mandaten"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mandate_signature_signs_something",
                condition=Q(mandate__isnull=False) | Q(change__isnull=False),
            ),
            models.CheckConstraint(
                name="mandate_signature_is_proven",
                condition=(Q(how="document") & ~Q(document_sha256="") & ~Q(document_name=""))
                | (
                    Q(how="typed", ip_address__isnull=False, user__isnull=False)
                    & ~Q(typed_name="")
                    & ~Q(wording_sha256="")
                )
                | Q(how="recorded"),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("mandate_signatures_are_kept"),
            set_once("mandate_signature_stands", "mandate"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.how} {self.signed_on}"
