"""The demonstration: three constructed employers from a signed contract to the bank file.

Every step calls the operation that the portal and the commands call, and finds what an earlier
demonstration has done already.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, GroupContract, User
from aupolicy.operations import register_broker
from billing.models import BillingRun, Collection, Statement
from billing.operations import create_collections, request_posting, start_run
from billing.operations.collection_files import read_file
from billing.operations.collection_release import release_collection
from billing.operations.contracts import record_contract
from billing.parsing.contract_file import ContractEntry, parse_contracts
from billing.queries.creditor import get_creditor
from documents.models import Document
from documents.operations import (
    issue_confirmations,
    issue_mandate_form,
    issue_statement,
    zip_papers,
)
from documents.queries import document_path
from members.facts import NoticeStatus
from members.operations import apply_notices
from members.parsing.notice_file import Defaults, parse_notices

EXAMPLES = Path(settings.BASE_DIR) / "examples"
Progress = Callable[[int, int], None]


class DemonstrationFailed(RuntimeError):
    """The constructed files no longer fit the product; the message says where."""


@dataclass(frozen=True, slots=True)
class Example:
    """One employer of the examples with its contract and whether both are new."""

    contract: GroupContract
    created: bool


def load_employers(today: date) -> list[Example]:
    """Sign the contracts, apply the payrolls and record the mandates that are not there yet.

    The contracts begin with the current month, so that the portal has something to show today.
    """
    file = parse_contracts((EXAMPLES / "employers.yaml").read_bytes())
    broker = register_broker(Broker(**file.broker)) if file.broker else None
    start = Month.of(today).first_day
    return [_load_employer(entry, broker, start, today) for entry in file.entries]


def _load_employer(
    entry: ContractEntry, broker: Broker | None, start: date, today: date
) -> Example:
    existing = GroupContract.objects.filter(number=entry.number).first()
    if existing is not None:
        return Example(existing, created=False)
    with transaction.atomic():
        contract = record_contract(
            entry,
            broker=broker,
            start=start,
            signed_on=today,
            creditor_identifier=settings.INSURER["creditor_identifier"],
        )
        insure(contract, entry.payroll, contract.period.first_day, received_at=timezone.now())
    return Example(contract, created=True)


def insure(contract: GroupContract, payroll: str, start: date, *, received_at: datetime) -> None:
    """Everybody of a payroll among the examples from a day on. Raises DemonstrationFailed."""
    defaults = Defaults(received_at=received_at, effective=start)
    notices = parse_notices((EXAMPLES / payroll).read_bytes(), defaults=defaults)
    report = apply_notices(contract=contract, notices=notices, source_name=payroll)
    if report.count(NoticeStatus.APPLIED) != len(notices):
        raise DemonstrationFailed(f"{payroll}: not every row can be insured")


def bill(month: Month, send_work: Callable[[BillingRun], None]) -> tuple[BillingRun, bool]:
    """Start the run of the month, meant to be posted; True when there was none before."""
    run = start_run(month=month, now=timezone.now(), post=True)
    new = run.posted_at is None
    if new:
        run = request_posting(run=run, now=timezone.now())
        send_work(run)
    return run, new


def collect(run: BillingRun, folder: Path, release_by: User) -> tuple[list[Path], bool]:
    """Collect the statements of the run and write the bank files; True when they are new.

    The product makes the files, so that one person, who may release them, is two with it.
    """
    due = max(s.due_date for s in Statement.objects.filter(run=run) if s.due_date is not None)
    report = create_collections(due=due, now=timezone.now(), creditor=get_creditor())
    made = Collection.objects.filter(items__open_item__statement__run=run)
    collections = made.distinct().order_by("id")
    files = []
    for collection in collections:
        if collection.released_at is None:
            release_collection(collection=collection, user=release_by, now=timezone.now())
        path = folder / f"{collection.message_id}.xml"
        _write(path, read_file(collection))
        files.append(path)
    return files, bool(report.created)


def write_statements(run: BillingRun, folder: Path) -> tuple[list[Path], int]:
    """Set the statement letters of the run; also says how many are new."""
    files, created = [], 0
    statements = run.statements.select_related("contract__employer").order_by("number")
    for statement in statements:
        report = issue_statement(statement=statement)
        created += report.created
        files += [_copy(document, folder / "statements") for document in report.documents]
    return files, created


def write_confirmations(
    contract: GroupContract, folder: Path, progress: Progress
) -> tuple[int, Path, int]:
    """Set both copies for everybody; gives their count, the ZIP and how many are new."""
    as_of = contract.period.first_day
    report = issue_confirmations(contract=contract, as_of=as_of, progress=progress)
    archive = folder / "confirmations" / f"{contract.number}.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    zip_papers(contract=contract, as_of=as_of, out=archive)
    return len(report.documents), archive, report.created


def write_mandate_forms(contract: GroupContract, folder: Path) -> list[Path]:
    """Set the mandate forms of a contract."""
    documents = [
        document
        for mandate in contract.mandates.all()
        for document in issue_mandate_form(mandate=mandate).documents
    ]
    return [_copy(document, folder / "mandates") for document in documents]


def describe(
    month: Month,
    examples: list[Example],
    collection_files: list[Path],
    statements: list[Path],
    confirmations: dict[str, Any],
) -> dict[str, Any]:
    """The summary: what is insured, what it costs and where every file lies."""
    employers = []
    for example in examples:
        statement = Statement.objects.get(
            contract=example.contract, month=month.first_day, number__isnull=False
        )
        employers.append(
            {
                "name": example.contract.employer.legal_name,
                "insured": statement.insured_count,
                "payroll": str(statement.payroll),
                "premium": str(statement.total),
            }
        )
    return {
        "month": str(month),
        "employers": employers,
        "premium_total": str(total(_premiums(month, examples))),
        "collection_file": shown(collection_files[0]),
        "statements": [shown(path) for path in statements],
        "confirmations": {
            "count": confirmations["count"],
            "papers": confirmations["papers"],
            "zip": [shown(path) for path in confirmations["zip"]],
        },
    }


def shown(path: Path) -> str:
    """A path relative to the project where it lies in it."""
    base = Path(settings.BASE_DIR)
    return str(path.relative_to(base) if path.is_relative_to(base) else path)


def _premiums(month: Month, examples: list[Example]) -> list[Any]:
    contracts = [example.contract for example in examples]
    found = Statement.objects.filter(
        contract__in=contracts, month=month.first_day, number__isnull=False
    )
    return list(found.values_list("total", flat=True))


def write_summary(summary: dict[str, Any], path: Path) -> None:
    """Write the summary as JSON."""
    _write(path, (json.dumps(summary, ensure_ascii=False, indent=2) + "\n").encode())


def _copy(document: Document, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / document.file_name
    shutil.copyfile(document_path(document), path)
    return path


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
