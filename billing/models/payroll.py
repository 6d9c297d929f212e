"""Files for employers' payroll programs: what they are to look like, and what they delivered."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from aupolicy.models import Employer, User, append_only, public_id, rows_kept
from members.models import Person

FORMATS = [
    ("lodas", "DATEV LODAS"),
    ("lug", "DATEV Lohn und Gehalt"),
    ("lexware", "Lexware lohn+gehalt"),
    ("sage", "Sage"),
    ("personio", "Personio"),
    ("csv", "CSV"),
]

# Once a file, over all of its lines: what it says of itself is what they add up to.
_PROVE_FILE = """
IF EXISTS (
    SELECT 1 FROM (
        SELECT COALESCE(SUM(l.amount), 0) AS amount, COUNT(DISTINCT l.person_id) AS people
        FROM billing_payrollfileline l WHERE l.file_id = NEW.id
    ) s WHERE s.amount <> NEW.amount OR s.people <> NEW.people
) THEN
    RAISE EXCEPTION 'payroll file %: its lines differ from its sum', NEW.id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class PayrollTarget(models.Model):
    """Where an employer's values go in its payroll program, as somebody there gave it.

    See `billing.facts.payroll_file.PayrollTarget`; `first_month` is a month's first day. The
    states before are in the history.
    """

    employer = models.OneToOneField(
        Employer, on_delete=models.PROTECT, related_name="payroll_target"
    )
    file_format = models.CharField("Format", max_length=10, choices=FORMATS)
    wage_type = models.CharField("Lohnart", max_length=60, blank=True)
    consultant_number = models.PositiveIntegerField("Beraternummer", null=True, blank=True)
    client_number = models.PositiveIntegerField("Mandantennummer", null=True, blank=True)
    processing_key = models.PositiveSmallIntegerField("Bearbeitungsschlüssel", null=True)
    cost_centre = models.CharField("Kostenstelle", max_length=20, blank=True)
    first_month = models.DateField("erster Monat", null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("geändert")

    class Meta:
        verbose_name = "Einstellungen der Lohndatei"
        verbose_name_plural = "Einstellungen der Lohndateien"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payroll_target_numbers",
                condition=(Q(consultant_number=None) | Q(consultant_number__range=(1, 9_999_999)))
                & (Q(client_number=None) | Q(client_number__range=(1, 99_999)))
                & (Q(processing_key=None) | Q(processing_key__range=(1, 99))),
            )
        ]
        triggers: ClassVar = [rows_kept("payroll_targets_are_kept")]

    def __str__(self) -> str:
        return f"{self.employer_id}: {self.file_format}"


class PayrollFile(models.Model):
    """A file for payroll (Lohndatei): what was not delivered before, up to a month, EUR.

    `number` counts an employer's files. The file lies in the store under its SHA-256, `amount`
    and `people` are the sums of its lines.
    """

    public_id = public_id()
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="payroll_files")
    month = models.DateField("Monat")
    file_format = models.CharField("Format", max_length=10, choices=FORMATS)
    number = models.PositiveIntegerField("Nummer")
    created_at = models.DateTimeField("erstellt")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64)
    byte_count = models.PositiveIntegerField("Größe in Byte")
    people = models.PositiveIntegerField("Personen")
    amount = models.DecimalField("Summe", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Lohndatei"
        verbose_name_plural = "Lohndateien"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employer", "number"], name="payroll_file_number_unique"
            ),
            models.CheckConstraint(name="payroll_file_has_people", condition=Q(people__gt=0)),
        ]
        triggers: ClassVar = [
            append_only("payroll_file_append_only"),
            pgtrigger.Trigger(
                name="payroll_file_proof",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_PROVE_FILE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id}/{self.number}"


class PayrollFileLine(models.Model):
    """What a file delivered for a person and the month that the value belongs to, EUR."""

    file = models.ForeignKey(PayrollFile, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    value_month = models.DateField("Monat des Werts")
    amount = models.DecimalField("Betrag", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = "Zeile der Lohndatei"
        verbose_name_plural = "Zeilen der Lohndateien"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file", "person", "value_month"], name="payroll_file_line_unique"
            ),
            models.CheckConstraint(name="payroll_file_line_amount", condition=~Q(amount=0)),
        ]
        triggers: ClassVar = [append_only("payroll_file_line_append_only")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.person_id} {self.value_month:%Y-%m}"


class PayrollFileWithdrawal(models.Model):
    """A file that payroll never took in: what it delivered is to be delivered again."""

    file = models.OneToOneField(PayrollFile, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField("zurückgenommen")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "zurückgenommene Lohndatei"
        verbose_name_plural = "zurückgenommene Lohndateien"
        triggers: ClassVar = [append_only("payroll_file_withdrawal_append_only")]

    def __str__(self) -> str:
        return f"{self.file_id}"
