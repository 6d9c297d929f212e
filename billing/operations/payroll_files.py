"""Files for payroll: what an employer says of its program, the files, and taking one back."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.month import Month
from aupolicy.models import Employer, User
from aupolicy.operations.bulk import insert_rows
from billing.facts.payroll_file import PayrollFormat, PayrollTarget
from billing.models import PayrollFile, PayrollFileLine, PayrollFileWithdrawal
from billing.models import PayrollTarget as PayrollTargetRow
from billing.queries.payroll_files import (
    PayrollPreview,
    UnableToMakePayrollFile,
    preview_payroll_file,
)
from billing.rules.payroll_target import check_payroll_target

__all__ = [
    "UnableToMakePayrollFile",
    "UnableToSavePayrollTarget",
    "UnableToWithdrawPayrollFile",
    "create_payroll_file",
    "save_payroll_target",
    "withdraw_payroll_file",
]

# Any number; with the employer's it has to be nobody else's among the advisory locks.
_FILE_LOCK = 6_820_021
_INT4 = 2**31


class UnableToSavePayrollTarget(ValueError):
    """Settings that the payroll program would not take; `fields` says which.

    Code: TARGET_INCOMPLETE (format, fields; missing or out of range).
    """

    def __init__(self, target: PayrollTarget, fields: tuple[str, ...]) -> None:
        super().__init__(f"TARGET_INCOMPLETE: {fields}")
        self.code = "TARGET_INCOMPLETE"
        self.params: dict[str, str | list[str]] = {
            "format": target.file_format.value,
            "fields": list(fields),
        }
        self.fields = fields


class UnableToWithdrawPayrollFile(ValueError):
    """A file cannot be taken back. Code: WITHDRAWN (it was before)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


def save_payroll_target(
    *, employer: Employer, target: PayrollTarget, by: User | None, now: datetime
) -> PayrollTargetRow:
    """Keep what the employer says of its payroll program; what it said before is in the history.

    Raises UnableToSavePayrollTarget.
    """
    if fields := check_payroll_target(target):
        raise UnableToSavePayrollTarget(target, fields)
    row, _created = PayrollTargetRow.objects.update_or_create(
        employer=employer,
        defaults={
            "file_format": target.file_format.value,
            "wage_type": target.wage_type,
            "consultant_number": target.consultant_number,
            "client_number": target.client_number,
            "processing_key": target.processing_key,
            "cost_centre": target.cost_centre,
            "first_month": target.first_month.first_day if target.first_month else None,
            "changed_by": by,
            "changed_at": now,
        },
    )
    return row


def create_payroll_file(
    *, employer: Employer, month: Month, file_format: PayrollFormat, by: User | None, now: datetime
) -> PayrollFile:
    """Make the file of a month: everything up to it that no file delivered yet.

    The bytes are in the store when the row is there. A second call finds nothing new; of two at
    once one makes the file. Raises UnableToMakePayrollFile; then nothing is written.
    """
    with transaction.atomic():
        _lock_files(employer)
        preview = preview_payroll_file(employer=employer, month=month, file_format=file_format)
        content = preview.get_file().content
        file = PayrollFile.objects.create(
            employer=employer,
            month=month.first_day,
            file_format=file_format.value,
            number=preview.number,
            created_at=now,
            created_by=by,
            sha256=FileStore(settings.FILES_ROOT).put(content),
            byte_count=len(content),
            people=preview.people,
            amount=preview.amount,
        )
        _record_lines(file, preview)
    return file


def withdraw_payroll_file(
    *, file: PayrollFile, by: User | None, now: datetime
) -> PayrollFileWithdrawal:
    """Take back a file that payroll never took in: the next one delivers it again.

    Raises UnableToWithdrawPayrollFile.
    """
    with transaction.atomic():
        _lock_files(file.employer)
        if PayrollFileWithdrawal.objects.filter(file=file).exists():
            raise UnableToWithdrawPayrollFile("WITHDRAWN")
        return PayrollFileWithdrawal.objects.create(file=file, withdrawn_at=now, withdrawn_by=by)


def _lock_files(employer: Employer) -> None:
    """An employer's files are made one after the other: each must see what is delivered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_FILE_LOCK, employer.pk % _INT4])


def _record_lines(file: PayrollFile, preview: PayrollPreview) -> None:
    rows = [
        (row.person_id, file.pk, row.line.value_month.first_day, row.line.amount)
        for row in preview.new_rows
    ]
    names = ("person_id", "file_id", "value_month", "amount")
    insert_rows(PayrollFileLine, names, rows)
    with connection.cursor() as cursor:
        # The database compares file and lines now, while whose rows are seen is still the same.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
