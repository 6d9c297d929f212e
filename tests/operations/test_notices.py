"""Applying notices: results, run twice, each refusal, what the tables say."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from aupolicy.facts import Party
from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract, User
from aupolicy.operations import Terms, agree_terms, receive_cancellation
from members.facts import (
    Channel,
    Employment,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeStatus,
    PersonName,
    ShownStatus,
)
from members.models import InsuredPay, Membership, NoticeRecord, Person
from members.operations import apply_notices
from members.queries import (
    get_shown_status,
    list_insured,
    plan_notices,
    to_notice,
)
from tests.notices import JAN, MAR, apply, make_contract, moment, notice, pays

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> GroupContract:
    return make_contract()


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk")


def test_a_joining_makes_person_membership_and_pay(contract: GroupContract) -> None:
    (result,) = apply(contract, notice()).results
    assert (result.status, result.codes) == (NoticeStatus.APPLIED, ())
    membership = Membership.objects.get()
    assert (membership.person.last_name, membership.contract) == ("Müller", contract)
    # Born 1990: the standard retirement age ends cover, which needs no notice.
    assert membership.period == Period(JAN, date(2057, 12, 31))
    assert InsuredPay.objects.get().amount == Decimal("2400.00")


def test_the_same_again_changes_nothing(contract: GroupContract) -> None:
    notices = [notice(), notice("PAY_CHANGE", day=MAR, pay=Decimal(2600))]
    apply(contract, *notices)
    before = list(Membership.objects.values()), list(InsuredPay.objects.values())
    report = apply(contract, *notices)
    assert (report.results, report.duplicates) == ((), 2)
    assert before == (list(Membership.objects.values()), list(InsuredPay.objects.values()))


def test_the_same_twice_in_one_batch_counts_once(contract: GroupContract) -> None:
    report = apply(contract, notice(), notice())
    assert (report.count(NoticeStatus.APPLIED), report.duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("refused", "codes"),
    [
        (notice(birth_date=date(2010, 6, 1)), (Ineligibility.TOO_YOUNG,)),
        (notice(birth_date=date(1950, 6, 1)), (Ineligibility.OVER_AGE,)),
        (notice(employment=Employment.MARGINAL), (Ineligibility.MARGINAL_EMPLOYMENT,)),
        (notice(employment=Employment.OWNER), (Ineligibility.NOT_EMPLOYED,)),
        (notice(occupation="professional_diver"), (Ineligibility.PROFESSIONAL_DIVER,)),
        (notice(birth_date=None), (NoticeCode.MISSING_BIRTH_DATE,)),
        (notice(birth_date=date(2026, 6, 2)), (NoticeCode.BIRTH_DATE_IN_FUTURE,)),
        (notice(last_name=""), (NoticeCode.MISSING_NAME,)),
        (notice(pay=None), (NoticeCode.MISSING_PAY,)),
        (notice(day=date(2025, 12, 31)), (NoticeCode.OUTSIDE_CONTRACT,)),
    ],
)
def test_refusals(contract: GroupContract, refused: Notice, codes: tuple[object, ...]) -> None:
    (result,) = apply(contract, refused).results
    assert (result.status, result.codes) == (NoticeStatus.REFUSED, codes)
    assert not Membership.objects.exists()
    assert not Person.objects.exists()


def test_a_refused_notice_may_be_sent_again(contract: GroupContract) -> None:
    refused = notice(employment=Employment.OWNER)
    apply(contract, refused)
    (result,) = apply(contract, refused).results
    assert result.status is NoticeStatus.REFUSED
    agree_terms(
        contract=contract,
        first_day=date(2026, 2, 1),
        terms=Terms("bau-2016", co_insures_directors=True),
    )
    later = notice(employment=Employment.OWNER, day=date(2026, 2, 1))
    assert apply(contract, later).count(NoticeStatus.APPLIED) == 1


def test_too_far_back_goes_to_a_clerk_and_changes_nothing(contract: GroupContract) -> None:
    late = notice(received_at=datetime(2027, 2, 1, 12, tzinfo=UTC))
    (result,) = apply(contract, late).results
    assert (result.status, result.codes) == (NoticeStatus.NEEDS_CLERK, (NoticeCode.RETRO_LIMIT,))
    assert not Membership.objects.exists()


def test_a_leaving_that_comes_first_waits_for_its_joining(contract: GroupContract) -> None:
    (waiting,) = apply(contract, notice("LEAVE", day=MAR)).results
    assert waiting.codes == (NoticeCode.NO_COVER,)
    apply(contract, notice())
    assert Membership.objects.get().period == Period(JAN, MAR)
    assert set(NoticeRecord.objects.values_list("status", flat=True)) == {"APPLIED"}


def test_a_membership_keeps_its_identity_when_its_days_change(contract: GroupContract) -> None:
    apply(contract, notice(day=MAR))
    first = Membership.objects.get()
    apply(contract, notice("LEAVE", day=date(2026, 4, 30)))
    apply(contract, notice("JOIN", day=JAN, reference="corrected"))
    membership = Membership.objects.get()
    assert membership.pk == first.pk
    assert membership.period == Period(JAN, date(2026, 4, 30))
    assert NoticeRecord.objects.get(effective=MAR).codes == ["ALREADY_COVERED"]


def test_a_membership_that_never_was_stays_as_a_row_without_days(contract: GroupContract) -> None:
    apply(contract, notice())
    apply(contract, notice("PARENTAL_LEAVE", day=JAN))
    membership = Membership.objects.get()
    assert membership.period is None
    assert not InsuredPay.objects.exists()


def test_name_and_birth_date_follow_the_last_joining(contract: GroupContract) -> None:
    apply(contract, notice(), notice("LEAVE", day=date(2026, 2, 28)))
    apply(contract, notice(day=MAR, last_name="Meier"))
    assert Person.objects.get().last_name == "Meier"
    assert Membership.objects.count() == 2


def test_two_covers_of_a_person_cannot_overlap_whoever_writes_them(
    contract: GroupContract,
) -> None:
    apply(contract, notice())
    membership = Membership.objects.get()
    Membership.objects.create(contract=contract, person=membership.person, period=Period(MAR, MAR))
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="membership_no_double_cover"),
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_pay_may_go_back_to_what_it_was(contract: GroupContract) -> None:
    apply(contract, notice())
    for minute, pay in enumerate(["3000.00", "3500.00", "3000.00"]):
        said = notice("PAY_CHANGE", day=MAR, pay=Decimal(pay), received_at=moment(minute))
        assert apply(contract, said).count(NoticeStatus.APPLIED) == 1
    assert pays() == [Decimal("2400.00"), Decimal("3000.00")]
    # Said once more it is known: it is what was said last.
    again = notice("PAY_CHANGE", day=MAR, pay=Decimal(3000), received_at=moment(9))
    assert apply(contract, again).duplicates == 1


def test_a_reference_belongs_to_one_notice(contract: GroupContract) -> None:
    first = notice(reference="L-1")
    apply(contract, first)
    assert apply(contract, replace(first, received_at=moment(5), row=3)).duplicates == 1
    other = notice("PAY_CHANGE", day=MAR, pay=Decimal(2600), reference="L-1")
    (result,) = apply(contract, other).results
    assert (result.status, result.codes) == (NoticeStatus.REFUSED, (NoticeCode.REFERENCE_USED,))
    # Of somebody else too, and within one batch.
    report = apply(
        contract,
        notice(number="18", reference="L-1"),
        notice(number="19", reference="L-2"),
        notice(number="20", reference="L-2"),
    )
    assert [result.status for result in report.results] == [
        NoticeStatus.REFUSED,
        NoticeStatus.APPLIED,
        NoticeStatus.REFUSED,
    ]


def test_a_refused_reference_may_be_used_again(contract: GroupContract) -> None:
    apply(contract, notice(last_name="", reference="L-1"))
    assert apply(contract, notice(reference="L-1")).count(NoticeStatus.APPLIED) == 1


@pytest.mark.parametrize("pay", [None, Decimal(2500)])
def test_a_return_waits_for_its_joining(contract: GroupContract, pay: Decimal | None) -> None:
    (waiting,) = apply(contract, notice("RETURN", day=MAR, pay=pay)).results
    assert (waiting.status, waiting.codes) == (
        NoticeStatus.NEEDS_CLERK,
        (NoticeCode.NEVER_JOINED,),
    )
    assert not Person.objects.exists()
    apply(contract, notice(), notice("PARENTAL_LEAVE", day=date(2026, 2, 1)))
    assert pays() == [Decimal("2400.00"), pay or Decimal("2400.00")]
    assert set(NoticeRecord.objects.values_list("status", flat=True)) == {"APPLIED"}


def test_a_new_name_is_on_record_and_a_joining_keeps_it_where_it_is_younger(
    contract: GroupContract,
) -> None:
    apply(contract, notice("NAME_CHANGE", day=MAR, first_name="", last_name="Meier"))
    assert NoticeRecord.objects.get().codes == ["NAME_WITHOUT_PERSON"]
    apply(contract, notice())
    person = Person.objects.get()
    assert (person.first_name, person.last_name) == ("Zoë", "Meier")
    (result,) = apply(contract, notice("NAME_CHANGE", first_name="", last_name="")).results
    assert result.codes == (NoticeCode.MISSING_NAME,)


def test_what_takes_effect_in_a_year_is_received_until_then(contract: GroupContract) -> None:
    joining = notice(day=date(2027, 6, 1))
    assert apply(contract, joining).count(NoticeStatus.APPLIED) == 1
    record = NoticeRecord.objects.get()
    assert get_shown_status(record, date(2027, 5, 31)) is ShownStatus.RECEIVED
    assert get_shown_status(record, date(2027, 6, 1)) is ShownStatus.APPLIED
    assert Membership.objects.get().period.first_day == date(2027, 6, 1)
    (result,) = apply(contract, notice(number="18", day=date(2027, 6, 2))).results
    assert (result.status, result.codes) == (
        NoticeStatus.NEEDS_CLERK,
        (NoticeCode.TOO_FAR_AHEAD,),
    )


def test_the_end_of_the_contract_ends_being_insured_whenever_it_becomes_known(
    contract: GroupContract,
) -> None:
    apply(contract, notice())
    assert len(list_insured(contract, date(2027, 1, 1))) == 1
    receive_cancellation(
        contract=contract,
        party=Party.POLICYHOLDER,
        received_at=moment(0),
        document_name="Kündigung.pdf",
        document=b"Hiermit ...",
    )
    assert len(list_insured(contract, date(2026, 12, 31))) == 1
    assert not list_insured(contract, date(2027, 1, 1)).exists()


def test_a_plan_writes_nothing_and_is_what_applying_does(contract: GroupContract) -> None:
    apply(contract, notice())
    said = [
        notice("PAY_CHANGE", day=MAR, pay=Decimal(2600)),
        notice("LEAVE", number="99"),
        notice(),
        notice(number="18", last_name="Abel"),
    ]
    before = NoticeRecord.objects.count()
    plan = plan_notices(contract=contract, notices=said)
    assert NoticeRecord.objects.count() == before
    assert [result.is_duplicate for result in plan.results] == [False, False, True, False]
    changed = plan.persons["17"]
    assert [[pay.amount for pay in cover.pays] for cover in changed.before] == [[Decimal(2400)]]
    assert [[pay.amount for pay in cover.pays] for cover in changed.after] == [
        [Decimal(2400), Decimal(2600)]
    ]
    assert plan.persons["18"].person_id is None
    assert plan.persons["18"].name_after == PersonName("Zoë", "Abel", date(1990, 12, 24))
    report = apply(contract, *said)
    assert report.results == tuple(result for result in plan.results if not result.is_duplicate)
    assert plan_notices(contract=contract, notices=[]).results == ()
    assert plan_notices(contract=contract, notices=said[:1]).persons["17"].before == changed.after


def test_sender_channel_and_file_are_kept(contract: GroupContract, clerk: User) -> None:
    apply_notices(
        contract=contract,
        notices=[notice(row=7)],
        sender=clerk,
        source_name="mai.csv",
        channel=Channel.FILE,
    )
    record = NoticeRecord.objects.get()
    assert (record.sender, record.source_name, record.channel, record.row) == (
        clerk,
        "mai.csv",
        "FILE",
        7,
    )
    assert to_notice(record) == notice(row=7)


def test_a_thousand_notices_take_a_handful_of_queries(
    contract: GroupContract, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    notices = [notice(number=str(index)) for index in range(1_000)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert (
            apply_notices(contract=contract, notices=notices).count(NoticeStatus.APPLIED) == 1_000
        )
