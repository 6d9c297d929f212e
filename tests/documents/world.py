"""A constructed employer with a contract, people and billed months."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.conf import settings

from aupolicy.kernel.month import Month
from aupolicy.models import Broker, Employer, GroupContract
from aupolicy.operations import Terms, sign_contract
from billing.facts.debit import Scheme
from billing.models import Mandate, Statement
from billing.operations import fill_slice, request_posting, start_run
from billing.operations.mandates import record_mandate
from members.facts import Notice, NoticeKind, NoticeStatus
from members.operations import apply_notices

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
PAYS = ("2400", "2400", "2400", "2400", "700", "4000")
NAMES = (
    ("Anna", "Müller"),
    ("Björn", "Weiß"),
    ("Çiğdem", "Öztürk"),
    ("Dörte", "Großmann-Äpfelstädt"),
    ("Emil", "Azubi"),
    ("Karl", "Haarschön"),
)


def at(day: date) -> datetime:
    """Half past nine on a day."""
    return datetime.combine(day, time(9, 30), tzinfo=UTC)


def sign(*, number: str = "GV-10001", tariff_key: str = "bau-2016") -> GroupContract:
    """A contract from October on, without people."""
    employer = Employer.objects.create(
        legal_name="Friseursalon Haarschön",
        street="Lockengasse",
        building_number="3",
        postal_code="48143",
        town="Münster",
        contact_name="Karl Haarschön",
    )
    broker, _ = Broker.objects.get_or_create(
        registration_number="D-1234-ABCDE-56",
        defaults={"legal_name": "Maklerhaus Beispiel GmbH", "contact_email": "bau@makler.example"},
    )
    return sign_contract(
        number=number,
        employer=employer,
        broker=broker,
        start=OCTOBER.first_day,
        terms=Terms(tariff_key=tariff_key, co_insures_directors=True),
    )


def join_everybody(contract: GroupContract) -> None:
    """The six people of the worked example, from October on."""
    for index, (pay, name) in enumerate(zip(PAYS, NAMES, strict=True)):
        join(contract, f"{1001 + index}", pay=pay, name=name)


def join(
    contract: GroupContract,
    number: str,
    *,
    pay: str = "2400",
    name: tuple[str, str] = ("Neu", "Neumann"),
    effective: date = OCTOBER.first_day,
    birth_date: date = date(1990, 3, 14),
) -> None:
    """One person joins, known ten days before October."""
    notify(
        contract,
        Notice(
            NoticeKind.JOIN,
            number,
            effective,
            at(date(2026, 9, 21)),
            pay=Decimal(pay),
            first_name=name[0],
            last_name=name[1],
            birth_date=birth_date,
            employment="trainee" if pay == "700" else "regular",
        ),
    )


def notify(contract: GroupContract, *notices: Notice) -> None:
    """Notices that are all applied."""
    report = apply_notices(contract=contract, notices=notices)
    assert [result.status for result in report.results] == [NoticeStatus.APPLIED] * len(notices)


def change_pay(contract: GroupContract, number: str, effective: date, pay: str) -> None:
    """A pay change."""
    received = at(date(2026, 11, 20))
    notice = Notice(NoticeKind.PAY_CHANGE, number, effective, received, pay=Decimal(pay))
    notify(contract, notice)


def leave(contract: GroupContract, number: str, last_day: date) -> None:
    """An end of employment."""
    notify(contract, Notice(NoticeKind.LEAVE, number, last_day, at(date(2026, 11, 20))))


def add_mandate(contract: GroupContract, scheme: Scheme = Scheme.CORE) -> Mandate:
    """A signed mandate."""
    return record_mandate(
        contract=contract,
        creditor_identifier=settings.INSURER["creditor_identifier"],
        reference=f"{contract.number}-1",
        signed_on=OCTOBER.first_day,
        account_holder=contract.employer.legal_name,
        iban="DE02120300000000202051",
        scheme=scheme,
    )


def bill(contract: GroupContract, month: Month) -> Statement:
    """The posted statement of a month."""
    now = at(month.plus(-1).first_day.replace(day=24))
    run = start_run(month=month, now=now)
    while fill_slice(run=run, now=now):
        pass
    request_posting(run=run, now=now)
    return Statement.objects.get(contract=contract, month=month.first_day)


def join_many(contract: GroupContract, count: int) -> None:
    """So many people of band 4, from October on, in one file."""
    notify(
        contract,
        *(
            Notice(
                NoticeKind.JOIN,
                f"{2000 + index}",
                OCTOBER.first_day,
                at(date(2026, 9, 21)),
                pay=Decimal("2400.00"),
                first_name=NAMES[index % 6][0],
                last_name=f"{NAMES[index % 6][1]}-{index}",
                birth_date=date(1990, 3, 14),
            )
            for index in range(count)
        ),
    )
