"""A small constructed world for tests of claims: an insured person falls ill and is certified.

Days are given as dates, or as text like "2026-01-31". Everything that notices tell comes about by
the real operations.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.db import connection

from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract, Role, User
from aupolicy.operations import Terms, give_grant, sign_contract
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, Claim, SickLeave
from members.facts import Notice, NoticeKind, NoticeStatus
from members.models import Person
from members.operations import apply_notices

Day = date | str
START = date(2025, 1, 1)
_numbers = count(1)


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
    pay: str = "2400.00",
    birth_date: Day = date(1985, 3, 14),
    first_name: str = "Zoë",
    last_name: str = "Müller",
) -> Person:
    """A person insured since a day, by a notice received on it, with a pay in EUR a month."""
    tell(
        contract,
        Notice(
            kind=NoticeKind.JOIN,
            personnel_number=number,
            effective=to_day(since),
            received_at=at(since),
            pay=Decimal(pay),
            first_name=first_name,
            last_name=last_name,
            birth_date=to_day(birth_date),
        ),
    )
    person = Person.objects.get(employer_id=contract.employer_id, personnel_number=number)
    if until is not None:
        leave_employment(contract, person, until)
    return person


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
) -> SickLeave:
    """A leave of the person, reported on its first day unless told; certified through `last`."""
    first_day = to_day(first)
    now = at(reported or first_day)
    membership = person.memberships.order_by("period").first()
    assert membership is not None
    claim = Claim.objects.create(
        number=f"L-{first_day.year}-{next(_numbers):06d}",
        person=person,
        contract=membership.contract,
        opened_at=now,
        registered_on=now.date(),
        first_day=first_day,
    )
    leave = SickLeave.objects.create(
        claim=claim,
        person=person,
        employer_id=person.employer_id,
        first_day=first_day,
        same_illness_as=same_illness_as,
        channel=channel.value,
        reported_at=now,
    )
    if last is not None:
        certify(leave, first_day, last, received=now.date(), follow_up=False)
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
    """A certificate of the leave, established on its first day and received then unless told."""
    period = Period(to_day(first), to_day(last))
    return Certificate.objects.create(
        sick_leave=leave,
        period=period,
        is_follow_up=follow_up,
        established_on=period.first_day,
        accident=accident,
        source=CertificateSource.PAPER.value,
        channel=Channel.EXAMINER.value,
        received_at=at(received or period.first_day),
    )


def day_after(day: Day, days: int = 1) -> date:
    """So many days later (earlier when negative)."""
    return to_day(day) + timedelta(days=days)
