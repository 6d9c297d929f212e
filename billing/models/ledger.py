"""Double entry: transactions of entries that add up to nothing."""

from typing import ClassVar

import pgtrigger
from django.db import models

from aupolicy.models import GroupContract, append_only
from billing.models.collection import Collection
from billing.models.payout import Payout, PayoutItem, Recovery, RecoverySettlement
from billing.models.run import Statement

_BALANCED = """
IF (SELECT SUM(amount) FROM billing_ledgerentry WHERE transaction_id = NEW.transaction_id) <> 0
THEN
    RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class LedgerTransaction(models.Model):
    """One booking; whatever it is about is booked once in each kind."""

    STATEMENT, COLLECTION = "STATEMENT", "COLLECTION"
    PAYOUT, PAYOUT_RETURN = "PAYOUT", "PAYOUT_RETURN"
    RECOVERY, REPAYMENT = "RECOVERY", "REPAYMENT"
    UNPAID_CANCELLED = "UNPAID_CANCELLED"

    kind = models.CharField(
        "Art",
        max_length=20,
        choices=[
            (STATEMENT, "Sollstellung"),
            (COLLECTION, "Lastschrifteinzug"),
            (PAYOUT, "Auszahlung"),
            (PAYOUT_RETURN, "Rückläufer einer Auszahlung"),
            (RECOVERY, "Rückforderung"),
            (REPAYMENT, "Rückzahlung"),
            (UNPAID_CANCELLED, "zurückgekommene Leistung storniert"),
        ],
    )
    booked_on = models.DateField("Buchungstag")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="bookings")
    payout_item = models.ForeignKey(
        PayoutItem, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    recovery = models.ForeignKey(
        Recovery, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    settlement = models.ForeignKey(
        RecoverySettlement, on_delete=models.PROTECT, null=True, related_name="bookings"
    )

    class Meta:
        verbose_name = "Buchung"
        verbose_name_plural = "Buchungen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "statement"], name="booked_once"),
            models.UniqueConstraint(fields=["kind", "payout"], name="payout_booked_once"),
            models.UniqueConstraint(fields=["kind", "payout_item"], name="item_booked_once"),
            models.UniqueConstraint(fields=["kind", "recovery"], name="recovery_booked_once"),
            models.UniqueConstraint(fields=["kind", "settlement"], name="settlement_booked_once"),
        ]
        triggers: ClassVar = [append_only("ledger_transaction_append_only")]

    def __str__(self) -> str:
        return f"{self.kind} {self.booked_on}"


class LedgerEntry(models.Model):
    """One side of a booking, in EUR: debit positive, credit negative."""

    RECEIVABLE, IN_TRANSIT, PREMIUM_INCOME = "1400", "1360", "4000"
    BANK, PAYOUTS_IN_TRANSIT, RECOVERABLE = "1200", "1365", "1450"
    UNPAID_BENEFIT, BENEFIT = "1650", "5000"

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="entries"
    )
    account = models.CharField(
        "Konto",
        max_length=10,
        choices=[
            (RECEIVABLE, "Forderungen an Versicherungsnehmer"),
            (IN_TRANSIT, "Lastschriften im Einzug"),
            (PREMIUM_INCOME, "Gebuchte Beiträge"),
            (BANK, "Bank"),
            (PAYOUTS_IN_TRANSIT, "Überweisungen unterwegs"),
            (RECOVERABLE, "Rückforderungen aus Leistungen"),
            (UNPAID_BENEFIT, "Zurückgekommene Leistungen"),
            (BENEFIT, "Gezahlte Leistungen"),
        ],
    )
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="ledger_entries"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Buchungszeile"
        verbose_name_plural = "Buchungszeilen"
        triggers: ClassVar = [
            append_only("ledger_entry_append_only"),
            pgtrigger.Trigger(
                name="ledger_balanced",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_BALANCED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
