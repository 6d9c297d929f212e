"""Notices that are withdrawn, restored, decided by a clerk, and seen as they were known."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, User, WorkItem
from members.facts import (
    NoticeCode,
    NoticeStatus,
)
from members.models import Membership, NoticeDecision, NoticeRecord, Person
from members.operations import UnableToDecide, decide_notice, withdraw_notice
from members.queries import (
    list_covers_as_of,
)
from tests.notices import JAN, LATE, MAR, apply, make_contract, moment, notice, pays

pytestmark = pytest.mark.django_db
ACCEPT, REFUSE = NoticeDecision.Verdict.ACCEPT, NoticeDecision.Verdict.REFUSE


@pytest.fixture
def contract() -> GroupContract:
    return make_contract()


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk")


def test_a_correction_withdraws_and_lets_the_reference_go(contract: GroupContract) -> None:
    apply(contract, notice(), notice("PAY_CHANGE", day=MAR, pay=Decimal(2600), reference="a"))
    report = apply(
        contract,
        notice("CORRECTION", day=MAR, corrects="a", reference="b", received_at=moment(1)),
        notice("PAY_CHANGE", day=MAR, pay=Decimal(2700), reference="a", received_at=moment(2)),
    )
    assert report.count(NoticeStatus.APPLIED) == 2
    withdrawn = NoticeRecord.objects.get(status=NoticeStatus.WITHDRAWN)
    assert (withdrawn.pay, withdrawn.withdrawn_by) == (
        Decimal("2600.00"),
        NoticeRecord.objects.get(reference="b"),
    )
    assert pays() == [Decimal("2400.00"), Decimal("2700.00")]
    # Withdrawing the new one, and then the correction, brings the first one back.
    apply(contract, notice("CORRECTION", corrects="a", received_at=moment(3)))
    assert pays() == [Decimal("2400.00")]
    apply(contract, notice("CORRECTION", corrects="b", received_at=moment(4)))
    assert pays() == [Decimal("2400.00"), Decimal("2600.00")]
    assert NoticeRecord.objects.get(pay=2600).withdrawn_by is None


def test_two_that_change_places_under_one_reference(contract: GroupContract) -> None:
    apply(contract, notice(), notice("PAY_CHANGE", day=MAR, pay=Decimal(2600), reference="a"))
    apply(contract, notice("CORRECTION", corrects="a", reference="b", received_at=moment(1)))
    second = notice("PAY_CHANGE", day=MAR, pay=Decimal(2700), reference="a")
    apply(contract, replace(second, received_at=moment(2)))
    apply(contract, notice("CORRECTION", corrects="b", received_at=moment(3)))
    assert pays() == [Decimal("2400.00"), Decimal("2700.00")]
    assert NoticeRecord.objects.get(pay=2600).codes == ["REFERENCE_USED"]
    apply(contract, notice("CORRECTION", corrects="a", received_at=moment(4)))
    assert pays() == [Decimal("2400.00"), Decimal("2600.00")]
    statuses = NoticeRecord.objects.filter(reference="a").order_by("id")
    assert list(statuses.values_list("status", flat=True)) == ["APPLIED", "WITHDRAWN"]


def test_a_correction_waits_for_what_it_corrects(contract: GroupContract) -> None:
    apply(contract, notice())
    (waiting,) = apply(contract, notice("CORRECTION", corrects="a")).results
    assert waiting.codes == (NoticeCode.NOTHING_TO_CORRECT,)
    late = notice("PAY_CHANGE", day=MAR, pay=Decimal(2600), reference="a", received_at=moment(1))
    (result,) = apply(contract, late).results
    assert result.status is NoticeStatus.WITHDRAWN
    assert pays() == [Decimal("2400.00")]
    assert NoticeRecord.objects.get(kind="CORRECTION").status == NoticeStatus.APPLIED


def test_a_notice_can_be_undone_and_that_too(contract: GroupContract) -> None:
    apply(contract, notice(), notice("PAY_CHANGE", day=MAR, pay=Decimal(2600)))
    record = NoticeRecord.objects.get(kind="PAY_CHANGE")
    for minute in range(2):
        withdraw_notice(record=record, by=None, now=moment(10 * minute + 1))
        assert pays() == [Decimal("2400.00")]
        undoing = NoticeRecord.objects.get(kind="CORRECTION", status="APPLIED", withdraws=record)
        withdraw_notice(record=undoing, by=None, now=moment(10 * minute + 2))
        assert pays() == [Decimal("2400.00"), Decimal("2600.00")]


def test_what_needs_a_clerk_is_work_until_it_does_not(contract: GroupContract) -> None:
    apply(contract, notice("LEAVE", day=MAR))
    item = WorkItem.objects.get()
    assert (item.subject, item.employer) == (NoticeRecord.objects.get().pk, contract.employer)
    assert (item.title, item.due) == ("Abgang, Personalnummer 17", date(2026, 6, 8))
    apply(contract, notice(received_at=moment(30)))
    item.refresh_from_db()
    assert item.done_at == moment(30)
    # The joining goes, and the leaving has nothing to end again.
    withdraw_notice(record=NoticeRecord.objects.get(kind="JOIN"), by=None, now=moment(40))
    assert WorkItem.objects.filter(done_at=None).count() == 1


def test_a_clerk_lets_a_late_notice_count(contract: GroupContract, clerk: User) -> None:
    apply(contract, notice(received_at=LATE))
    record = NoticeRecord.objects.get()
    decision = decide_notice(
        notice=record, verdict=ACCEPT, note="Beleg lag vor", decided_by=clerk, now=LATE
    )
    record.refresh_from_db()
    assert (record.status, record.codes, decision.note) == ("APPLIED", [], "Beleg lag vor")
    assert Membership.objects.get().period.first_day == JAN
    assert WorkItem.objects.get().done_by == clerk
    # What comes later leaves it as it was decided.
    apply(contract, notice("LEAVE", day=date(2027, 1, 31), received_at=LATE))
    assert Membership.objects.get().period == Period(JAN, date(2027, 1, 31))
    with pytest.raises(UnableToDecide, match="NOT_OPEN"):
        decide_notice(notice=record, verdict=REFUSE, note="doch nicht", decided_by=clerk, now=LATE)


def test_a_clerk_lets_a_late_correction_count(contract: GroupContract, clerk: User) -> None:
    apply(contract, notice(reference="a"))
    (result,) = apply(contract, notice("CORRECTION", corrects="a", received_at=LATE)).results
    assert result.codes == (NoticeCode.RETRO_LIMIT,)
    correction = NoticeRecord.objects.get(kind="CORRECTION")
    decide_notice(notice=correction, verdict=ACCEPT, note="ja", decided_by=clerk, now=LATE)
    apply(contract, notice("PAY_CHANGE", day=date(2027, 2, 1), received_at=LATE))
    assert list(Membership.objects.values_list("period", flat=True)) == [None]


def test_a_clerk_refuses_for_good(contract: GroupContract, clerk: User) -> None:
    apply(contract, notice("LEAVE", day=MAR))
    record = NoticeRecord.objects.get()
    decide_notice(notice=record, verdict=REFUSE, note="falsch", decided_by=clerk, now=moment(1))
    apply(contract, notice())
    record.refresh_from_db()
    assert (record.status, record.codes) == ("REFUSED", ["REFUSED_BY_CLERK"])
    assert Membership.objects.get().period.last_day != MAR


def test_what_does_not_fit_is_not_accepted(contract: GroupContract, clerk: User) -> None:
    apply(contract, notice("LEAVE", day=MAR))
    record = NoticeRecord.objects.get()
    with pytest.raises(UnableToDecide, match="DOES_NOT_FIT"):
        decide_notice(notice=record, verdict=ACCEPT, note="ja", decided_by=clerk, now=LATE)
    with pytest.raises(UnableToDecide, match="NO_NOTE"):
        decide_notice(notice=record, verdict=REFUSE, note=" ", decided_by=clerk, now=LATE)
    assert not NoticeDecision.objects.exists()


def test_a_past_day_is_shown_as_it_was_known(contract: GroupContract, clerk: User) -> None:
    apply(contract, notice(received_at=moment(0), reference="a"))
    apply(contract, notice("PAY_CHANGE", day=MAR, pay=Decimal(2600), received_at=moment(10)))
    late = notice("CORRECTION", corrects="a", received_at=LATE)
    apply(contract, late)
    correction = NoticeRecord.objects.get(kind="CORRECTION")
    decided = LATE.replace(hour=18)
    decide_notice(notice=correction, verdict=ACCEPT, note="ja", decided_by=clerk, now=decided)
    person = Person.objects.get()

    def known(on: datetime) -> list[Decimal]:
        covers = list_covers_as_of(person=person, contract=contract, known_on=on)
        return [pay.amount for cover in covers for pay in cover.pays]

    assert known(moment(0).replace(hour=11)) == []
    assert known(moment(5)) == [Decimal(2400)]
    assert known(moment(10)) == [Decimal(2400), Decimal(2600)]
    assert known(LATE) == [Decimal(2400), Decimal(2600)]
    assert known(decided) == []
