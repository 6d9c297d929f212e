"""Double entry: transactions of entries that add up to nothing.

What must always hold of them (entries that balance, items settled within their amount, closed
months left alone) is kept by triggers of the migration `guards_of_the_ledger`: many rows are booked
at once, and pgtrigger's own take two thirds of their time to ask whether they are switched off.
These cannot be.
"""

from typing import ClassVar

from django.db import models

from aupolicy.models import GroupContract, User, append_only, where_given
from billing.models.bank import BankEntry
from billing.models.collection import Collection, CollectionItem
from billing.models.open_item import OpenItem
from billing.models.payout import Payout, PayoutItem, Recovery, RecoverySettlement
from billing.models.run import Statement


def _booked_once(cause: str, *, name: str) -> models.UniqueConstraint:
    """At most one booking of each kind about it; also the index by which its bookings are found."""
    given = models.Q(**{f"{cause}__isnull": False})
    return models.UniqueConstraint(fields=[cause, "kind"], condition=given, name=name)


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
    # Each is looked up along its index below, which holds the bookings that have it only.
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    collection = models.ForeignKey(
        Collection, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    debit = models.ForeignKey(
        CollectionItem, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    bank_entry = models.ForeignKey(
        BankEntry, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    charge = models.ForeignKey(
        OpenItem, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    payout_item = models.ForeignKey(
        PayoutItem, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    recovery = models.ForeignKey(
        Recovery, on_delete=models.PROTECT, null=True, related_name="bookings", db_index=False
    )
    settlement = models.ForeignKey(
        RecoverySettlement,
        on_delete=models.PROTECT,
        null=True,
        related_name="bookings",
        db_index=False,
    )

    class Meta:
        verbose_name = "Buchung"
        verbose_name_plural = "Buchungen"
        constraints: ClassVar = [
            _booked_once("statement", name="booked_once"),
            _booked_once("debit", name="debit_booked_once"),
            _booked_once("bank_entry", name="bank_entry_booked_once"),
            _booked_once("charge", name="charge_booked_once"),
            _booked_once("payout", name="payout_booked_once"),
            _booked_once("payout_item", name="item_booked_once"),
            _booked_once("recovery", name="recovery_booked_once"),
            _booked_once("settlement", name="settlement_booked_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["booked_on"]),
            where_given("collection", name="collection_bookings"),
        ]
        triggers: ClassVar = [
            append_only("ledger_transaction_append_only"),
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
