"""The main job as a story: from the payroll files to the bank's answer and the letters."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from lxml import etree
from pypdf import PdfReader

from aupolicy.kernel.month import Month
from aupolicy.models import User
from billing.exports.pain008_check import read_control, validate_against_schema
from billing.models import (
    BillingRun,
    Collection,
    CollectionItem,
    LedgerEntry,
    PremiumLine,
    Statement,
)
from billing.operations import fill_slice, post_run
from config.demonstration import Example, bill, collect, load_employers, write_statements
from config.demonstration_rooms import provide_clerk
from documents.operations import issue_confirmations, issue_mandate_form
from documents.queries import read_document
from tests.mockbank import running_mock_bank

pytestmark = pytest.mark.django_db
CONTROL_SUM = Decimal("6245.70")


def work(run: BillingRun) -> None:
    """What a worker does with a run."""
    while fill_slice(run=run, now=timezone.now()):
        pass
    post_run(run=run, now=timezone.now())


@pytest.fixture
def story() -> tuple[list[Example], BillingRun]:
    """The three employers of the examples, billed for their first month."""
    today = timezone.localdate()
    examples = load_employers(today)
    run, new = bill(Month.of(today), work)
    assert new
    return examples, BillingRun.objects.get(pk=run.pk)


@pytest.fixture
def clerk() -> User:
    return provide_clerk(timezone.localdate())


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_lines_statements_ledger_debits_and_control_sum_are_one_sum(
    story: tuple[list[Example], BillingRun], tmp_path: Path, clerk: User
) -> None:
    _, run = story
    (path,), new = collect(run, tmp_path, clerk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    receivable = LedgerEntry.objects.filter(account=LedgerEntry.RECEIVABLE)
    sums = {
        "lines": PremiumLine.objects.filter(run=run).aggregate(s=Sum("amount"))["s"],
        "statements": Statement.objects.filter(run=run).aggregate(s=Sum("total"))["s"],
        "booked": receivable.filter(amount__gt=0).aggregate(s=Sum("amount"))["s"],
        "debits": CollectionItem.objects.aggregate(s=Sum("amount"))["s"],
        "collection": Collection.objects.get().control_sum,
        "file": read_control(path)[1],
        "amounts in the file": read_control(path)[2],
    }
    assert new
    assert sums == dict.fromkeys(sums, CONTROL_SUM)
    assert LedgerEntry.objects.aggregate(s=Sum("amount"))["s"] == 0
    in_transit = LedgerEntry.objects.filter(account=LedgerEntry.IN_TRANSIT)
    assert in_transit.aggregate(s=Sum("amount"))["s"] == CONTROL_SUM


def test_the_bank_takes_the_file(
    story: tuple[list[Example], BillingRun], tmp_path: Path, clerk: User
) -> None:
    _, run = story
    (path,), _ = collect(run, tmp_path, clerk)
    with path.open("rb") as file:
        validate_against_schema(file)
    bank_time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M")
    with running_mock_bank(tmp_path, bank_time=bank_time) as bank:
        bank.open_account(iban=settings.INSURER["iban"], name=settings.INSURER["name"])
        assert bank.submit(path.read_bytes()).status == 202
        debits = bank.collections()
        (answer,) = bank.messages("pain.002")
    statements = Statement.objects.filter(run=run)
    assert set(debits) == {statement.number for statement in statements}
    root = etree.fromstring(answer.encode())
    assert root.findtext(".//{*}GrpSts") in {"ACCP", "ACSP", "ACTC"}


def test_the_story_told_again_changes_nothing(
    story: tuple[list[Example], BillingRun], tmp_path: Path, clerk: User
) -> None:
    _, run = story
    (path,), _ = collect(run, tmp_path, clerk)
    first = path.read_bytes()
    counts = (Statement.objects.count(), LedgerEntry.objects.count(), PremiumLine.objects.count())
    today = timezone.localdate()
    assert not any(example.created for example in load_employers(today))
    again, new_run = bill(Month.of(today), work)
    files, new_files = collect(again, tmp_path, clerk)
    assert (again, new_run, files, new_files) == (run, False, [path], False)
    assert path.read_bytes() == first
    assert counts == (
        Statement.objects.count(),
        LedgerEntry.objects.count(),
        PremiumLine.objects.count(),
    )


def test_every_paper_says_the_right_sums(
    story: tuple[list[Example], BillingRun], tmp_path: Path
) -> None:
    examples, run = story
    salon = examples[0].contract
    files, created = write_statements(run, tmp_path)
    assert created == len(files) == 3
    texts = [text_of(path.read_bytes()) for path in files]
    for text, (premium, insured) in zip(
        texts, [("76,70", "6"), ("249,00", "15"), ("5.920,00", "400")], strict=True
    ):
        assert premium in text
        assert insured in text
    report = issue_confirmations(contract=salon, as_of=salon.period.first_day, processes=1)
    assert len(report.documents) == 12
    confirmations = [text_of(read_document(document)) for document in report.documents]
    assert sum("470,00" in text for text in confirmations) == 2
    assert sum("335,00" in text for text in confirmations) == 8
    (mandate,) = issue_mandate_form(mandate=salon.mandates.get()).documents
    assert settings.INSURER["creditor_identifier"] in text_of(read_document(mandate))
