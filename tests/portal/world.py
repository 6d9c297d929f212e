"""A small constructed insurer for pictures and tests: employers, statements, a preview.

Everything is made by the same operations as in earnest, so it only holds what could really be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from django.conf import settings

from aupolicy.kernel.bank_calendar import next_target_day
from aupolicy.kernel.month import Month
from aupolicy.models import Broker, Employer, GroupContract, Right, Role, User
from aupolicy.operations import Terms, give_authority, give_grant, sign_contract
from billing.facts.debit import Creditor
from billing.models import BillingRun, Collection
from billing.operations import create_collections, fill_slice, request_posting, start_run
from billing.operations.mandates import record_mandate
from members.facts import EndReason, Notice, NoticeKind
from members.operations import apply_notices

# Opens nothing but a database of constructed people.
PASSWORD = "constructed-for-tests-only"
_FIRST_NAMES = (
    "Anna", "Bülent", "Clara", "Dennis", "Elif", "Florian", "Greta", "Hakan", "Ines", "Jörg",
    "Katharina", "Lukas", "Maria", "Nico", "Öznur", "Paul", "Renate", "Sören", "Tanja", "Uwe",
)  # fmt: skip
_LAST_NAMES = (
    "Albrecht", "Böhm", "Çelik", "Dietrich", "Engel", "Fuchs", "Groß", "Hübner", "Jansen", "Köhler",
    "Lindner", "Müller", "Neumann", "Özdemir", "Pohl", "Richter", "Schäfer", "Tiedemann", "Vogt",
    "Weiß", "Yılmaz", "Zimmermann", "von der Heide",
)  # fmt: skip
_LATE_JOINERS = (
    ("Mareike", "Sommer"), ("Jonas", "Winter"), ("Amira", "Haddad"), ("Felix", "Brandt"),
    ("Lena", "Vogel"), ("Tarik", "Aydın"),
)  # fmt: skip
# 400 people whose premiums add up to 5,920.00 in the banded tariff.
_LARGE_PAYROLL = [6000] * 36 + [2300] * 86 + [2828] * 277 + [2844]
_IBANS = ("DE02120300000000202051", "DE02500105170137075030", "DE88100900001234567892")


@dataclass
class World:
    """What is in the database: `today` is the day it was built for."""

    today: date
    first_month: Month
    contracts: dict[str, GroupContract] = field(default_factory=dict)
    runs: list[BillingRun] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    files_root: Path = Path()

    @property
    def contract(self) -> GroupContract:
        """The contract of the large employer."""
        return self.contracts["Luftdruck GmbH"]


def build_world(*, today: date, large: int = 400, months: int = 5) -> World:
    """Three employers with `months` posted and collected runs up to the month of `today`."""
    world = World(today=today, first_month=Month.of(today).plus(1 - months))
    broker = Broker.objects.create(
        legal_name="Maklerkontor Nordlicht GmbH", registration_number="D-1234-ABCDE-56"
    )
    payrolls = {
        "Friseursalon Haarschön": [2400, 2400, 2400, 2400, 700, 4000],
        "Autohaus Fahrspaß GmbH": [2100] * 2 + [2600] * 3 + [3100] * 4 + [3600] * 2 + [4300] * 3
        + [4250],
        # 149 shares no factor with 400: everybody once, and the pays well mixed.
        "Luftdruck GmbH": [_LARGE_PAYROLL[i * 149 % 400] for i in range(large)],
    }  # fmt: skip
    towns = (("Rosengasse", "4", "99084", "Erfurt"), ("Ringstraße", "112", "04103", "Leipzig"),
             ("Werkstraße", "1–7", "38440", "Wolfsburg"))  # fmt: skip
    names = _names()
    for index, (name, payroll) in enumerate(payrolls.items()):
        employer = _employer(name, towns[index])
        contract = sign_contract(
            number=f"GV-{world.first_month.year}-{index + 1:04d}",
            employer=employer,
            broker=broker if index else None,
            start=world.first_month.first_day,
            terms=Terms(tariff_key="bau-2016", co_insures_directors=index == 0),
        )
        _mandate(contract, index, world.first_month.first_day)
        joins = [_join(world, next(names), number, pay) for number, pay in enumerate(payroll, 1)]
        apply_notices(contract=contract, notices=joins, source_name="Meldeliste.csv")
        world.contracts[name] = contract
    for index in range(months):
        _change_people(world, world.first_month.plus(index), index)
        _bill(world, world.first_month.plus(index))
    return world


def prepare_preview(world: World) -> BillingRun:
    """The next month's preview, with changes since the last run."""
    run = start_preview(world)
    fill(run)
    return run


def start_preview(world: World) -> BillingRun:
    """Notices after the last run, one of them for a clerk, and the next month's run, not filled."""
    next_month = Month.of(world.today).plus(1)
    _change_people(world, next_month, len(world.runs))
    unknown = Notice(NoticeKind.LEAVE, "8888", next_month.first_day, _at(world.today))
    apply_notices(contract=world.contract, notices=[unknown], source_name="Nachtrag.csv")
    return start_run(month=next_month, now=_at(world.today))


def fill(run: BillingRun) -> None:
    """Do what workers do: bill every slice."""
    while fill_slice(run=run, now=run.started_at):
        pass


def create_people(world: World) -> dict[str, User]:
    """The insurer's people, those of two employers, a broker's, and a stranger without any grant.

    The broker may send notices for the large employer; of the car dealer it sees figures only,
    and the hairdresser has no broker.
    """
    since = world.today - timedelta(days=30)
    large, small = world.contract, world.contracts["Friseursalon Haarschön"]
    people = {}
    for name, first, last, roles, party in (
        ("clerk", "Jana", "Petersen", (Role.CLERK, Role.FINANCE), {}),
        ("auditor", "Martin", "Vogel", (Role.AUDITOR,), {}),
        ("examiner", "Miriam", "Ostermann", (Role.EXAMINER,), {}),
        ("examiner2", "Tobias", "Reimers", (Role.EXAMINER,), {}),
        ("hr", "Sabine", "Krüger", (Role.EMPLOYER_ADMIN,), {"employer": large.employer}),
        ("hr_editor", "Emre", "Kaya", (Role.EMPLOYER_EDITOR,), {"employer": large.employer}),
        ("hr_reader", "Petra", "Lang", (Role.EMPLOYER_READER,), {"employer": large.employer}),
        ("hairdresser", "Heike", "Schön", (Role.EMPLOYER_ADMIN,), {"employer": small.employer}),
        ("broker", "Lars", "Nordmann", (Role.BROKER,), {"broker": large.broker}),
        ("stranger", "Otto", "Fremd", (), {}),
    ):
        user = User.objects.create_user(
            name,
            email=f"{name}@example.org",
            password=PASSWORD,
            first_name=first,
            last_name=last,
        )
        for role in roles:
            give_grant(user=user, role=role, first_day=since, **party)
        people[name] = user
    for collection in world.collections:
        collection.released_at, collection.released_by = collection.created_at, people["clerk"]
        collection.save(update_fields=["released_at", "released_by"])
    assert large.broker is not None
    give_authority(
        employer=large.employer,
        broker=large.broker,
        right=Right.EDIT,
        first_day=since,
        given_by=people["hr"],
    )
    return people


def creditor() -> Creditor:
    """The constructed insurer of the settings."""
    insurer = settings.INSURER
    return Creditor(insurer["name"], insurer["creditor_identifier"], insurer["iban"])


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), tzinfo=UTC)


def _names() -> Iterator[tuple[str, str]]:
    for number in count():
        first = _FIRST_NAMES[(number * 7 + number // 20) % len(_FIRST_NAMES)]
        yield first, _LAST_NAMES[(number * 11 + number // 23) % len(_LAST_NAMES)]


def _employer(name: str, town: tuple[str, str, str, str]) -> Employer:
    return Employer.objects.create(
        legal_name=name, street=town[0], building_number=town[1], postal_code=town[2],
        town=town[3], contact_name="Petra Personal", contact_email="personal@firma.example",
    )  # fmt: skip


def _mandate(contract: GroupContract, index: int, signed_on: date) -> None:
    record_mandate(
        contract=contract,
        creditor_identifier=settings.INSURER["creditor_identifier"],
        reference=f"M-{contract.number}",
        signed_on=signed_on,
        account_holder=contract.employer.legal_name,
        iban=_IBANS[index],
    )


def _join(world: World, name: tuple[str, str], number: int, pay: int) -> Notice:
    return Notice(
        kind=NoticeKind.JOIN,
        personnel_number=f"{1000 + number}",
        effective=world.first_month.first_day,
        received_at=_at(world.first_month.first_day - timedelta(days=9)),
        pay=Decimal(pay),
        first_name=name[0],
        last_name=name[1],
        birth_date=date(1966 + number % 38, 1 + number % 12, 1 + number % 28),
        employment="owner" if pay == 4000 else "trainee" if pay == 700 else "regular",
    )


def _change_people(world: World, month: Month, index: int) -> None:
    """A late joiner, a leaver and a pay change of the large employer, known before the run."""
    if index == 0:
        return
    received = _at(min(month.first_day - timedelta(days=8), world.today))
    base = 1000 + index * 3
    first_name, last_name = _LATE_JOINERS[index % len(_LATE_JOINERS)]
    notices = [
        Notice(
            NoticeKind.JOIN, f"{2000 + index}", month.plus(-1).first_day.replace(day=15), received,
            pay=Decimal("2910.50"), first_name=first_name, last_name=last_name,
            birth_date=date(1999, 4, 30),
        ),
        Notice(
            NoticeKind.LEAVE, f"{base + 1}", month.plus(-1).last_day, received,
            reason=EndReason.EMPLOYMENT_ENDED,
        ),
        Notice(
            NoticeKind.PAY_CHANGE, f"{base + 2}", month.plus(-1).first_day, received,
            pay=Decimal("3450"),
        ),
    ]  # fmt: skip
    apply_notices(contract=world.contract, notices=notices, source_name="Änderungen.csv")


def _bill(world: World, month: Month) -> None:
    now = _at(month.first_day - timedelta(days=6))
    run = start_run(month=month, now=now)
    fill(run)
    run = request_posting(run=run, now=now)
    world.runs.append(run)
    due = next_target_day(month.first_day + timedelta(days=20))
    # The newest statements wait, so that the pages have something to do.
    if month < Month.of(world.today):
        report = create_collections(due=due, now=now, creditor=creditor())
        world.collections += report.created
