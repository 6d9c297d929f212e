"""Applying notices: results, run twice, each refusal, what the tables say."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract
from aupolicy.operations import Terms, agree_terms, sign_contract
from members.facts import (
    Employment,
    Ineligibility,
    Notice,
    NoticeCode,
    NoticeKind,
    NoticeReport,
    NoticeStatus,
)
from members.models import InsuredPay, Membership, NoticeRecord, Person
from members.operations import apply_notices

pytestmark = pytest.mark.django_db
JAN, MAR = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def contract() -> GroupContract:
    employer = Employer.objects.create(
        legal_name="Beispiel GmbH", street="Weg", postal_code="12345", town="Ort"
    )
    return sign_contract(
        number="T-1", employer=employer, broker=None, start=JAN, terms=Terms("bau-2016")
    )


def notice(kind: str = "JOIN", number: str = "17", day: date = JAN, **values: object) -> Notice:
    details: dict[str, object] = {
        "pay": Decimal("2400.00") if kind in {"JOIN", "PAY_CHANGE"} else None,
        "first_name": "Zoë",
        "last_name": "Müller",
        "birth_date": date(1990, 12, 24),
        "received_at": datetime(2026, 6, 1, 12, tzinfo=UTC),
    }
    return Notice(
        kind=NoticeKind(kind),
        personnel_number=number,
        effective=day,
        **(details | values),  # type: ignore[arg-type]
    )


def apply(contract: GroupContract, *notices: Notice) -> NoticeReport:
    report = apply_notices(contract=contract, notices=notices)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return report


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


def test_a_thousand_notices_take_a_handful_of_queries(
    contract: GroupContract, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    notices = [notice(number=str(index)) for index in range(1_000)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert (
            apply_notices(contract=contract, notices=notices).count(NoticeStatus.APPLIED) == 1_000
        )
