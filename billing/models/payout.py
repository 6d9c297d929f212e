"""Benefit paid to insured people: orders to the bank, transfers, returns, what is owed back."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from aupolicy.models import Broker, GroupContract, User, append_only, rows_kept, set_once
from claims.models import BenefitSlice, Claim
from members.models import Person

_SUMS = """
IF EXISTS (
    SELECT 1 FROM billing_payout p WHERE p.id = NEW.payout_id AND p.amount <>
        (SELECT COALESCE(SUM(i.amount), 0) FROM billing_payoutitem i WHERE i.payout_id = p.id)
        - (SELECT COALESCE(SUM(o.amount), 0) FROM billing_recoverysettlement o
           WHERE o.payout_id = p.id)
) THEN
    RAISE EXCEPTION 'payout %: its slices and offsets differ from its amount', NEW.payout_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""
_OVERPAID = """
IF EXISTS (
    SELECT 1 FROM billing_recovery r WHERE r.id = NEW.recovery_id AND r.amount <
        (SELECT SUM(s.amount) FROM billing_recoverysettlement s WHERE s.recovery_id = r.id)
) THEN
    RAISE EXCEPTION 'recovery %: more was settled than is owed', NEW.recovery_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def _deferred(name: str, body: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=body,
    )


class PayoutKind(models.TextChoices):
    """What is paid."""

    BENEFIT = "benefit", "Leistung"
    REFUND = "refund", "Beitragserstattung"
    COMMISSION = "commission", "Courtage"


class PayoutOrder(models.Model):
    """One pain.001 file: all transfers of an execution day. The file lies in the store.

    Somebody else than who made it releases it; only then may it be downloaded. One that nobody
    released may be discarded; then what it pays is to be paid again. All its transfers are of one
    kind, so that the file of benefits is nobody else's. `verification_asked`: it is
    handed in so that the bank compares names and accounts (verification of payee, opt-in).
    """

    kind = models.CharField(
        "Art",
        max_length=10,
        choices=PayoutKind.choices,
        default=PayoutKind.BENEFIT,
        db_default=PayoutKind.BENEFIT.value,
    )
    execution_date = models.DateField("Ausführung")
    message_id = models.CharField("Nachricht", max_length=35, unique=True)
    created_at = models.DateTimeField("erstellt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    transfer_count = models.PositiveIntegerField("Überweisungen")
    control_sum = models.DecimalField("Kontrollsumme", max_digits=16, decimal_places=2)
    file_sha256 = models.CharField("SHA-256", max_length=64)
    verification_asked = models.BooleanField("Empfängerprüfung verlangt", default=False)
    released_at = models.DateTimeField("freigegeben", null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    discarded_at = models.DateTimeField("verworfen", null=True, blank=True)
    discarded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Überweisungsauftrag"
        verbose_name_plural = "Überweisungsaufträge"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payout_order_released_by_another",
                condition=Q(released_by=None) | ~Q(released_by=F("created_by")),
            ),
            models.CheckConstraint(
                name="payout_order_released_or_discarded",
                condition=Q(released_at=None) | Q(discarded_at=None),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("payout_orders_are_kept"),
            set_once(
                "payout_order_stands",
                "released_at",
                "released_by",
                "discarded_at",
                "discarded_by",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Payout(models.Model):
    """One transfer (Auszahlung) in EUR; `amount` is what is left after offsets, 0 without a file.

    Benefit goes to a person for a claim, a refund to the employer of a contract, commission to a
    broker.

    `verification` is what the bank said about name and account (verification of payee): RCVC
    match, RVMC close match, RVNM no match, RVNA not possible. A file with a single transfer is
    always checked, others when the bank is asked to.
    """

    VERIFICATIONS: ClassVar = [
        ("RCVC", "Name und Konto passen"),
        ("RVMC", "Name passt beinahe"),
        ("RVNM", "Name passt nicht"),
        ("RVNA", "nicht prüfbar"),
    ]

    order = models.ForeignKey(
        PayoutOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    kind = models.CharField(
        "Art",
        max_length=10,
        choices=PayoutKind.choices,
        default=PayoutKind.BENEFIT,
        db_default=PayoutKind.BENEFIT.value,
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="payouts"
    )
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    end_to_end_id = models.CharField("Ende-zu-Ende-Referenz", max_length=35, unique=True)
    remittance = models.CharField("Verwendungszweck", max_length=140)
    created_at = models.DateTimeField("erstellt")
    verification = models.CharField(
        "Empfängerprüfung", max_length=4, blank=True, choices=VERIFICATIONS
    )
    verified_name = models.CharField("Name laut Bank", max_length=140, blank=True)
    verified_at = models.DateTimeField("geprüft", null=True, blank=True)
    returned_on = models.DateField("zurückgekommen", null=True, blank=True)
    return_code = models.CharField("Rückgabegrund", max_length=4, blank=True)
    return_recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Auszahlung"
        verbose_name_plural = "Auszahlungen"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payout_to_whom",
                condition=Q(
                    kind="benefit",
                    claim__isnull=False,
                    person__isnull=False,
                    contract__isnull=False,
                    broker=None,
                )
                | Q(kind="refund", claim=None, person=None, contract__isnull=False, broker=None)
                | Q(
                    kind="commission", claim=None, person=None, contract=None, broker__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="payout_amount",
                condition=Q(amount__gt=0, order__isnull=False) | Q(amount=0, order=None),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("payouts_are_kept"),
            set_once(
                "payout_stands",
                "verification",
                "verified_name",
                "verified_at",
                "returned_on",
                "return_code",
                "return_recorded_by",
            ),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id


class PayoutItem(models.Model):
    """The slice that a payout pays, with its amount. A slice is paid once.

    When the transfer comes back `returned` is set, and the slice may be paid again.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="items")
    slice = models.ForeignKey(BenefitSlice, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    returned = models.BooleanField("zurückgekommen", default=False)

    class Meta:
        verbose_name = "bezahlter Abschnitt"
        verbose_name_plural = "bezahlte Abschnitte"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slice"], condition=Q(returned=False), name="slice_paid_once"
            )
        ]
        triggers: ClassVar = [
            rows_kept("payout_items_are_kept"),
            set_once("payout_item_stands", "returned"),
            _deferred("payout_item_sums", _SUMS),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id}: {self.slice_id}"


class Recovery(models.Model):
    """What was paid for a slice that was cancelled later, and how it comes back (Rückforderung).

    OFFSET: from the next payouts. INSTALMENTS: at most `instalment` EUR from each payout.
    RECLAIM: the person is asked to transfer it.
    """

    class Mode(models.TextChoices):
        """How it comes back."""

        OFFSET = "offset", "Verrechnung"
        INSTALMENTS = "instalments", "Verrechnung in Raten"
        RECLAIM = "reclaim", "Rückzahlung"

    slice = models.OneToOneField(BenefitSlice, on_delete=models.PROTECT, related_name="recovery")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recoveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recoveries")
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    mode = models.CharField("Weg", max_length=12, choices=Mode.choices, default=Mode.OFFSET)
    instalment = models.DecimalField("Rate", max_digits=12, decimal_places=2, null=True, blank=True)
    reason = models.TextField("Grund")
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("entschieden")

    class Meta:
        verbose_name = "Rückforderung"
        verbose_name_plural = "Rückforderungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="recovery_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="recovery_instalment",
                # Comparing NULL is neither true nor false, and a check takes that for kept.
                condition=Q(mode="instalments", instalment__isnull=False, instalment__gt=0)
                | (~Q(mode="instalments") & Q(instalment=None)),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("recoveries_are_kept"),
            set_once("recovery_stands", "mode", "instalment", "reason", "decided_by", "decided_at"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.amount}"


class RecoverySettlement(models.Model):
    """A part of a recovery that came back: offset in a payout, or transferred by the person."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="settlements")
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="offsets"
    )
    received_on = models.DateField("eingegangen")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Tilgung einer Rückforderung"
        verbose_name_plural = "Tilgungen von Rückforderungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="recovery_settlement_amount", condition=~Q(amount=0))
        ]
        triggers: ClassVar = [
            append_only("recovery_settlement_append_only"),
            _deferred("recovery_settlement_sums", _SUMS),
            _deferred("recovery_not_overpaid", _OVERPAID),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id}: {self.amount}"
