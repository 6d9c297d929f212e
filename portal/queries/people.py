"""Reads of the people of a contract, for every room that lists them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, DateField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least

from aupolicy.facts import Quote, TariffVersion, WageBand
from aupolicy.models import GroupContract
from aupolicy.rules import compute_price, compute_quote
from members.models import InsuredPay, Membership
from members.queries import coming_after, ended_before, get_insured_period, insured_on
from portal.facts import MemberRow
from portal.queries.sorting import name_order

PEOPLE_PAGE_SIZE = 40
_BATCH = 2000
_BIRTH_DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")
SHOWN_PEOPLE = ("insured", "coming", "left", "all")
SORTED_BY = ("name", "number", "start", "end", "pay")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people of a contract are shown, and in which order.

    `show` is one of SHOWN_PEOPLE, `band` the number of a wage band, `sort` one of SORTED_BY,
    with a minus before it for the other way round.
    """

    text: str = ""
    show: str = "insured"
    band: int | None = None
    sort: str = "name"


def filter_people(
    contract: GroupContract, wanted: PeopleFilter, day: date, tariff: TariffVersion | None = None
) -> QuerySet[Membership]:
    """Memberships of a contract as of a day; a reported mistake that never came about is left out.

    `tariff` is needed to find the people of a band.
    """
    people = Membership.objects.filter(contract=contract, period__isnull=False)
    people = people.select_related("person", "contract")
    if wanted.text:
        people = people.filter(_text_condition(wanted.text, "person__"))
    conditions = {
        "insured": insured_on(day),
        "coming": coming_after(day),
        "left": ended_before(day),
    }
    people = people.filter(conditions.get(wanted.show, Q()))
    band = get_band(tariff, wanted.band)
    key, is_down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if band is not None or key == "pay":
        people = _with_pay(people, day, are_insured=wanted.show == "insured")
    if band is not None:
        people = people.filter(_band_condition(band, "shown_pay"))
    return _order(people, key, is_down=is_down)


def get_band(tariff: TariffVersion | None, number: int | None) -> WageBand | None:
    """The band of a number in a tariff, None where there is none."""
    bands = tariff.bands if tariff is not None else ()
    return next((band for band in bands if band.number == number), None)


def _with_pay(
    people: QuerySet[Membership], day: date, *, are_insured: bool
) -> QuerySet[Membership]:
    """People with the `shown_pay` of the day, or of their nearest covered day.

    A join, not a subquery: of a condition on a subquery the database cannot tell how many rows
    it leaves, and then reads all persons again for each of them.
    """
    shown: Any = day
    if not are_insured:
        begun = Greatest(Value(day), F("period__startswith"), output_field=DateField())
        last = Func(F("period__endswith"), template="(%(expressions)s - 1)")
        shown = Least(begun, last, output_field=DateField())
    return people.filter(pays__period__contains=shown).annotate(shown_pay=F("pays__amount"))


def _band_condition(band: WageBand, field: str) -> Q:
    condition = Q(**{f"{field}__gt": band.above}) if band.above else Q()
    if band.up_to is not None:
        condition &= Q(**{f"{field}__lte": band.up_to})
    return condition


def _order(people: QuerySet[Membership], key: str, *, is_down: bool) -> QuerySet[Membership]:
    names = [name_order("person__last_name"), name_order("person__first_name")]
    fields = {
        "number": ["person__personnel_number"],
        "start": ["period__startswith"],
        "end": ["period__endswith"],
        "pay": ["shown_pay"],
    }
    if key not in fields:
        first = [name.desc() for name in names] if is_down else list(names)
        return people.order_by(*first, "person__personnel_number", "pk")
    chosen = [f"-{field}" if is_down else field for field in fields[key]]
    return people.order_by(*chosen, *names, "pk")


def _text_condition(text: str, prefix: str) -> Q:
    """Every word stands in the name, begins the personnel number or is the birth date."""
    condition = Q()
    for word in text.replace(",", " ").split():
        found = (
            Q(**{f"{prefix}last_name__icontains": word})
            | Q(**{f"{prefix}first_name__icontains": word})
            | Q(**{f"{prefix}personnel_number__istartswith": word})
        )
        born = _read_day(word)
        condition &= found | Q(**{f"{prefix}birth_date": born}) if born else found
    return condition


def _read_day(word: str) -> date | None:
    for form in _BIRTH_DATE_FORMATS:
        try:
            return datetime.strptime(word, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


class _CountedPaginator(Paginator[Membership]):
    """Pages of people who have been counted already."""

    def __init__(self, people: QuerySet[Membership], size: int, known: int) -> None:
        super().__init__(people, size)
        self.count = known


def page_of_people(
    people: QuerySet[Membership],
    *,
    page: str | int,
    day: date,
    tariff: TariffVersion,
    counted: int | None = None,
) -> tuple[Page[Membership], list[MemberRow]]:
    """One page of people with the pay and premium of the day, or of their nearest covered day.

    `counted` are all of them, where that is known already.
    """
    if counted is None:
        found = Paginator(people, PEOPLE_PAGE_SIZE).get_page(page)
    else:
        found = _CountedPaginator(people, PEOPLE_PAGE_SIZE, counted).get_page(page)
    return found, describe_people(found.object_list, day=day, tariff=tariff)


def describe_people(
    people: Iterable[Membership], *, day: date, tariff: TariffVersion
) -> list[MemberRow]:
    """Rows of people, with one query for however many."""
    memberships = list(people)
    pays: dict[int, list[InsuredPay]] = {}
    for pay in InsuredPay.objects.filter(membership__in=memberships).order_by("period"):
        pays.setdefault(pay.membership_id, []).append(pay)
    return [_row(m, pays.get(m.pk, []), day, tariff) for m in memberships]


def stream_people(
    people: QuerySet[Membership], *, day: date, tariff: TariffVersion
) -> Iterator[MemberRow]:
    """Rows of any number of people, of which only some are in memory at a time."""
    found = people.iterator(chunk_size=_BATCH)
    while batch := list(islice(found, _BATCH)):
        yield from describe_people(batch, day=day, tariff=tariff)


def _row(
    membership: Membership, pays: list[InsuredPay], day: date, tariff: TariffVersion
) -> MemberRow:
    pay = _pay_on(pays, day)
    price = compute_price(tariff, pay) if pay is not None else None
    # One that would have begun after the contract's end is shown as it was reported.
    period, end_reason = get_insured_period(membership, membership.contract.period)
    period = period or membership.period
    last_day = period.last_day
    return MemberRow(
        person_id=membership.person_id,
        name=str(membership.person),
        personnel_number=membership.person.personnel_number,
        birth_date=membership.person.birth_date,
        period=period,
        end_reason=end_reason,
        pay=pay,
        band=price.band if price else None,
        premium=price.premium if price else None,
        has_ended=last_day is not None and last_day < day,
    )


def _pay_on(pays: list[InsuredPay], day: date) -> Decimal | None:
    """The pay of a day; before the first period the first, after the last the last."""
    if not pays:
        return None
    before = [pay for pay in pays if pay.period.first_day <= day]
    return (before[-1] if before else pays[0]).amount


def sum_people(
    contract: GroupContract, wanted: PeopleFilter, *, day: date, tariff: TariffVersion
) -> Quote:
    """People insured on a day, with payroll and full monthly premium, as the filter finds them."""
    pays = InsuredPay.objects.filter(
        insured_on(day, "membership__"), membership__contract=contract, period__contains=day
    )
    if wanted.text:
        pays = pays.filter(_text_condition(wanted.text, "membership__person__"))
    band = get_band(tariff, wanted.band)
    if band is not None:
        pays = pays.filter(_band_condition(band, "amount"))
    counts = pays.order_by().values_list("amount").annotate(Count("id"))
    return compute_quote(tariff, dict(counts))
