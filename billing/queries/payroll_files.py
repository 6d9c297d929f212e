"""Files for payroll: what a new one would deliver, the ones there are, and their bytes.

What is delivered is owed minus delivered before, by the month that the value belongs to. Owed is
what all posted runs charged for the month by now; delivered is what the files before carried,
whatever their format, without those taken back. So a corrected month comes as a difference, and
all files of an employer add up to what is owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.kernel.sorting import BARE, MARKED
from aupolicy.models import Employer
from billing.exports.payroll.file import name_payroll_file, write_payroll_file
from billing.exports.payroll.values import UnableToWritePayrollFile
from billing.facts.payroll_file import PayrollFormat, PayrollLine, PayrollTarget, WrittenFile
from billing.models import BillingRun, PayrollFile, Statement
from billing.models import PayrollTarget as PayrollTargetRow
from billing.queries.benefit_in_kind import MONTHLY_LIMIT
from billing.rules.payroll_target import check_payroll_target

Params = dict[str, str | list[str]]


class UnableToMakePayrollFile(ValueError):
    """There is no file to make; nothing was written.

    Codes: NOTHING_BILLED (month; no posted statement), BEFORE_FIRST_MONTH (month, first; the
    settings begin later), NOTHING_NEW (month; all was delivered), TARGET_MISSING (format; nobody
    said where the values go), TARGET_INCOMPLETE (format, fields; names of fields of
    `PayrollTarget`), and, with `people` ("Nachname, Vorname (Personalnummer)"),
    PERSONNEL_NUMBERS, PERSONNEL_NUMBERS_ALIKE and CHARACTERS.
    """

    def __init__(self, code: str, **params: str | list[str]) -> None:
        # The code alone: params may name people, and messages end up in logs.
        super().__init__(code)
        self.code = code
        self.params: Params = params


@dataclass(frozen=True, slots=True)
class PayrollRow:
    """One person and month: what the file would add, and what was `delivered` before, EUR."""

    person_id: int
    line: PayrollLine
    delivered: Decimal


@dataclass(frozen=True, slots=True)
class PayrollPreview:
    """What a file made now would be; `outcome` is the file itself or what stops it.

    `target` is what the file follows, `saved` the employer's settings if there are any. `rows`
    has everybody with a value in the month, new or not, and every difference of an earlier month,
    by name and month.
    """

    month: Month
    saved: PayrollTarget | None
    target: PayrollTarget
    rows: Sequence[PayrollRow]
    number: int
    outcome: WrittenFile | UnableToMakePayrollFile

    def get_file(self) -> WrittenFile:
        """The file; raises the UnableToMakePayrollFile that stops it."""
        if isinstance(self.outcome, UnableToMakePayrollFile):
            raise self.outcome
        return self.outcome

    @property
    def problem(self) -> UnableToMakePayrollFile | None:
        """What stops the file, None if nothing does."""
        return self.outcome if isinstance(self.outcome, UnableToMakePayrollFile) else None

    @property
    def new_rows(self) -> list[PayrollRow]:
        """What would stand in the file."""
        return [row for row in self.rows if row.line.amount]

    @property
    def people(self) -> int:
        """How many people the file would name."""
        return len({row.person_id for row in self.new_rows})

    @property
    def amount(self) -> Decimal:
        """What the file would add up to, EUR."""
        return total(row.line.amount for row in self.rows)

    @property
    def corrections(self) -> int:
        """How many differences of earlier months are in it."""
        return sum(row.line.value_month < self.month for row in self.new_rows)

    @property
    def over_limit(self) -> int:
        """How many people have a value of the month that alone is beyond the limit."""
        return sum(
            row.line.is_over_limit and row.line.value_month == self.month for row in self.rows
        )


def get_payroll_target(employer: Employer) -> PayrollTarget | None:
    """What the employer's people said about its payroll program; None if nothing yet."""
    row = PayrollTargetRow.objects.filter(employer=employer).first()
    if row is None:
        return None
    return PayrollTarget(
        file_format=PayrollFormat(row.file_format),
        wage_type=row.wage_type,
        consultant_number=row.consultant_number,
        client_number=row.client_number,
        processing_key=row.processing_key,
        cost_centre=row.cost_centre,
        first_month=Month.of(row.first_month) if row.first_month else None,
    )


def preview_payroll_file(
    *, employer: Employer, month: Month, file_format: PayrollFormat | None = None
) -> PayrollPreview:
    """What a file of a month would be now: written in full, and kept nowhere.

    Without a format the one of the employer's settings is meant, without settings plain CSV,
    which needs none.
    """
    saved = get_payroll_target(employer)
    wanted = file_format or (saved.file_format if saved else PayrollFormat.CSV)
    target = replace(saved, file_format=wanted) if saved else PayrollTarget(wanted)
    number = PayrollFile.objects.filter(employer=employer).count() + 1
    rows: list[PayrollRow] = []
    try:
        _check_month(employer, month, target)
        rows = _list_rows(employer, month, target.first_month)
        _check_target(target, is_saved=saved is not None)
        file = _write(target, month, number, [row.line for row in rows if row.line.amount])
    except UnableToMakePayrollFile as problem:
        return PayrollPreview(month, saved, target, rows, number, problem)
    return PayrollPreview(month, saved, target, rows, number, file)


def list_payroll_files(employer: Employer) -> QuerySet[PayrollFile]:
    """An employer's files, the newest first, with who made them and who took them back."""
    files = PayrollFile.objects.filter(employer=employer)
    return files.select_related("created_by", "withdrawal").order_by("-number")


def read_payroll_file(file: PayrollFile) -> bytes:
    """The file as it was made, byte for byte."""
    return FileStore(settings.FILES_ROOT).get(file.sha256)


def get_file_name(file: PayrollFile) -> str:
    """What the file is called when it is downloaded."""
    return name_payroll_file(PayrollFormat(file.file_format), Month.of(file.month), file.number)


def _check_month(employer: Employer, month: Month, target: PayrollTarget) -> None:
    billed = Statement.objects.filter(
        contract__employer=employer,
        month=month.first_day,
        number__isnull=False,
        run__kind=BillingRun.PREMIUM,
    )
    if not billed.exists():
        raise UnableToMakePayrollFile("NOTHING_BILLED", month=str(month))
    first = target.first_month
    if first is not None and month < first:
        raise UnableToMakePayrollFile("BEFORE_FIRST_MONTH", month=str(month), first=str(first))


def _check_target(target: PayrollTarget, *, is_saved: bool) -> None:
    fields = check_payroll_target(target)
    if fields and not is_saved:
        raise UnableToMakePayrollFile("TARGET_MISSING", format=target.file_format.value)
    if fields:
        raise UnableToMakePayrollFile(
            "TARGET_INCOMPLETE", format=target.file_format.value, fields=list(fields)
        )


def _write(
    target: PayrollTarget, month: Month, number: int, lines: Sequence[PayrollLine]
) -> WrittenFile:
    if not lines:
        raise UnableToMakePayrollFile("NOTHING_NEW", month=str(month))
    try:
        return write_payroll_file(target=target, month=month, number=number, lines=lines)
    except UnableToWritePayrollFile as error:
        people = [f"{p.last_name}, {p.first_name} ({p.personnel_number})" for p in error.people]
        raise UnableToMakePayrollFile(error.code, people=people) from error


# Both sides are added up in one pass, without a join of two large sets. The year's sum goes
# through the month of the row: what was delivered, with what is new.
_ROWS = """
WITH told AS (
    SELECT l.person_id, l.covered_month AS month, l.amount AS value, 0 AS delivered
    FROM billing_premiumline l
    JOIN aupolicy_groupcontract c ON c.id = l.contract_id AND c.employer_id = %(employer)s
    JOIN billing_billingrun r ON r.id = l.run_id AND r.kind = %(kind)s
    WHERE l.covered_month BETWEEN %(first)s AND %(month)s
    UNION ALL
    SELECT d.person_id, d.value_month, 0, d.amount
    FROM billing_payrollfile f
    JOIN billing_payrollfileline d ON d.file_id = f.id
    WHERE f.employer_id = %(employer)s AND d.value_month <= %(month)s AND NOT EXISTS (
        SELECT FROM billing_payrollfilewithdrawal w WHERE w.file_id = f.id)
), compared AS (
    SELECT person_id, date_part('year', month) AS year, month, SUM(value) AS value,
           SUM(delivered) AS delivered
    FROM told GROUP BY person_id, date_part('year', month), month
), summed AS (
    SELECT person_id, month, value, delivered,
           CASE WHEN month < %(first)s THEN 0 ELSE value - delivered END AS new,
           SUM(CASE WHEN month < %(first)s THEN delivered ELSE value END) OVER (
               PARTITION BY person_id, year ORDER BY month ROWS UNBOUNDED PRECEDING) AS year_sum
    FROM compared
)
SELECT p.id, p.personnel_number, p.last_name, p.first_name, s.month, s.value, s.delivered, s.new,
       s.year_sum
FROM summed s JOIN members_person p ON p.id = s.person_id
WHERE s.new <> 0 OR (s.month = %(month)s AND s.value <> 0)
ORDER BY lower(translate(p.last_name, %(marked)s, %(bare)s)),
         lower(translate(p.first_name, %(marked)s, %(bare)s)), p.personnel_number, s.month
"""


def _list_rows(employer: Employer, month: Month, first: Month | None) -> list[PayrollRow]:
    months = cache(Month.of)
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "employer": employer.pk,
                "kind": BillingRun.PREMIUM,
                "month": month.first_day,
                "first": first.first_day if first else date.min,
                "marked": MARKED,
                "bare": BARE,
            },
        )
        return [
            PayrollRow(
                person_id,
                PayrollLine(
                    personnel_number=number,
                    value_month=months(day),
                    amount=new,
                    last_name=last_name,
                    first_name=first_name,
                    month_value=value,
                    year_sum=year_sum,
                    is_over_limit=value > MONTHLY_LIMIT,
                ),
                delivered,
            )
            for (
                person_id, number, last_name, first_name, day, value, delivered, new, year_sum
            ) in cursor.fetchall()
        ]  # fmt: skip
