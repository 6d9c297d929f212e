"""The demonstration's past: months of one employer, and a current month that still adds up."""

from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from aupolicy.kernel.month import Month
from billing.models import (
    ArrearsStep,
    BankEntry,
    ClosedMonth,
    CommissionStatement,
    OpenItem,
    Outcome,
    WriteOff,
)
from billing.parsing.bank_files import stream_bank_file
from billing.queries.audit import audit_ledger
from config.demonstration import bill, collect, load_employers
from config.demonstration_money import close_books, play_months
from config.demonstration_rooms import provide_clerk
from tests.flows.test_main_job import CONTROL_SUM, work

pytestmark = pytest.mark.django_db


def test_the_past_is_right_and_leaves_the_current_file_as_it_is(tmp_path: Path) -> None:
    today = timezone.localdate()
    assert play_months(today, tmp_path)
    load_employers(today)
    run, _ = bill(Month.of(today), work)
    files, _ = collect(run, tmp_path, provide_clerk(today))
    assert close_books(today)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert [f"<CtrlSum>{CONTROL_SUM}</CtrlSum>" in each.read_text() for each in files] == [True]
    audit = audit_ledger()
    assert audit.is_clean, audit.differences
    assert set(BankEntry.objects.values_list("outcome", flat=True)) == {
        Outcome.SETTLEMENT, Outcome.RETURNED_DEBIT, Outcome.RECEIPT, Outcome.UNCLEAR
    }  # fmt: skip
    steps = list(ArrearsStep.objects.order_by("pk").values_list("kind", flat=True))
    assert steps == ["PAYMENT_REQUEST", "PAID", "PAYMENT_REQUEST", "STOP"]
    assert WriteOff.objects.get().open_item.kind == OpenItem.Kind.BANK_FEE
    assert CommissionStatement.objects.count() >= 3
    sent = sorted((tmp_path / "bank").iterdir())
    assert all("Constructed" in each.read_text() for each in sent)
    assert all(list(stream_bank_file(each.read_bytes())) for each in sent)

    assert not play_months(today, tmp_path)
    assert not close_books(today)
    assert ClosedMonth.objects.count() == 1
