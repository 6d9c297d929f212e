"""Terms and ends that change after months were billed: the next statement puts it right."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aupolicy.facts import Party
from aupolicy.kernel.month import Month
from aupolicy.models import Employer, GroupContract
from aupolicy.operations import Terms, agree_terms, receive_cancellation, sign_contract
from billing.models import Statement
from billing.operations import UnableToStartRun, fill_slice, post_run, start_run
from members.facts import Notice, NoticeKind
from members.operations import apply_notices

pytestmark = pytest.mark.django_db


def sign(start: date) -> GroupContract:
    employer = Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    contract = sign_contract(
        number="T-1", employer=employer, broker=None, start=start, terms=Terms("bau-2016")
    )
    join = Notice(
        kind=NoticeKind.JOIN,
        personnel_number="1",
        effective=start,
        received_at=datetime(2026, 1, 1, 12, tzinfo=UTC),
        pay=Decimal("2400.00"),
        first_name="A",
        last_name="B",
        birth_date=date(1990, 5, 1),
    )
    apply_notices(contract=contract, notices=[join])
    return contract


def bill(month: str, on: datetime) -> Decimal:
    """The total of the contract's statement in a run of the month, 0.00 if there is none."""
    run = start_run(month=Month.parse(month), now=on, post=True)
    while fill_slice(run=run, now=on):
        pass
    assert post_run(run=run, now=on)
    return sum((s.total for s in Statement.objects.filter(run=run)), start=Decimal("0.00"))


def test_a_contract_that_ends_in_a_month_billed_ahead_gets_the_rest_back() -> None:
    contract = sign(date(2026, 2, 15))
    early = datetime(2027, 1, 2, 9, tzinfo=UTC)
    # 14 of 28 days, eleven full months and the two that follow.
    assert bill("2027-02", early) == Decimal("6.07") + 12 * Decimal("13.00")
    receive_cancellation(
        contract=contract,
        party=Party.POLICYHOLDER,
        received_at=datetime(2027, 1, 10, 9, tzinfo=UTC),
        document_name="k.pdf",
        document=b"k",
    )
    # Cover ends on 14 February: 14 days are owed.
    assert bill("2027-03", datetime(2027, 3, 1, 9, tzinfo=UTC)) == Decimal("6.07") - 13
    assert bill("2027-04", datetime(2027, 4, 1, 9, tzinfo=UTC)) == 0


def test_terms_agreed_for_billed_months_are_made_up_once() -> None:
    contract = sign(date(2026, 1, 1))
    for month in (1, 2, 3):
        on = datetime(2026, month, 1, 9, tzinfo=UTC)
        assert bill(f"2026-{month:02d}", on) == Decimal("13.00")
    agree_terms(contract=contract, first_day=date(2026, 2, 1), terms=Terms("percent-2026"))
    # Half a percent of 2,400 is 12.00: two months at 1.00 less, and April.
    assert bill("2026-04", datetime(2026, 4, 1, 9, tzinfo=UTC)) == Decimal("10.00")
    assert bill("2026-05", datetime(2026, 5, 1, 9, tzinfo=UTC)) == Decimal("12.00")


def test_nobody_is_billed_years_ahead() -> None:
    sign(date(2026, 1, 1))
    now = datetime(2026, 1, 15, 9, tzinfo=UTC)
    with pytest.raises(UnableToStartRun) as caught:
        start_run(month=Month(2026, 5), now=now)
    assert caught.value.code == "TOO_FAR_AHEAD"
    assert start_run(month=Month(2026, 4), now=now)
