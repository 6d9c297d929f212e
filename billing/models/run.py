"""Runs, their slices, premium lines and statements."""

from typing import ClassVar

import pgtrigger
from django.db import models

from aupolicy.models import GroupContract, TariffSnapshot, User, public_id
from aupolicy.models.row_security import of_contract
from members.models import Person

# For row-level security, of the partitioned table and of each partition.
WHOSE_LINES = of_contract("contract_id")

# A run is posted only when every cent agrees: lines = statements = ledger. The database looks
# itself, once per run, over whole sets.
_PROVE_RUN = """
IF EXISTS (
    SELECT 1
    FROM billing_statement s
    LEFT JOIN (
        SELECT contract_id, SUM(amount) AS amount, COUNT(*) AS lines
        FROM billing_premiumline WHERE run_id = NEW.id GROUP BY contract_id
    ) l USING (contract_id)
    LEFT JOIN (
        SELECT t.statement_id, SUM(e.amount) FILTER (WHERE e.account = '1400') AS amount
        FROM billing_ledgertransaction t
        JOIN billing_ledgerentry e ON e.transaction_id = t.id
        JOIN billing_statement b ON b.id = t.statement_id AND b.run_id = NEW.id
        WHERE t.kind = 'STATEMENT' GROUP BY t.statement_id
    ) k ON k.statement_id = s.id
    WHERE s.run_id = NEW.id AND (
        s.number IS NULL OR s.total <> COALESCE(l.amount, 0) + s.tax
        OR s.line_count <> COALESCE(l.lines, 0) OR s.total <> COALESCE(k.amount, 0))
) THEN
    RAISE EXCEPTION 'run %: lines, statements and ledger differ', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class BillingRun(models.Model):
    """One billing of a month. Until `posted_at` is set it is a preview and can be discarded."""

    PREMIUM = "premium"

    kind = models.CharField("Art", max_length=40, default=PREMIUM)
    month = models.DateField("Monat")
    started_at = models.DateTimeField("gestartet")
    started_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    posting_requested_at = models.DateTimeField("Buchung verlangt", null=True, blank=True)
    posting_requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Why the last wish to post it was not granted; nothing was booked then.
    posting_refusal = models.CharField(
        "Buchung abgelehnt", max_length=40, blank=True, default="", db_default=""
    )
    posted_at = models.DateTimeField("gebucht", null=True, blank=True)
    # SHA-256 over all lines, taken when the run is posted: an audit tells whether they still stand.
    digest = models.CharField("SHA-256 der Zeilen", max_length=64, blank=True, db_default="")

    class Meta:
        verbose_name = "Abrechnungslauf"
        verbose_name_plural = "Abrechnungsläufe"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "month"], name="billing_run_unique"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="billing_run_posted_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__posted_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="billing_run_proof",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__posted_at__isnull=True, new__posted_at__isnull=False),
                func=_PROVE_RUN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"

    @property
    def lines_table(self) -> str:
        """The partition that holds the run's premium lines, attached or not."""
        return f"billing_premiumline_run_{self.pk}"


class BillingSlice(models.Model):
    """A range of contracts that one worker bills in one transaction."""

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="slices")
    first_contract_id = models.BigIntegerField("erster Vertrag")
    last_contract_id = models.BigIntegerField("letzter Vertrag")
    members = models.PositiveIntegerField("Personen")
    done_at = models.DateTimeField("fertig", null=True, blank=True)

    class Meta:
        verbose_name = "Laufabschnitt"
        verbose_name_plural = "Laufabschnitte"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "first_contract_id"], name="slice_unique")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_contract_id}-{self.last_contract_id}"


class Statement(models.Model):
    """Monthly statement of a contract. It has a number once its run is posted, and is then final.

    `notices_through`, `terms_through` and `contract_end` tell what the statement knew: the last
    notice, the last version of the terms, and the contract's last day. `issued_on` is also the
    day of the SEPA pre-notification. `total` is the sum of the lines and of `tax`, both in EUR;
    `tax_lines` says for each part of the premium what it is taxed with, or why it is exempt.
    """

    public_id = public_id()
    contract = models.ForeignKey(GroupContract, on_delete=models.PROTECT, related_name="statements")
    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="statements")
    month = models.DateField("Monat")
    number = models.CharField("Nummer", max_length=20, null=True, unique=True)
    total = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    tax = models.DecimalField(
        "Versicherungsteuer", max_digits=14, decimal_places=2, default=0, db_default=0
    )
    tax_lines = models.JSONField("Steuer je Beitragsteil", default=list, db_default=[])
    line_count = models.PositiveIntegerField("Zeilen")
    insured_count = models.PositiveIntegerField("Versicherte")
    payroll = models.DecimalField("Lohnsumme", max_digits=16, decimal_places=2)
    notices_through = models.BigIntegerField("Meldungen bis")
    terms_through = models.BigIntegerField("Vertragsstände bis", default=0, db_default=0)
    contract_end = models.DateField("bekanntes Vertragsende", null=True)
    issued_on = models.DateField("ausgestellt", null=True)
    due_date = models.DateField("fällig", null=True)

    class Meta:
        verbose_name = "Beitragsabrechnung"
        verbose_name_plural = "Beitragsabrechnungen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "run"], name="statement_unique"),
            # Target of the debit's composite foreign key: a debit cannot differ from its statement.
            models.UniqueConstraint(fields=["id", "total"], name="statement_id_total"),
        ]
        indexes: ClassVar = [models.Index(fields=["run"]), models.Index(fields=["due_date"])]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="statement_posted_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__number__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number or f"Vorschau {self.contract_id} {self.month:%Y-%m}"


class PremiumLine(models.Model):
    """What a run charges for one person and covered month: owed minus recorded before, in EUR.

    The table is partitioned by run and made by SQL in the migrations; lines come in by COPY.
    `covered_days`, `pay`, `band` and `tariff` tell from what the month's premium now follows;
    they are 0 and empty where the person is no longer covered in that month.
    """

    pk = models.CompositePrimaryKey("contract_id", "person_id", "covered_month", "run_id")
    contract = models.ForeignKey(GroupContract, on_delete=models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, related_name="premium_lines")
    covered_month = models.DateField("Monat")
    run = models.ForeignKey(BillingRun, on_delete=models.DO_NOTHING, related_name="lines")
    amount = models.DecimalField("Beitrag", max_digits=12, decimal_places=2)
    covered_days = models.PositiveSmallIntegerField("versicherte Tage")
    pay = models.DecimalField("Bemessungsentgelt", max_digits=12, decimal_places=2, null=True)
    band = models.PositiveSmallIntegerField("Lohnstufe", null=True)
    tariff = models.ForeignKey(
        TariffSnapshot, on_delete=models.DO_NOTHING, related_name="+", null=True
    )

    class Meta:
        verbose_name = "Beitragszeile"
        verbose_name_plural = "Beitragszeilen"
        managed = False

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.person_id} {self.covered_month:%Y-%m}"


class NumberSeries(models.Model):
    """Last number given in a series without gaps; locked while numbers are given."""

    key = models.CharField(max_length=40, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "Nummernkreis"
        verbose_name_plural = "Nummernkreise"

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
