"""Premium in default: what the claim's check of paid premiums looks at."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from aupolicy.models import GroupContract
from billing.models import Statement
from billing.operations import create_collections
from billing.queries.arrears import Arrears, get_arrears
from members.facts import NoticeKind
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, tell

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
DUE = date(2026, 1, 15)


def insured() -> GroupContract:
    contract = agree(start=JAN)
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, "2400"))
    return contract


def test_nothing_is_owed_before_the_day_after_the_due_date() -> None:
    contract = insured()
    assert get_arrears(contract, today=JAN) is None
    bill("2026-01")
    assert Statement.objects.get().due_date == DUE
    assert get_arrears(contract, today=DUE) is None
    found = get_arrears(contract, today=DUE + timedelta(days=1))
    assert found == Arrears(DUE, Decimal("13.00"), 1, has_mandate=False)


def test_what_was_collected_is_no_default_and_a_preview_neither() -> None:
    contract = insured()
    bill("2026-01")
    give_mandate(contract, signed_on=JAN)
    late = get_arrears(contract, today=DUE + timedelta(days=1))
    assert late is not None
    assert late.has_mandate
    create_collections(due=DUE, now=at(JAN), creditor=creditor())
    assert get_arrears(contract, today=date(2027, 1, 1)) is None
    assert get_arrears(insured(), today=date(2027, 1, 1)) is None


def test_arrears_of_several_months_add_up_since_the_first() -> None:
    contract = insured()
    for month in ("2026-01", "2026-02", "2026-03"):
        bill(month)
    found = get_arrears(contract, today=date(2026, 12, 1))
    assert found == Arrears(DUE, Decimal("39.00"), 3, has_mandate=False)
