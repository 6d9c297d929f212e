"""Reads of the list of contracts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from aupolicy.kernel.money import ZERO
from aupolicy.models import ContractVersion, GroupContract
from aupolicy.queries import ContractState, get_contract_state, get_tariff
from aupolicy.rules import compute_next_anniversary
from billing.models import BillingRun, Mandate, Statement
from members.models import Membership
from members.queries import insured_on
from portal.facts import ContractRow, ContractTotals
from portal.queries.sorting import name_order

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What the list is narrowed to; empty values let everything through."""

    text: str = ""
    state: ContractState | None = None
    without_mandate: bool = False


def filter_contracts(wanted: ContractFilter, day: date) -> QuerySet[GroupContract]:
    """Contracts by employer whose name, town or number holds the text and whose state fits."""
    contracts = GroupContract.objects.select_related("employer").order_by(
        name_order("employer__legal_name"), "number"
    )
    if wanted.text:
        contracts = contracts.filter(
            Q(number__icontains=wanted.text)
            | Q(employer__legal_name__icontains=wanted.text)
            | Q(employer__town__icontains=wanted.text)
        )
    if wanted.state:
        contracts = contracts.filter(_state_condition(wanted.state, day))
    if wanted.without_mandate:
        mandate = Mandate.objects.filter(contract=OuterRef("pk"), period__contains=day)
        contracts = contracts.filter(~Exists(mandate))
    return contracts


def _state_condition(state: ContractState, day: date) -> Q:
    # The same answer as aupolicy.queries.get_contract_state, asked of the table.
    return {
        ContractState.AGREED: Q(period__startswith__gt=day),
        ContractState.IN_FORCE: Q(period__contains=day, period__upper_inf=True),
        ContractState.CANCELLED: Q(period__contains=day, period__upper_inf=False),
        ContractState.ENDED: Q(period__fully_lt=(day, None)),
    }[state]


def page_of_contracts(
    contracts: QuerySet[GroupContract], *, page: str | int, day: date
) -> tuple[Page[GroupContract], list[ContractRow]]:
    """One page of contracts with what their rows show."""
    found = Paginator(contracts, PAGE_SIZE).get_page(page)
    return found, describe_contracts(found.object_list, day)


def describe_contracts(contracts: Iterable[GroupContract], day: date) -> list[ContractRow]:
    """Rows of contracts, with three queries for however many."""
    listed = list(contracts)
    ids = [contract.pk for contract in listed]
    insured = dict(
        Membership.objects.filter(insured_on(day), contract__in=ids)
        .values_list("contract")
        .annotate(Count("id"))
    )
    statements = {statement.contract_id: statement for statement in _last_statements(ids)}
    tariffs = _tariff_keys(ids, day)
    rows = []
    for contract in listed:
        statement = statements.get(contract.pk)
        rows.append(
            ContractRow(
                contract_id=contract.pk,
                number=contract.number,
                employer=contract.employer.legal_name,
                town=contract.employer.town,
                state=get_contract_state(contract, day),
                tariff=tariffs.get(contract.pk, ""),
                insured=insured.get(contract.pk, 0),
                premium=statement.total if statement else None,
                premium_month=statement.month if statement else None,
                next_day=contract.period.last_day
                or compute_next_anniversary(contract.period.first_day, day),
            )
        )
    return rows


def sum_contracts(contracts: QuerySet[GroupContract], day: date, *, number: int) -> ContractTotals:
    """Sums over all contracts that passed the filters (`number` of them), not just one page."""
    chosen = contracts.order_by()
    insured = Membership.objects.filter(insured_on(day), contract__in=chosen).count()
    sums = Statement.objects.filter(pk__in=_last_statements(chosen).values("pk")).aggregate(
        premium=Coalesce(Sum("total"), ZERO)
    )
    return ContractTotals(number, insured, sums["premium"])


def posted_statements() -> QuerySet[Statement]:
    """Statements with a number, of the ordinary monthly runs."""
    return Statement.objects.filter(number__isnull=False, run__kind=BillingRun.PREMIUM)


def _last_statements(
    contracts: QuerySet[GroupContract] | list[int],
) -> QuerySet[Statement]:
    return (
        posted_statements()
        .filter(contract__in=contracts)
        .order_by("contract", "-month")
        .distinct("contract")
    )


def _tariff_keys(ids: list[int], day: date) -> dict[int, str]:
    """Tariff of the day; before the first day of a contract the one it begins with."""
    keys: dict[int, str] = {}
    for version in ContractVersion.objects.filter(contract__in=ids).order_by("period"):
        if version.contract_id not in keys or version.period.first_day <= day:
            keys[version.contract_id] = version.tariff_key
    return keys


def tariff_name(key: str, language: str) -> str:
    """Name of a tariff in a language; its key where a name is missing."""
    return get_tariff(key).name.get(language, key) if key else ""
