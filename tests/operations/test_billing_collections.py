"""Collecting: which statements, on which day, once, and what is left and why."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from aupolicy.models import GroupContract
from billing.exports.pain008_check import read_control
from billing.facts.debit import Scheme
from billing.facts.mandate import NoDebitReason
from billing.models import Collection, LedgerEntry, LedgerTransaction, Statement
from billing.operations import UnableToCollect, create_collections
from billing.operations.collect import CollectionReport, read_file
from members.facts import NoticeKind
from tests.laws.world import (
    agree,
    at,
    bill,
    check_books,
    creditor,
    give_mandate,
    notice,
    settle,
    tell,
)

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
# The run is on 1 January, the debtor hears of it then, 14 days later is a Thursday.
DUE = date(2026, 1, 15)


def insure(pay: str = "2400") -> GroupContract:
    contract = agree(start=JAN)
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, pay))
    return contract


def collect(due: date = DUE, *, on: date = JAN) -> CollectionReport:
    report = create_collections(due=due, now=at(on), creditor=creditor())
    settle()
    return report


def reasons(report: CollectionReport) -> list[tuple[str, NoDebitReason]]:
    return [(item.number, item.reason) for item in report.not_collected]


def test_all_due_statements_go_into_one_file() -> None:
    for pay in ("2400", "6000"):
        give_mandate(insure(pay), signed_on=JAN)
    bill("2026-01")
    report = collect()
    (collection,) = report.created
    assert (report.existing, report.not_collected) == ((), ())
    assert (collection.due_date, collection.submit_by) == (DUE, date(2026, 1, 14))
    assert (collection.debit_count, collection.control_sum) == (2, Decimal("32.10"))
    control = read_control(BytesIO(read_file(collection)))
    assert control == (2, Decimal("32.10"), Decimal("32.10"))
    numbers = Statement.objects.order_by("number").values_list("number", flat=True)
    for number in numbers:
        assert f"<EndToEndId>{number}</EndToEndId>" in read_file(collection).decode()
    in_transit = LedgerEntry.objects.filter(account=LedgerEntry.IN_TRANSIT)
    assert sum(entry.amount for entry in in_transit) == Decimal("32.10")
    check_books()


def test_a_second_collection_finds_nothing_new() -> None:
    give_mandate(insure(), signed_on=JAN)
    bill("2026-01")
    first = collect()
    second = collect()
    assert (second.created, second.existing) == ((), first.created)
    assert second.not_collected == ()
    assert Collection.objects.count() == 1
    assert LedgerTransaction.objects.filter(kind=LedgerTransaction.COLLECTION).count() == 1


def test_a_mandate_that_comes_later_makes_a_second_file_for_the_day() -> None:
    give_mandate(insure(), signed_on=JAN)
    late = insure("6000")
    bill("2026-01")
    first = collect()
    assert reasons(first) == [("AB-2026-0000002", NoDebitReason.NO_MANDATE)]
    give_mandate(late, signed_on=JAN)
    second = collect()
    assert [c.control_sum for c in second.created] == [Decimal("19.10")]
    assert first.created[0].message_id != second.created[0].message_id
    check_books()


def test_a_statement_is_not_collected_before_it_is_due() -> None:
    give_mandate(insure(), signed_on=JAN)
    bill("2026-01")
    assert Statement.objects.get().due_date == DUE
    assert collect(DUE - timedelta(days=1)).created == ()
    assert len(collect(DUE + timedelta(days=1)).created) == 1


def test_a_preview_is_not_collected() -> None:
    give_mandate(insure(), signed_on=JAN)
    bill("2025-12")
    assert collect() == CollectionReport(DUE, (), (), ())


def test_no_mandate_no_debit() -> None:
    insure()
    bill("2026-01")
    assert reasons(collect()) == [("AB-2026-0000001", NoDebitReason.NO_MANDATE)]
    assert not Collection.objects.exists()


def test_a_mandate_of_the_future_is_none() -> None:
    give_mandate(insure(), signed_on=DUE + timedelta(days=1))
    bill("2026-01")
    assert reasons(collect()) == [("AB-2026-0000001", NoDebitReason.NO_MANDATE)]


def test_a_b2b_mandate_needs_the_banks_confirmation() -> None:
    give_mandate(insure(), signed_on=JAN, scheme=Scheme.B2B)
    bill("2026-01")
    assert reasons(collect()) == [("AB-2026-0000001", NoDebitReason.B2B_NOT_CONFIRMED)]


def test_each_scheme_has_its_own_file() -> None:
    give_mandate(insure(), signed_on=JAN, scheme=Scheme.B2B, b2b_confirmed_on=JAN)
    give_mandate(insure("6000"), signed_on=JAN)
    bill("2026-01")
    created = collect().created
    assert [(c.scheme, c.control_sum) for c in created] == [
        ("CORE", Decimal("19.10")),
        ("B2B", Decimal("13.00")),
    ]
    assert len({c.message_id for c in created}) == 2
    check_books()


def test_a_credit_is_not_collected() -> None:
    contract = insure()
    give_mandate(contract, signed_on=JAN)
    tell(contract, notice(NoticeKind.JOIN, "2", JAN, "6000"))
    bill("2026-01")
    collect()
    tell(contract, notice(NoticeKind.LEAVE, "2", JAN, received=FEB))
    tell(contract, notice(NoticeKind.LEAVE, "1", date(2026, 1, 31), received=FEB))
    bill("2026-02")
    credit = Statement.objects.get(month=FEB)
    # One of thirty days remains of 19.10.
    assert credit.total == Decimal("-18.46")
    report = collect(date(2026, 2, 16), on=FEB)
    assert [(item.amount, item.reason) for item in report.not_collected] == [
        (Decimal("-18.46"), NoDebitReason.CREDIT)
    ]
    assert report.created == ()
    check_books()


def test_a_statement_over_nothing_is_not_mentioned() -> None:
    contract = insure()
    give_mandate(contract, signed_on=JAN)
    bill("2026-01")
    collect()
    # Half a month back for January, half a month new in February.
    tell(
        contract,
        notice(NoticeKind.LEAVE, "1", date(2026, 1, 15), received=FEB),
        notice(NoticeKind.JOIN, "2", FEB, "2400"),
        notice(NoticeKind.LEAVE, "2", date(2026, 2, 15)),
    )
    bill("2026-02")
    assert Statement.objects.get(month=FEB).total == Decimal("0.00")
    assert collect(date(2026, 2, 16), on=FEB) == CollectionReport(date(2026, 2, 16), (), (), ())
    check_books()


def test_a_closing_day_moves_to_the_next_open_one() -> None:
    give_mandate(insure(), signed_on=JAN)
    bill("2026-01")
    report = collect(date(2026, 1, 17))
    assert report.due == date(2026, 1, 19)
    assert report.created[0].submit_by == date(2026, 1, 16)


@pytest.mark.parametrize(("on", "in_time"), [(date(2026, 1, 14), True), (DUE, False)])
def test_the_file_must_reach_the_bank_a_target_day_before(on: date, in_time: bool) -> None:  # noqa: FBT001
    give_mandate(insure(), signed_on=JAN)
    bill("2026-01")
    if in_time:
        assert len(collect(on=on).created) == 1
        return
    with pytest.raises(UnableToCollect) as refused:
        collect(on=on)
    assert (refused.value.code, refused.value.params) == (
        "TOO_LATE",
        {"due": "2026-01-15", "submit_by": "2026-01-14", "hour": "17:00"},
    )
    assert not Collection.objects.exists()
