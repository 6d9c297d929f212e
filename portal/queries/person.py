"""Reads of one person: cover, pay, what was charged, what was reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

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
    pays = InsuredPay.objects.filter(membership__person=person, membership__contract=contract)
    return make_person_head(person, contract, list(read_pays(pays)), day)


def read_pays(pays: QuerySet[InsuredPay]) -> QuerySet[InsuredPay]:
    """Pays by day, each with its membership, person and contract. All cover has pay."""
    return pays.select_related(
        "membership__person", "membership__contract__employer", "membership__contract__broker"
    ).order_by("period")


def make_person_head(
    person: Person, contract: GroupContract, pays: list[InsuredPay], day: date
) -> PersonHead:
    """The same from pays that have been read already."""
    memberships = list({pay.membership_id: pay.membership for pay in pays}.values())
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
class StatementMark:
    """The statement that a line stands on: its key, number and month."""

    pk: int
    number: str
    month: date


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A posted premium line of a person with the statement it stands on."""

    line: PremiumLine
    statement: StatementMark


def list_person_lines(person: Person, contract: GroupContract) -> list[PersonLine]:
    """What posted runs charged for a person, newest first, in one query."""
    statements = Statement.objects.filter(contract=contract, run=OuterRef("run_id"))
    lines = (
        PremiumLine.objects.filter(contract=contract, person=person)
        .annotate(
            statement_id=Subquery(statements.values("pk")),
            statement_number=Subquery(statements.values("number")),
            statement_month=Subquery(statements.values("month")),
        )
        .order_by("-covered_month", "-run_id")
    )
    return [
        PersonLine(
            line, StatementMark(line.statement_id, line.statement_number, line.statement_month)
        )
        for line in lines[:MOST_LINES]
    ]


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
