"""One insured person with all cover, by the employer's number or our key."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from api.facts import Fault, Problem
from api.queries.contracts import find_contract, list_contracts, list_employers, parse_key
from api.queries.members import name_status, price
from aupolicy.models import Right
from aupolicy.queries import NoTermsInForce, get_tariff_version
from aupolicy.queries.access import Rights
from members.models import InsuredPay, Membership, Person
from members.queries import get_insured_period

_MOST_NAMED = 20


def find_person(rights: Rights, name: str, *, contract: str = "") -> Person:
    """The person of a personnel number or key, with `covers` under the contracts of who asks.

    Raises Problem: 404 where there is none, 422 where several employers have such a number.
    """
    named = find_contract(rights, contract, needed=Right.READ) if contract else None
    contracts = list_contracts(rights).filter(employer__in=list_employers(rights))
    covers = Membership.objects.filter(contract__in=contracts if named is None else [named])
    pays = InsuredPay.objects.order_by("period")
    covers = covers.select_related("contract").prefetch_related(Prefetch("pays", pays))
    key = parse_key(name)
    found = list(
        Person.objects.filter(
            Q(public_id=key) if key else Q(personnel_number=name),
            employer__in=list_employers(rights) if named is None else [named.employer_id],
            memberships__in=covers,
        )
        .distinct()
        .prefetch_related(Prefetch("memberships", covers.order_by("period"), to_attr="covers"))
        .order_by("pk")[:_MOST_NAMED]
    )
    if len(found) > 1:
        numbers = sorted({m.contract.number for person in found for m in _covers(person)})
        fault = Fault("MISSING", "contract")
        raise Problem(422, "CONTRACT_MISSING", faults=(fault,), contracts=", ".join(numbers))
    if not found or not _list_stretches(found[0]):
        raise Problem(404, "NOT_FOUND")
    return found[0]


def write_member(person: Person, day: date) -> dict[str, Any]:
    """A person of `find_person` as the list tells it, and all cover with its pays."""
    stretches = _list_stretches(person)
    return {**_summarise(person, stretches, day), "covers": [_write_cover(s) for s in stretches]}


Stretch = tuple[Membership, date, date | None, str]


def _covers(person: Person) -> list[Membership]:
    found: list[Membership] = person.covers  # type: ignore[attr-defined]
    return found


def _list_stretches(person: Person) -> list[Stretch]:
    """Cover that is within its contract: membership, first and last day, why it ends."""
    found = []
    for membership in _covers(person):
        days, reason = get_insured_period(membership, membership.contract.period)
        if days is not None:
            found.append((membership, days.first_day, days.last_day, reason))
    return sorted(found, key=lambda stretch: (stretch[1], stretch[0].pk))


def _summarise(person: Person, stretches: Sequence[Stretch], day: date) -> dict[str, Any]:
    not_over = (one for one in stretches if one[2] is None or day <= one[2])
    membership, first_day, last_day, reason = next(not_over, stretches[-1])
    shown = max(day, first_day)
    shown = min(shown, last_day) if last_day else shown
    pay = next((each.amount for each in membership.pays.all() if shown in each.period), None)
    return {
        "id": person.public_id,
        "contract": membership.contract.number,
        "personnel_number": person.personnel_number,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": person.birth_date,
        "status": name_status(first_day, last_day, day),
        "insured_from": first_day,
        "insured_until": last_day,
        "end_reason": reason or None,
        "pay": pay,
        **_price(membership, pay, shown),
    }


def _price(membership: Membership, pay: Decimal | None, day: date) -> dict[str, Any]:
    try:
        tariff = get_tariff_version(membership.contract, day)
    except NoTermsInForce:
        tariff = None
    return dict(price(tariff, pay))


def _write_cover(stretch: Stretch) -> dict[str, Any]:
    membership, first_day, last_day, reason = stretch
    return {
        "contract": membership.contract.number,
        "insured_from": first_day,
        "insured_until": last_day,
        "end_reason": reason or None,
        "pays": [
            {
                "first_day": each.period.first_day,
                "last_day": each.period.last_day,
                "pay": each.amount,
            }
            for each in membership.pays.all()
        ],
    }
