"""An independent bank: collected, submitted, refused by debtors' banks, its own files read back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from aupolicy.kernel.file_store import FileStore
from billing.models import BankEntry, Collection, CollectionItem, MandateStop, ReturnedDebit
from billing.operations import create_collections
from tests.bank.world import DUE, JAN, check_audit, insure, receive, sum_account
from tests.laws.world import at, bill, creditor, give_mandate, settle
from tests.mockbank import running_mock_bank
from tests.parsing.bank_samples import OUR_IBAN

pytestmark = pytest.mark.django_db
REASONS = ("MD01", "MS03", "MD06")


def test_what_a_bank_answers_is_booked(tmp_path: Path) -> None:
    for pay in ("2400", "6000", "2400", "6000"):
        give_mandate(insure(pay), signed_on=JAN)
    bill("2026-01")
    # An account of ours that no debtor has: the bank knows those it keeps.
    create_collections(due=DUE, now=at(JAN), creditor=replace(creditor(), iban=OUR_IBAN))
    settle()
    collection = Collection.objects.get()
    content = FileStore(Path(settings.FILES_ROOT)).get(collection.file_sha256)
    debits = list(CollectionItem.objects.order_by("pk"))
    with running_mock_bank(tmp_path, bank_time="2026-01-05T09:00") as bank:
        bank.open_account(iban=OUR_IBAN, name="Versicherer")
        assert bank.submit(content).status == 202
        bank.advance(days=14)
        for debit, reason in zip(debits, REASONS, strict=False):
            assert bank.refuse(debit.end_to_end_id, reason=reason).status < 300
        bank.advance(days=2)
        told = [
            message.encode()
            for kind in ("pain.002", "camt.054", "camt.053")
            for message in bank.messages(kind)
        ]
    for number, message in enumerate(told):
        receive(message, on=date(2026, 2, 2), name=f"{number}.xml")
    assert not BankEntry.objects.filter(outcome="unclear").exists()
    returned = ReturnedDebit.objects.order_by("debit").values_list("reason_code", flat=True)
    assert tuple(returned) == REASONS
    assert sum_account("1360") == 0
    assert sum_account("1200") == debits[3].amount
    # Without a mandate and against the payer's will nothing more is collected.
    stopped = MandateStop.objects.order_by("debit").values_list("debit__end_to_end_id", flat=True)
    assert list(stopped) == [debits[0].end_to_end_id, debits[2].end_to_end_id]
    check_audit()
