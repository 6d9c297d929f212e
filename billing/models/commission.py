"""What brokers earn: agreements, what accrued when premium was paid, monthly statements."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from aupolicy.models import (
    Broker,
    GroupContract,
    PeriodField,
    User,
    public_id,
    rows_kept,
    set_once,
)
from billing.models.ledger import LedgerTransaction
from billing.models.open_item import OpenItem
from billing.models.payout import Payout

# A statement's total is that of its entries; looked at when everything is written.
_STATEMENT_SUM = """
IF EXISTS (
    SELECT 1 FROM billing_commissionstatement s WHERE s.id = NEW.statement_id AND s.total <>
        (SELECT COALESCE(SUM(e.amount), 0) FROM billing_commissionentry e
         WHERE e.statement_id = s.id)
) THEN
    RAISE EXCEPTION 'commission statement %: its entries differ from its total', NEW.statement_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""

_REFUND_SUM = """
IF EXISTS (
    SELECT 1 FROM billing_payout p WHERE p.id = NEW.payout_id AND p.amount <>
        (SELECT SUM(i.amount) FROM billing_refunditem i WHERE i.payout_id = p.id)
) THEN
    RAISE EXCEPTION 'refund %: its credits differ from its amount', NEW.payout_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class CommissionAgreement(models.Model):
    """What a broker earns of the premium that was paid, in percent, for months within `period`.

    `first_year_percent` holds for the first twelve months of a contract. One for a contract goes
    before the broker's general one (`contract` None).
    """

    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, related_name="commission_agreements"
    )
    contract = models.ForeignKey(
        GroupContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_agreements",
    )
    period = PeriodField("gültig")
    first_year_percent = models.DecimalField("Abschluss in %", max_digits=6, decimal_places=3)
    running_percent = models.DecimalField("laufend in %", max_digits=6, decimal_places=3)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("vereinbart")

    class Meta:
        verbose_name = "Courtagevereinbarung"
        verbose_name_plural = "Courtagevereinbarungen"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="commission_agreement_no_overlap",
                expressions=[
                    ("broker", RangeOperators.EQUAL),
                    (Coalesce(F("contract"), 0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="commission_agreement_percent",
                condition=Q(first_year_percent__range=(0, 100), running_percent__range=(0, 100)),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("commission_agreements_are_kept"),
            set_once("commission_agreement_stands", "period"),
        ]

    def __str__(self) -> str:
        return f"{self.broker_id}: {self.running_percent} %"


class BrokerAccount(models.Model):
    """Where a broker's commission is paid to: in force once a second person has confirmed it."""

    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, related_name="accounts")
    holder = models.CharField("Kontoinhaber", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("erfasst")
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("bestätigt", null=True, blank=True)

    class Meta:
        verbose_name = "Konto eines Vermittlers"
        verbose_name_plural = "Konten von Vermittlern"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="broker_account_second_look",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")),
            )
        ]
        triggers: ClassVar = [
            rows_kept("broker_accounts_are_kept"),
            set_once("broker_account_stands", "confirmed_by", "confirmed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.broker_id}: {self.recorded_at}"


class CommissionStatement(models.Model):
    """What a broker earned in a month (Courtageabrechnung), in EUR; below zero it is carried on."""

    public_id = public_id()
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, related_name="commission_statements"
    )
    month = models.DateField("Monat")
    number = models.CharField("Nummer", max_length=20, unique=True)
    total = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    issued_on = models.DateField("ausgestellt")
    payout = models.ForeignKey(
        Payout,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_statements",
    )

    class Meta:
        verbose_name = "Courtageabrechnung"
        verbose_name_plural = "Courtageabrechnungen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["broker", "month"], name="commission_statement_unique")
        ]
        triggers: ClassVar = [
            rows_kept("commission_statements_are_kept"),
            set_once("commission_statement_stands", "payout"),
        ]

    def __str__(self) -> str:
        return self.number


class CommissionEntry(models.Model):
    """Commission on what was paid of an open item, in EUR; negative where the payment came back.

    `base` is the premium without tax that was paid or came back since the entry before.
    """

    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, related_name="commission_entries")
    agreement = models.ForeignKey(
        CommissionAgreement, on_delete=models.PROTECT, related_name="entries"
    )
    open_item = models.ForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="commission_entries"
    )
    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="commission_entries"
    )
    booked_on = models.DateField("Buchungstag")
    percent = models.DecimalField("Satz in %", max_digits=6, decimal_places=3)
    base = models.DecimalField("bezahlter Beitrag", max_digits=14, decimal_places=2)
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    statement = models.ForeignKey(
        CommissionStatement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
    )

    class Meta:
        verbose_name = "Courtageposten"
        verbose_name_plural = "Courtageposten"
        indexes: ClassVar = [
            models.Index(
                fields=["broker"], condition=Q(statement=None), name="commission_not_stated"
            )
        ]
        triggers: ClassVar = [
            rows_kept("commission_entries_are_kept"),
            set_once("commission_entry_stands", "statement"),
            pgtrigger.Trigger(
                name="commission_statement_sum",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__statement__isnull=False),
                func=_STATEMENT_SUM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.open_item_id}: {self.amount}"


class RefundItem(models.Model):
    """The credit that a refund pays back (Beitragserstattung), with its amount in EUR, above zero.

    When the transfer comes back `returned` is set, and the credit is open again.
    """

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="refund_items")
    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    returned = models.BooleanField("zurückgekommen", default=False)

    class Meta:
        verbose_name = "erstattetes Guthaben"
        verbose_name_plural = "erstattete Guthaben"
        constraints: ClassVar = [
            models.CheckConstraint(name="refund_amount", condition=Q(amount__gt=0)),
        ]
        triggers: ClassVar = [
            rows_kept("refund_items_are_kept"),
            set_once("refund_item_stands", "returned"),
            pgtrigger.Trigger(
                name="refund_item_sums",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_REFUND_SUM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id}: {self.open_item_id}"
