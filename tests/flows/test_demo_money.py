import time, tempfile
from pathlib import Path
from datetime import date
import pytest
from django.utils import timezone
from config.demonstration_money import play_months, close_books
from billing.models import *
from billing.queries.audit import audit_ledger
from billing.queries.open_items import get_open_amount
pytestmark = pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026,11,22), date(2026,11,1), date(2026,3,31), date(2026,8,14)])
def test_it(tmp_path, today):
    t=time.time()
    assert play_months(today, tmp_path)
    print("took", time.time()-t)
    for i in OpenItem.objects.all(): print(i.number, i.kind, i.amount, get_open_amount(i), i.due_date)
    for s in ArrearsStep.objects.order_by("pk"): print(s.case_id, s.day, s.kind, s.deadline)
    for e in BankEntry.objects.all(): print(e.booked_on if hasattr(e,'booked_on') else '', e.amount, e.outcome)
    for e in MandateStop.objects.all(): print(e.kind, e.from_day, e.reason)
    for e in CommissionStatement.objects.all(): print(e.month, e.total)
    for e in WriteOff.objects.all(): print(e.amount)
    print(list(CollectionItem.objects.values_list("amount","amendment")))
    t=time.time(); assert close_books(today); print("close", time.time()-t, ClosedMonth.objects.count())
    assert not play_months(today, tmp_path) and not close_books(today)
    a=audit_ledger(); assert a.is_clean, a.differences
