"""Files of the bank and what they say, and the debits that came back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import User, append_only, rows_kept, set_once, where_given
from billing.models.collection import Collection, CollectionItem
from billing.models.payout import Payout, PayoutOrder


class BankFile(models.Model):
    """A file from the bank (pain.002, camt.053, camt.054), read whole or not at all.

    The same bytes are read once. The file lies in the store under its SHA-256.
    """

    class Source(models.TextChoices):
        """How it came."""

        UPLOAD = "upload", "hochgeladen"
        FOLDER = "folder", "aus dem Eingangsordner"

    file_name = models.CharField("Datei", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    source = models.CharField("Weg", max_length=6, choices=Source.choices)
    received_at = models.DateTimeField("eingelesen")
    received_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    messages = models.JSONField("Nachrichten")
    entry_count = models.PositiveIntegerField("Umsätze")
    status_count = models.PositiveIntegerField("Statusmeldungen")

    class Meta:
        verbose_name = "Bankdatei"
        verbose_name_plural = "Bankdateien"
        triggers: ClassVar = [append_only("bank_file_append_only")]

    def __str__(self) -> str:
        return self.file_name


class BankDelivery(models.Model):
    """Bytes handed in as a file of the bank, and whether they were read (Einlieferung).

    They lie in the store under their SHA-256. KNOWN: the same bytes were read before; REFUSED:
    `problem` says why, as code and params. Big ones wait for a worker.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "wird eingelesen"
        READ = "read", "eingelesen"
        KNOWN = "known", "schon bekannt"
        REFUSED = "refused", "abgewiesen"

    file_name = models.CharField("Datei", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("Bytes")
    source = models.CharField("Weg", max_length=6, choices=BankFile.Source.choices)
    received_at = models.DateTimeField("eingegangen")
    received_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("Stand", max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.JSONField("Grund", null=True, blank=True)
    done_at = models.DateTimeField("erledigt", null=True, blank=True)
    file = models.ForeignKey(
        BankFile, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )

    class Meta:
        verbose_name = "Einlieferung"
        verbose_name_plural = "Einlieferungen"
        indexes: ClassVar = [
            models.Index(fields=["state"], condition=Q(state="waiting"), name="bank_waiting")
        ]
        triggers: ClassVar = [
            rows_kept("bank_deliveries_are_kept"),
            set_once("bank_delivery_stands", "state", "problem", "done_at", "file"),
        ]

    def __str__(self) -> str:
        return self.file_name


class Outcome(models.TextChoices):
    """What became of something that a bank said."""

    SETTLEMENT = "settlement", "Gutschrift eines Einzugs"
    RETURNED_DEBIT = "returned_debit", "Rücklastschrift"
    REJECTED_DEBIT = "rejected_debit", "abgewiesene Lastschrift"
    RECEIPT = "receipt", "Zahlungseingang, zugeordnet"
    PAYOUT_SENT = "payout_sent", "Überweisung ausgeführt"
    PAYOUT_RETURNED = "payout_returned", "Überweisung zurückgekommen"
    ACCEPTED = "accepted", "angenommen"
    VERIFIED = "verified", "Empfängerprüfung"
    FEE = "fee", "Bankentgelt"
    KNOWN = "known", "schon bekannt"
    UNCLEAR = "unclear", "zu klären"
    CLEARED = "cleared", "geklärt"


class BankEntry(models.Model):
    """One movement on our account as a bank told it, in EUR.

    `amount` is never negative, `direction` CRDT or DBIT tells which way. `original_message_id` and
    `payment_information_id` are those of our file that it is about, as far as the bank says so.
    `fingerprint` is the same in every file that tells of this movement: only the first counts, the
    others are KNOWN.
    """

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="entries")
    message_id = models.CharField("Nachricht", max_length=35)
    position = models.CharField("Stelle", max_length=80)
    account_iban = models.CharField("Konto", max_length=34)
    direction = models.CharField(
        "Richtung", max_length=4, choices=[("CRDT", "Eingang"), ("DBIT", "Ausgang")]
    )
    amount = models.DecimalField("Betrag", max_digits=16, decimal_places=2)
    original_amount = models.DecimalField(
        "ursprünglicher Betrag", max_digits=16, decimal_places=2, null=True, blank=True
    )
    charges = models.DecimalField("Entgelt", max_digits=12, decimal_places=2, default=0)
    booked_on = models.DateField("gebucht")
    value_on = models.DateField("Wertstellung", null=True, blank=True)
    bank_reference = models.CharField("Referenz der Bank", max_length=70, blank=True)
    entry_reference = models.CharField("Referenz des Umsatzes", max_length=70, blank=True)
    original_message_id = models.CharField("unsere Nachricht", max_length=35, blank=True)
    payment_information_id = models.CharField("Sammler", max_length=35, blank=True)
    end_to_end_id = models.CharField("Ende-zu-Ende-Referenz", max_length=35, blank=True)
    mandate_reference = models.CharField("Mandatsreferenz", max_length=35, blank=True)
    transaction_code = models.CharField("Geschäftsvorfall", max_length=40, blank=True)
    reason_code = models.CharField("Rückgabegrund", max_length=35, blank=True)
    reason_text = models.TextField("Text der Bank", blank=True)
    party_name = models.CharField("Name", max_length=140, blank=True)
    party_iban = models.CharField("IBAN", max_length=34, blank=True)
    remittance = models.TextField("Verwendungszweck", blank=True)
    batch_count = models.PositiveIntegerField("Posten im Sammler", null=True, blank=True)
    reversal = models.BooleanField("Storno", default=False)
    fingerprint = models.CharField("Fingerabdruck", max_length=64)
    outcome = models.CharField("Ergebnis", max_length=20, choices=Outcome.choices)
    collection = models.ForeignKey(
        Collection,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        db_index=False,
    )
    payout = models.ForeignKey(
        Payout,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        db_index=False,
    )
    payout_order = models.ForeignKey(
        PayoutOrder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bank_entries",
        db_index=False,
    )
    cleared_at = models.DateTimeField("geklärt", null=True, blank=True)
    cleared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    note = models.CharField("Vermerk", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "Bankumsatz"
        verbose_name_plural = "Bankumsätze"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(outcome="known"), name="bank_entry_once"
            ),
            models.CheckConstraint(name="bank_entry_amount", condition=Q(amount__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outcome"], condition=Q(outcome="unclear"), name="bank_unclear"),
            models.Index(fields=["booked_on"]),
            models.Index(fields=["end_to_end_id"]),
            where_given("collection", name="bank_entry_of_collection"),
            where_given("payout", name="bank_entry_of_payout"),
            where_given("payout_order", name="bank_entry_of_order"),
            where_given("cleared_by", name="bank_entry_cleared_by"),
        ]
        triggers: ClassVar = [
            rows_kept("bank_entries_are_kept"),
            set_once("bank_entry_stands", "outcome", "cleared_at", "cleared_by", "note"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.position}"


class BankStatus(models.Model):
    """What a bank said about a payment we handed in, before it moved any money (pain.002)."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statuses")
    message_id = models.CharField("Nachricht", max_length=35)
    position = models.CharField("Stelle", max_length=80)
    original_message_id = models.CharField("unsere Nachricht", max_length=35, blank=True)
    original_payment_id = models.CharField("unser Sammler", max_length=35, blank=True)
    end_to_end_id = models.CharField("Ende-zu-Ende-Referenz", max_length=35, blank=True)
    amount = models.DecimalField("Betrag", max_digits=16, decimal_places=2, null=True, blank=True)
    status = models.CharField("Status", max_length=35)
    reason_code = models.CharField("Grund", max_length=35, blank=True)
    reason_text = models.TextField("Text der Bank", blank=True)
    outcome = models.CharField("Ergebnis", max_length=20, choices=Outcome.choices)
    cleared_at = models.DateTimeField("geklärt", null=True, blank=True)
    cleared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("Vermerk", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "Statusmeldung der Bank"
        verbose_name_plural = "Statusmeldungen der Bank"
        triggers: ClassVar = [
            rows_kept("bank_statuses_are_kept"),
            set_once("bank_status_stands", "outcome", "cleared_at", "cleared_by", "note"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.position}"


class ReturnedDebit(models.Model):
    """A debit that came back (Rücklastschrift) or was rejected, and what we did about it.

    `fee` is what the banks charged for it, in EUR. `occurrence` counts debits of the contract
    that came back for the same reason and were not paid since. `reaction` is the rule of that
    day as it was applied; `retry_on` the day from which the item may be collected once more.
    """

    class How(models.TextChoices):
        """When it came back: before the money moved, after it, or because it was asked back."""

        REJECT = "reject", "vor Fälligkeit abgewiesen"
        RETURN = "return", "zurückgegeben"
        REFUND = "refund", "auf Wunsch des Zahlers erstattet"

    debit = models.OneToOneField(
        CollectionItem, on_delete=models.PROTECT, related_name="returned_debit"
    )
    how = models.CharField("Art", max_length=6, choices=How.choices)
    reason_code = models.CharField("Rückgabegrund", max_length=35)
    returned_on = models.DateField("zurückgegeben")
    fee = models.DecimalField("Entgelt", max_digits=12, decimal_places=2, default=0)
    occurrence = models.PositiveSmallIntegerField("Vorkommen")
    reaction = models.JSONField("angewandte Regel")
    retry_on = models.DateField("erneuter Einzug ab", null=True, blank=True)
    bank_entry = models.OneToOneField(
        BankEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="returned_debit"
    )
    # One status may reject a whole file.
    bank_status = models.ForeignKey(
        BankStatus,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="returned_debits",
        db_index=False,
    )
    recorded_at = models.DateTimeField("erfasst")
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "Rücklastschrift"
        verbose_name_plural = "Rücklastschriften"
        indexes: ClassVar = [
            where_given("bank_status", name="returned_debit_of_status"),
            where_given("recorded_by", name="returned_debit_recorded_by"),
        ]
        triggers: ClassVar = [append_only("returned_debit_append_only")]

    def __str__(self) -> str:
        return f"{self.debit_id}: {self.reason_code}"
