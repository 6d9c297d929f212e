"""Files for payroll programs as programs read them."""

from typing import Any

from django.db.models import QuerySet

from api.facts import Problem
from api.queries.contracts import list_employers, parse_key
from aupolicy.models import Employer
from aupolicy.queries.access import Rights
from billing.models import PayrollFile
from billing.queries.payroll_files import get_file_name


def list_files(employer: Employer) -> QuerySet[PayrollFile]:
    """An employer's files in the order they were made."""
    return _files().filter(employer=employer).order_by("pk")


def find_file(rights: Rights, name: str) -> PayrollFile:
    """The file of an id. Raises Problem (404)."""
    key, own = parse_key(name), _files().filter(employer__in=list_employers(rights))
    found = own.filter(public_id=key).first() if key else None
    if found is None:
        raise Problem(404, "NOT_FOUND")
    return found


def _files() -> QuerySet[PayrollFile]:
    return PayrollFile.objects.select_related("employer", "withdrawal")


def write_file(file: PayrollFile) -> dict[str, Any]:
    """A file as an answer tells it."""
    return {
        "id": file.public_id,
        "employer": file.employer.public_id,
        "number": file.number,
        "month": f"{file.month:%Y-%m}",
        "format": file.file_format,
        "created_at": file.created_at.replace(microsecond=0),
        "people": file.people,
        "amount": file.amount,
        "name": get_file_name(file),
        "byte_count": file.byte_count,
        "sha256": file.sha256,
        "withdrawn": hasattr(file, "withdrawal"),
    }
