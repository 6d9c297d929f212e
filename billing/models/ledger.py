"""Double entry: transactions of entries that add up to nothing."""

from typing import ClassVar

import pgtrigger
from django.db import models

from aupolicy.models import GroupContract, User, append_only
from billing.models.bank import BankEntry
from billing.models.collection import Collection, CollectionItem
from billing.models.open_item import OpenItem
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


# An item is settled at most in full, and never beyond nothing: a credit likewise, below zero.
_WITHIN_ITEM = """
IF EXISTS (
    SELECT 1 FROM billing_openitem i
    CROSS JOIN LATERAL (
        SELECT SUM(a.amount) AS settled FROM billing_allocation a WHERE a.open_item_id = i.id
    ) s
    WHERE i.id = NEW.open_item_id
      AND NOT s.settled BETWEEN LEAST(i.amount, 0) AND GREATEST(i.amount, 0)
) THEN
    RAISE EXCEPTION 'open item %: settled beyond its amount', NEW.open_item_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""
_MONTH_OPEN = """
IF EXISTS (
    SELECT 1 FROM billing_closedmonth WHERE month = date_trunc('month', NEW.booked_on)::date
) THEN
    RAISE EXCEPTION 'the month of % is closed', NEW.booked_on USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class LedgerTransaction(models.Model):
    """One booking; whatever it is about is booked once in each kind.

    `contract` is the one whose premium it is about: None for benefit, and where it is about several
    contracts or about none yet.
    """

    STATEMENT, COLLECTION = "STATEMENT", "COLLECTION"
    SETTLEMENT, REJECTED_DEBIT, RETURNED_DEBIT = "SETTLEMENT", "REJECTED_DEBIT", "RETURNED_DEBIT"
    DISCARDED_DEBIT, RECEIPT, RECEIPT_CLEARED = "DISCARDED_DEBIT", "RECEIPT", "RECEIPT_CLEARED"
    CHARGE, OFFSET, WRITE_OFF = "CHARGE", "OFFSET", "WRITE_OFF"
    PAYOUT_SENT, REFUND, REFUND_RETURNED = "PAYOUT_SENT", "REFUND", "REFUND_RETURNED"
    COMMISSION, COMMISSION_PAYOUT = "COMMISSION", "COMMISSION_PAYOUT"
    PAYOUT, PAYOUT_RETURN = "PAYOUT", "PAYOUT_RETURN"
    RECOVERY, REPAYMENT = "RECOVERY", "REPAYMENT"
    UNPAID_CANCELLED, BANK_CLEARED = "UNPAID_CANCELLED", "BANK_CLEARED"

    kind = models.CharField(
        "Art",
        max_length=20,
        choices=[
            (STATEMENT, "Sollstellung"),
            (COLLECTION, "Lastschrifteinzug"),
            (SETTLEMENT, "Gutschrift eines Einzugs"),
            (REJECTED_DEBIT, "abgewiesene Lastschrift"),
            (RETURNED_DEBIT, "Rücklastschrift"),
            (DISCARDED_DEBIT, "verworfene Lastschrift"),
            (RECEIPT, "Zahlungseingang"),
            (RECEIPT_CLEARED, "Zahlungseingang zugeordnet"),
            (CHARGE, "Nebenforderung"),
            (OFFSET, "Verrechnung"),
            (WRITE_OFF, "Ausbuchung"),
            (PAYOUT_SENT, "Überweisung ausgeführt"),
            (REFUND, "Beitragserstattung"),
            (REFUND_RETURNED, "Rückläufer einer Beitragserstattung"),
            (COMMISSION, "Courtage"),
            (COMMISSION_PAYOUT, "Auszahlung von Courtage"),
            (PAYOUT, "Auszahlung"),
            (PAYOUT_RETURN, "Rückläufer einer Auszahlung"),
            (RECOVERY, "Rückforderung"),
            (REPAYMENT, "Rückzahlung"),
            (UNPAID_CANCELLED, "zurückgekommene Leistung storniert"),
            (BANK_CLEARED, "Bankumsatz gebucht"),
        ],
    )
    booked_on = models.DateField("Buchungstag")
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    text = models.CharField("Buchungstext", max_length=140, blank=True, db_default="")
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    debit = models.ForeignKey(
        CollectionItem, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    bank_entry = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    charge = models.ForeignKey(
        OpenItem, on_delete=models.PROTECT, null=True, related_name="bookings"
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
            models.UniqueConstraint(fields=["kind", "debit"], name="debit_booked_once"),
            models.UniqueConstraint(fields=["kind", "bank_entry"], name="bank_entry_booked_once"),
            models.UniqueConstraint(fields=["kind", "charge"], name="charge_booked_once"),
            models.UniqueConstraint(fields=["kind", "payout"], name="payout_booked_once"),
            models.UniqueConstraint(fields=["kind", "payout_item"], name="item_booked_once"),
            models.UniqueConstraint(fields=["kind", "recovery"], name="recovery_booked_once"),
            models.UniqueConstraint(fields=["kind", "settlement"], name="settlement_booked_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["booked_on"])]
        triggers: ClassVar = [
            append_only("ledger_transaction_append_only"),
            pgtrigger.Trigger(
                name="ledger_month_open",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_MONTH_OPEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.booked_on}"


class LedgerEntry(models.Model):
    """One side of a booking, in EUR: debit positive, credit negative."""

    RECEIVABLE, IN_TRANSIT, PREMIUM_INCOME = "1400", "1360", "4000"
    BANK, PAYOUTS_IN_TRANSIT, RECOVERABLE = "1200", "1365", "1450"
    UNPAID_BENEFIT, BENEFIT = "1650", "5000"
    UNCLEAR, TAX_OWED = "1370", "1776"
    COMMISSION_OWED, COMMISSION_EXPENSE = "1700", "4760"
    INTEREST_INCOME, COST_INCOME, BANK_FEES, WRITTEN_OFF = "2650", "2670", "4970", "2400"

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
            (UNCLEAR, "Ungeklärte Zahlungseingänge"),
            (TAX_OWED, "Versicherungsteuer"),
            (COMMISSION_OWED, "Verbindlichkeiten aus Courtage"),
            (COMMISSION_EXPENSE, "Courtage"),
            (INTEREST_INCOME, "Verzugszinsen"),
            (COST_INCOME, "Erstattete Kosten"),
            (BANK_FEES, "Bankentgelte"),
            (WRITTEN_OFF, "Ausgebuchte Forderungen"),
        ],
    )
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, null=True, related_name="ledger_entries"
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


class Allocation(models.Model):
    """What a booking settles of an open item, in EUR (Zuordnung); taken back, it is negative.

    Of a credit the signs are the other way round. `debit` is the direct debit that paid.
    """

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="allocations"
    )
    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="allocations")
    debit = models.ForeignKey(
        CollectionItem, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Zuordnung"
        verbose_name_plural = "Zuordnungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="allocation_amount", condition=~models.Q(amount=0))
        ]
        triggers: ClassVar = [
            append_only("allocation_append_only"),
            pgtrigger.Trigger(
                name="allocation_within_item",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_WITHIN_ITEM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_item_id}: {self.amount}"


class ClosedMonth(models.Model):
    """A month of the books in which nothing is booked any more (Monatsabschluss).

    `balance` is the trial balance as it stood: account -> EUR as text.
    """

    month = models.DateField("Monat", unique=True)
    closed_at = models.DateTimeField("abgeschlossen")
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    balance = models.JSONField("Saldenliste")

    class Meta:
        verbose_name = "Monatsabschluss"
        verbose_name_plural = "Monatsabschlüsse"
        triggers: ClassVar = [append_only("closed_month_append_only")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
