"""Keys of rows that exist, for every kind of key in an address of the API."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from api.models import Job
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.month import Month
from aupolicy.models import ApiClient
from billing.facts.payroll_file import PayrollFormat, PayrollTarget
from billing.models import Statement
from billing.operations.payroll_files import create_payroll_file, save_payroll_target
from claims.facts import Channel
from claims.operations.leaves import report_leave
from documents.facts import DocumentKind
from documents.models import Document
from members.models import Membership, NoticeRecord
from tests.api.conftest import Programs

Examples = dict[str, str]
# A name that nobody of another employer has.
UNLIKE_OTHERS = "Einzigartig"


def make_examples(programs: Programs, now: datetime) -> Examples:
    """One row of the first employer for every kind of key, by the name it has in addresses."""
    contract = programs.world.contract
    membership = Membership.objects.filter(contract=contract).earliest("pk")
    statement = Statement.objects.filter(contract=contract, number__isnull=False).latest("month")
    person = membership.person
    person.last_name = UNLIKE_OTHERS
    person.save()
    notice = NoticeRecord.objects.filter(contract=contract).earliest("pk")
    _make_paper(DocumentKind.STATEMENT, statement=statement, contract=contract)
    confirmation = _make_paper(DocumentKind.CONFIRMATION, membership=membership, contract=contract)
    reported = report_leave(
        person=person, first_day=programs.today, channel=Channel.API, user=None, now=now
    )
    target = PayrollTarget(PayrollFormat.CSV, wage_type="7000")
    save_payroll_target(employer=contract.employer, target=target, by=None, now=now)
    file = create_payroll_file(
        employer=contract.employer,
        month=Month.of(statement.month),
        file_format=PayrollFormat.CSV,
        by=None,
        now=now,
    )
    return {
        "notice_id": str(notice.public_id),
        "personnel_number": person.personnel_number,
        "contract_id": contract.number,
        "statement_id": str(statement.public_id),
        "person_id": str(person.public_id),
        "covered_month": f"{statement.month:%Y-%m}",
        "confirmation_id": str(confirmation.public_id),
        "file_id": str(file.public_id),
        "leave_id": str(reported.sick_leave.public_id),
        "job_id": str(_make_job(programs, now).pk),
    }


def _make_paper(kind: DocumentKind, **about: Any) -> Document:
    content = b"%PDF-1.7 constructed"
    return Document.objects.create(
        kind=kind.value,
        source_digest="0" * 64,
        sha256=FileStore(Path(settings.FILES_ROOT)).put(content),
        byte_count=len(content),
        file_name="Beispiel.pdf",
        **about,
    )


def _make_job(programs: Programs, now: datetime) -> Job:
    client = ApiClient.objects.get(keys__prefix=programs.employer.key[:12])
    return Job.objects.create(
        client=client,
        contract=programs.world.contract,
        kind=Job.Kind.WORKFORCE,
        state=Job.State.RECEIVED,
        effective=programs.today,
        created_at=now,
    )
