"""Reads of one person: cover, pay, what was charged, what was reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.facts import Price, TariffVersion
from aupolicy.models import GroupContract
from aupolicy.queries import NoTermsInForce, get_tariff_version
from aupolicy.rules import compute_price
from billing.models import PremiumLine, Statement
from documents.models import Document
from members.models import InsuredPay, Membership, NoticeRecord, Person

MOST_LINES = 36
MOST_NOTICES = 50


@dataclass(frozen=True, slots=True)
class PersonHead:
    """A person's cover as of a day. `current` is the stretch of that day, else the nearest one."""

    person: Person
    contract: GroupContract
    memberships: list[Membership]
    pays: list[InsuredPay]
    current: Membership | None
    tariff: TariffVersion | None
    pay: Decimal | None
    price: Price | None


def get_person_head(person: Person, contract: GroupContract, day: date) -> PersonHead:
    """Cover, pay and price of a person under a contract."""
    memberships = list(
        Membership.objects.filter(person=person, contract=contract, period__isnull=False).order_by(
            "period"
        )
    )
    pays = list(InsuredPay.objects.filter(membership__in=memberships).order_by("period"))
    current = _find_current(memberships, day)
    shown = _nearest_day(current, day)
    pay = next((p.amount for p in pays if shown in p.period), None)
    tariff = _find_tariff(contract, shown)
    return PersonHead(
        person=person,
        contract=contract,
        memberships=memberships,
        pays=pays,
        current=current,
        tariff=tariff,
        pay=pay,
        price=compute_price(tariff, pay) if tariff and pay is not None else None,
    )


def _find_current(memberships: Sequence[Membership], day: date) -> Membership | None:
    """The stretch of the day, else the next one to begin, else the last one."""
    for membership in memberships:
        if membership.period.last_day is None or day <= membership.period.last_day:
            return membership
    return memberships[-1] if memberships else None


def _nearest_day(membership: Membership | None, day: date) -> date:
    if membership is None:
        return day
    day = max(day, membership.period.first_day)
    return min(day, membership.period.last_day or day)


def _find_tariff(contract: GroupContract, day: date) -> TariffVersion | None:
    try:
        return get_tariff_version(contract, day)
    except NoTermsInForce:
        return None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A posted premium line of a person with the statement it stands on."""

    line: PremiumLine
    statement: Statement


def list_person_lines(person: Person, contract: GroupContract) -> list[PersonLine]:
    """What posted runs charged for a person, newest first."""
    lines = list(
        PremiumLine.objects.filter(contract=contract, person=person).order_by(
            "-covered_month", "-run_id"
        )[:MOST_LINES]
    )
    statements = {
        statement.run_id: statement
        for statement in Statement.objects.filter(
            contract=contract, run__in={line.run_id for line in lines}
        )
    }
    return [PersonLine(line, statements[line.run_id]) for line in lines]


def list_person_notices(person: Person, contract: GroupContract) -> list[NoticeRecord]:
    """What was reported about a person, newest first."""
    return list(
        NoticeRecord.objects.filter(
            contract=contract, personnel_number=person.personnel_number
        ).order_by("-received_at", "-pk")[:MOST_NOTICES]
    )


def list_person_papers(person: Person, contract: GroupContract) -> list[Document]:
    """A person's papers, newest first."""
    return list(
        Document.objects.filter(contract=contract, membership__person=person).order_by("-pk")[:20]
    )
