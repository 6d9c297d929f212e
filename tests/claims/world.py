"""A small constructed world for tests of claims: an insured person falls ill and is certified.

Days are given as dates, or as text like "2026-01-31". Everything that notices tell comes about by
the real operations.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract, Role, User
from aupolicy.operations import Terms, give_grant, sign_contract
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, SickLeave
from claims.operations.arrange import arrange_claims
from claims.operations.certificates import LONGEST_CERTIFICATE_DAYS
from claims.operations.leaves import add_certificate, link_relapse, report_leave
from members.facts import Notice, NoticeKind, NoticeStatus
from members.models import Person
from members.operations import apply_notices

Day = date | str
START = date(2025, 1, 1)


def to_day(day: Day) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def at(day: Day, hour: int = 9) -> datetime:
    """A moment of a day."""
    return datetime.combine(to_day(day), time(hour), tzinfo=UTC)


def make_contract(
    number: str = "T-1",
    *,
    start: Day = START,
    tariff: str = "bau-2016",
    employer: Employer | None = None,
) -> GroupContract:
    """A contract, of an employer of its own unless one is given."""
    employer = employer or Employer.objects.create(
        legal_name=f"Beispiel GmbH {number}", street="Weg", postal_code="12345", town="Ort"
    )
    return sign_contract(
        number=number, employer=employer, broker=None, start=to_day(start), terms=Terms(tariff)
    )


def insure(
    contract: GroupContract,
    number: str = "17",
    *,
    since: Day = START,
    until: Day | None = None,
    told: Day | None = None,
    pay: str = "2400.00",
    birth_date: Day = date(1985, 3, 14),
    first_name: str = "Zoë",
    last_name: str = "Müller",
) -> Person:
    """A person insured since a day, by a notice received on it unless told; pay is EUR a month."""
    notice = Notice(
        kind=NoticeKind.JOIN,
        personnel_number=number,
        effective=to_day(since),
        received_at=at(told or since),
        pay=Decimal(pay),
        first_name=first_name,
        last_name=last_name,
        birth_date=to_day(birth_date),
    )
    tell(contract, notice)
    person = Person.objects.get(employer_id=contract.employer_id, personnel_number=number)
    if until is not None:
        leave_employment(contract, person, until)
    return person


def insure_many(contract: GroupContract, count: int) -> list[Person]:
    """People insured since the first day of all, quicker than one by one."""
    notices = [
        Notice(
            kind=NoticeKind.JOIN,
            personnel_number=f"{1000 + place}",
            effective=START,
            received_at=at(START),
            pay=Decimal("2400.00"),
            first_name="Kim",
            last_name=f"Viele {place}",
            birth_date=date(1985, 3, 14),
        )
        for place in range(count)
    ]
    tell(contract, *notices)
    numbers = [notice.personnel_number for notice in notices]
    people = Person.objects.filter(employer_id=contract.employer_id, personnel_number__in=numbers)
    return list(people.order_by("personnel_number"))


def leave_employment(contract: GroupContract, person: Person, last_day: Day) -> None:
    """The person's employment ends with a day."""
    day = to_day(last_day)
    tell(contract, Notice(NoticeKind.LEAVE, person.personnel_number, day, at(day)))


def change_pay(contract: GroupContract, person: Person, day: Day, pay: str) -> None:
    """The person's pay is another from a day on."""
    number, effective = person.personnel_number, to_day(day)
    tell(
        contract,
        Notice(NoticeKind.PAY_CHANGE, number, effective, at(effective), pay=Decimal(pay)),
    )


def tell(contract: GroupContract, *notices: Notice) -> None:
    """Apply notices; each must pass."""
    report = apply_notices(contract=contract, notices=notices)
    assert report.count(NoticeStatus.APPLIED) == len(notices), report.results
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_user(name: str, *roles: Role, since: Day = START) -> User:
    """One of the insurer's people, with roles since a day."""
    user = User.objects.create_user(name, email=f"{name}@example.org", first_name=name.title())
    for role in roles:
        give_grant(user=user, role=role, first_day=to_day(since))
    return user


def make_examiner(name: str = "vera", *, since: Day = START) -> User:
    """An examiner (Leistungsprüfung)."""
    return make_user(name, Role.EXAMINER, since=since)


def sick(
    person: Person,
    first: Day,
    last: Day | None = None,
    *,
    channel: Channel = Channel.EXAMINER,
    reported: Day | None = None,
    same_illness_as: SickLeave | None = None,
    expected: Day | None = None,
    today: Day | None = None,
) -> SickLeave:
    """A leave of the person, certified through `last`; another illness unless told.

    Reported on its first day unless told; `today` is the day the claim is looked at last.
    """
    first_day = to_day(first)
    leave = report_leave(
        person=person,
        first_day=first_day,
        expected_last_day=to_day(expected) if expected else None,
        channel=channel,
        user=None,
        new_illness=True,
        now=at(reported or first_day),
    ).sick_leave
    if last is not None:
        certify(leave, first_day, last, received=reported or first_day, follow_up=False)
    if same_illness_as is not None:
        link_relapse(sick_leave=leave, first=same_illness_as, user=None, now=at(first_day))
    if today is not None:
        look(person, today)
    leave.refresh_from_db()
    return leave


def certify(
    leave: SickLeave,
    first: Day,
    last: Day,
    *,
    received: Day | None = None,
    follow_up: bool = True,
    accident: bool = False,
) -> Certificate:
    """A certificate of the leave, established on its first day and received then unless told.

    More than a year is certified by several; gives the last of them.
    """
    period = Period(to_day(first), to_day(last))
    longest = timedelta(days=LONGEST_CERTIFICATE_DAYS - 1)
    certificate: Certificate | None = None
    start = period.first_day
    while start <= to_day(last):
        end = min(to_day(last), start + longest)
        certificate = add_certificate(
            sick_leave=leave,
            period=Period(start, end),
            is_follow_up=follow_up or start > period.first_day,
            established_on=period.first_day,
            accident=accident,
            source=CertificateSource.PAPER,
            channel=Channel.EXAMINER,
            user=None,
            now=at(received or period.first_day),
        )
        start = day_after(end)
    assert certificate is not None
    return certificate


def look(person: Person, today: Day) -> None:
    """Bring the person's claims in step with a day."""
    arrange_claims(person_ids=[person.pk], today=to_day(today), now=at(today))


def day_after(day: Day, days: int = 1) -> date:
    """So many days later (earlier when negative)."""
    return to_day(day) + timedelta(days=days)
