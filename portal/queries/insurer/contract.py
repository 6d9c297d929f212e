"""Reads of one contract: its head, months, wage bands, people and papers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, QuerySet
from psycopg import sql

from aupolicy.facts import Quote, TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.models import ContractVersion, GroupContract
from aupolicy.queries import (
    ContractState,
    NoTermsInForce,
    get_contract_state,
    get_tariff,
)
from aupolicy.rules import compute_next_anniversary, compute_price, compute_quote
from billing.models import Statement
from members.models import InsuredPay, Membership
from portal.facts import BandShare, LineSums, MemberRow
from portal.queries.insurer.contracts import posted_statements
from portal.queries.sorting import name_order

PEOPLE_PAGE_SIZE = 40
STATEMENTS_PAGE_SIZE = 24
CHART_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ContractHead:
    """What stands above every page of a contract, as of a day."""

    contract: GroupContract
    state: ContractState
    versions: list[ContractVersion]
    terms: ContractVersion
    tariff: TariffVersion
    insured: int
    statements: list[Statement]
    next_day: date

    @property
    def last_statement(self) -> Statement | None:
        """The newest posted statement."""
        return self.statements[0] if self.statements else None


def get_head(contract: GroupContract, day: date) -> ContractHead:
    """The head of a contract's pages. Raises NoTermsInForce."""
    shown = _shown_day(contract, day)
    versions = list(contract.versions.order_by("period"))
    terms = next((v for v in versions if shown in v.period), None)
    tariff = get_tariff(terms.tariff_key).version_on(shown) if terms else None
    if terms is None or tariff is None:
        raise NoTermsInForce(contract, shown)
    return ContractHead(
        contract=contract,
        state=get_contract_state(contract, day),
        versions=versions,
        terms=terms,
        tariff=tariff,
        insured=Membership.objects.filter(contract=contract, period__contains=shown).count(),
        statements=list(
            posted_statements()
            .filter(contract=contract)
            .select_related("run")
            .order_by("-month")[:CHART_MONTHS]
        ),
        next_day=contract.period.last_day
        or compute_next_anniversary(contract.period.first_day, shown),
    )


def _shown_day(contract: GroupContract, day: date) -> date:
    """The day itself, moved into the contract's life."""
    day = max(day, contract.period.first_day)
    return min(day, contract.period.last_day) if contract.period.last_day else day


_BANDS = """
SELECT band, COUNT(*), SUM(amount) FROM {lines}
WHERE contract_id = %s AND covered_month = %s AND band IS NOT NULL
GROUP BY band ORDER BY band
"""


def list_band_shares(statement: Statement, tariff: TariffVersion) -> list[BandShare]:
    """All wage bands of a tariff with the people and premium of a statement's own month."""
    query = sql.SQL(_BANDS).format(lines=sql.Identifier(statement.run.lines_table))
    with connection.cursor() as cursor:
        cursor.execute(query, [statement.contract_id, statement.month])
        counts = {band: (number, amount) for band, number, amount in cursor.fetchall()}
    most = max((number for number, _ in counts.values()), default=1)
    shares = []
    for band in tariff.bands:
        insured, premium = counts.get(band.number, (0, ZERO))
        share = Decimal(100 * insured) / most
        shares.append(
            BandShare(band.number, band.above, band.up_to, insured, premium, round(share, 2))
        )
    return shares


_SUMS = """
SELECT COUNT(*) FILTER (WHERE covered_month = %(month)s),
       COALESCE(SUM(amount) FILTER (WHERE covered_month = %(month)s), 0),
       COUNT(*) FILTER (WHERE covered_month <> %(month)s),
       COALESCE(SUM(amount) FILTER (WHERE covered_month <> %(month)s), 0)
FROM {lines} WHERE contract_id = %(contract)s
"""


def get_line_sums(statement: Statement) -> LineSums:
    """How much of a statement is its own month and how much differences of past months."""
    query = sql.SQL(_SUMS).format(lines=sql.Identifier(statement.run.lines_table))
    with connection.cursor() as cursor:
        cursor.execute(query, {"contract": statement.contract_id, "month": statement.month})
        return LineSums(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people of a contract are shown; `show` is insured, coming, left or all."""

    text: str = ""
    show: str = "insured"


def filter_people(contract: GroupContract, wanted: PeopleFilter, day: date) -> QuerySet[Membership]:
    """Memberships of a contract by name; a reported mistake that never came about is left out."""
    people = (
        Membership.objects.filter(contract=contract, period__isnull=False)
        .select_related("person")
        .order_by(
            name_order("person__last_name"),
            name_order("person__first_name"),
            "person__personnel_number",
            "pk",
        )
    )
    if wanted.text:
        people = people.filter(_text_condition(wanted.text, "person__"))
    conditions = {
        "insured": Q(period__contains=day),
        "coming": Q(period__startswith__gt=day),
        "left": Q(period__fully_lt=(day, None)),
    }
    return people.filter(conditions.get(wanted.show, Q()))


def _text_condition(text: str, prefix: str) -> Q:
    """Every word stands in the name or begins the personnel number."""
    condition = Q()
    for word in text.replace(",", " ").split():
        condition &= (
            Q(**{f"{prefix}last_name__icontains": word})
            | Q(**{f"{prefix}first_name__icontains": word})
            | Q(**{f"{prefix}personnel_number__istartswith": word})
        )
    return condition


def page_of_people(
    people: QuerySet[Membership], *, page: str | int, day: date, tariff: TariffVersion
) -> tuple[Page[Membership], list[MemberRow]]:
    """One page of people with the pay and premium of the day, or of their nearest covered day."""
    found = Paginator(people, PEOPLE_PAGE_SIZE).get_page(page)
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


def _row(
    membership: Membership, pays: list[InsuredPay], day: date, tariff: TariffVersion
) -> MemberRow:
    pay = _pay_on(pays, day)
    price = compute_price(tariff, pay) if pay is not None else None
    last_day = membership.period.last_day
    return MemberRow(
        person_id=membership.person_id,
        name=str(membership.person),
        personnel_number=membership.person.personnel_number,
        period=membership.period,
        end_reason=membership.end_reason,
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
        membership__contract=contract, membership__period__contains=day, period__contains=day
    )
    if wanted.text:
        pays = pays.filter(_text_condition(wanted.text, "membership__person__"))
    counts = pays.order_by().values_list("amount").annotate(Count("id"))
    return compute_quote(tariff, dict(counts))


def list_statements(contract: GroupContract) -> QuerySet[Statement]:
    """Posted statements of a contract, newest first, with their collection."""
    return (
        posted_statements()
        .filter(contract=contract)
        .select_related("run", "collection_item__collection")
        .order_by("-month")
    )


def page_of_statements(statements: QuerySet[Statement], page: str | int) -> Page[Statement]:
    """One page of statements."""
    return Paginator(statements, STATEMENTS_PAGE_SIZE).get_page(page)
