"""Search over everything the insurer has: each group in one query, the first few of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from aupolicy.models import Broker, Employer, GroupContract, User
from billing.models import Mandate, Statement
from members.models import Membership, Person
from portal.queries.sorting import name_order

SHORTEST = 2
MOST_EACH = 10
PAGE_SIZE = 50
_DAY_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")
_MOST_WORDS = 5


class Group(StrEnum):
    """What is searched, in the order it is shown."""

    EMPLOYERS = "employers"
    CONTRACTS = "contracts"
    PEOPLE = "people"
    STATEMENTS = "statements"
    MANDATES = "mandates"
    BROKERS = "brokers"
    USERS = "users"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, what tells it from others, and its page."""

    name: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a group; `has_more` when there are others."""

    group: Group
    hits: list[Hit]
    has_more: bool


def search(text: str) -> list[Found]:
    """What a text finds, the first few of each group; groups without a hit are left out."""
    if len(text) < SHORTEST:
        return []
    found = (search_group(group, text, limit=MOST_EACH, offset=0) for group in Group)
    return [result for result in found if result.hits]


def search_group(group: Group, text: str, *, limit: int, offset: int) -> Found:
    """What a text finds in one group, in one query."""
    if len(text) < SHORTEST:
        return Found(group, [], has_more=False)
    hits = list(islice(_SEARCHES[group](text, offset, offset + limit + 1), limit + 1))
    return Found(group, hits[:limit], has_more=len(hits) > limit)


def _employers(text: str, start: int, stop: int) -> Iterator[Hit]:
    contract = GroupContract.objects.filter(employer=OuterRef("pk")).order_by("-period", "pk")
    rows = (
        Employer.objects.filter(Q(legal_name__icontains=text) | Q(betriebsnummer=text))
        .annotate(contract_id=Subquery(contract.values("pk")[:1]))
        .order_by(name_order("legal_name"), "pk")
    )
    for row in rows[start:stop]:
        address = (
            reverse("insurer:contract", args=[row.contract_id])
            if row.contract_id
            else reverse("insurer:history", args=["employer", row.pk])
        )
        yield Hit(row.legal_name, f"{row.postal_code} {row.town}", address)


def _contracts(text: str, start: int, stop: int) -> Iterator[Hit]:
    rows = GroupContract.objects.filter(number__icontains=text).select_related("employer")
    for row in rows.order_by("number")[start:stop]:
        yield Hit(row.number, row.employer.legal_name, reverse("insurer:contract", args=[row.pk]))


def _people(text: str, start: int, stop: int) -> Iterator[Hit]:
    """Words begin a name or the personnel number; a date is that of birth."""
    contract = Membership.objects.filter(person=OuterRef("pk")).order_by("-period", "-pk")
    rows = (
        Person.objects.filter(_person_condition(text))
        .annotate(contract_id=Subquery(contract.values("contract_id")[:1]))
        .filter(contract_id__isnull=False)
        .select_related("employer")
        .order_by(name_order("last_name"), name_order("first_name"), "pk")
    )
    for row in rows[start:stop]:
        detail = f"{row.personnel_number}, {row.birth_date:%d.%m.%Y}, {row.employer.legal_name}"
        yield Hit(str(row), detail, reverse("insurer:person", args=[row.contract_id, row.pk]))


def _person_condition(text: str) -> Q:
    condition = Q()
    for word in text.replace(",", " ").split()[:_MOST_WORDS]:
        born = _read_day(word)
        condition &= (
            Q(birth_date=born)
            if born
            else Q(last_name__istartswith=word)
            | Q(first_name__istartswith=word)
            | Q(personnel_number__istartswith=word)
        )
    return condition


def _read_day(word: str) -> date | None:
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(word, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def _statements(text: str, start: int, stop: int) -> Iterator[Hit]:
    rows = Statement.objects.filter(number__istartswith=text).select_related("contract__employer")
    for row in rows.order_by("-month", "number")[start:stop]:
        detail = f"{row.month:%m/%Y}, {row.contract.employer.legal_name}"
        yield Hit(str(row.number), detail, reverse("insurer:statement", args=[row.pk]))


def _mandates(text: str, start: int, stop: int) -> Iterator[Hit]:
    bare = "".join(text.split()).upper()
    rows = Mandate.objects.filter(Q(reference__istartswith=text) | Q(iban__startswith=bare))
    rows = rows.select_related("contract__employer").order_by("reference", "pk")
    for row in rows[start:stop]:
        detail = f"{row.iban}, {row.contract.employer.legal_name}"
        address = reverse("insurer:agreement", args=[row.contract_id]) + "#mandate"
        yield Hit(row.reference, detail, address)


def _brokers(text: str, start: int, stop: int) -> Iterator[Hit]:
    rows = Broker.objects.filter(
        Q(legal_name__icontains=text) | Q(registration_number__istartswith=text)
    )
    for row in rows.order_by(name_order("legal_name"), "pk")[start:stop]:
        address = reverse("insurer:history", args=["broker", row.pk])
        yield Hit(row.legal_name, row.registration_number, address)


def _users(text: str, start: int, stop: int) -> Iterator[Hit]:
    condition = Q(username__istartswith=text) | Q(email__istartswith=text)
    for word in text.split()[:_MOST_WORDS]:
        condition |= Q(last_name__istartswith=word) | Q(first_name__istartswith=word)
    rows = User.objects.filter(condition).order_by("last_name", "first_name", "pk")
    for row in rows[start:stop]:
        name = row.get_full_name() or row.get_username()
        yield Hit(name, row.email, reverse("insurer:history", args=["user", row.pk]))


_SEARCHES: dict[Group, Callable[[str, int, int], Iterator[Hit]]] = {
    Group.EMPLOYERS: _employers,
    Group.CONTRACTS: _contracts,
    Group.PEOPLE: _people,
    Group.STATEMENTS: _statements,
    Group.MANDATES: _mandates,
    Group.BROKERS: _brokers,
    Group.USERS: _users,
}
