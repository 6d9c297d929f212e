"""Contracts."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpResponse

from api.parsing.cursor import read_cursor
from api.parsing.fields import day
from api.queries.contract_figures import count_payrolls, read_day_terms, write_contract
from api.queries.contracts import find_contract, list_contracts
from api.serializers.contracts import ContractSerializer
from api.views.gate.access import ApiRequest
from api.views.gate.answers import answer
from api.views.gate.description import describe
from api.views.gate.endpoint import Endpoint, operation
from api.views.gate.paging import (
    DEFAULT_LIMIT,
    PAGING,
    answer_page,
    page_of,
    query_parameters,
    read_query,
)
from aupolicy.facts.machine import ApiScope
from aupolicy.models import GroupContract
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.queries.access import Rights

_AS_OF = day("as_of", "The day that counts; today unless said.")
LISTING: Final = (_AS_OF, *PAGING)
_TEXT = "Figures only: a broker sees these without an authority, too."


def _describe(
    contracts: Sequence[GroupContract], rights: Rights, day: date
) -> list[dict[str, Any]]:
    keys = [contract.pk for contract in contracts]
    terms = read_day_terms(keys, day)
    # Only counted, and only of contracts that were found within the fence.
    with acting_within(ALL):
        payrolls = count_payrolls(keys, day)
    return [write_contract(c, terms.get(c.pk), payrolls.get(c.pk, {}), rights, day)
            for c in contracts]  # fmt: skip


class ContractsView(Endpoint):
    """The contracts a program may name."""

    @describe(
        "list_contracts",
        "Contracts as of a day",
        text=_TEXT,
        answer=page_of(ContractSerializer),
        parameters=query_parameters(LISTING),
        group="Contracts",
    )
    @operation(ApiScope.CONTRACTS_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, LISTING)
        found = list_contracts(access.rights).select_related("broker")
        if "cursor" in wanted:
            found = found.filter(pk__gt=read_cursor(wanted["cursor"], (int,))[0])
        limit = wanted.get("limit", DEFAULT_LIMIT)
        contracts = list(found[: limit + 1])
        items = _describe(contracts, access.rights, wanted.get("as_of", access.today))
        return answer_page(request, items, limit=limit, places=[[c.pk] for c in contracts])


class ContractView(Endpoint):
    """One contract."""

    @describe(
        "get_contract",
        "One contract as of a day",
        text=_TEXT,
        answer=ContractSerializer,
        parameters=query_parameters((_AS_OF,)),
        group="Contracts",
    )
    @operation(ApiScope.CONTRACTS_READ)
    def get(self, request: ApiRequest, contract_id: str) -> HttpResponse:
        """By its id or number."""
        access, wanted = request.access, read_query(request, (_AS_OF,))
        contract = find_contract(access.rights, contract_id)
        return answer(_describe([contract], access.rights, wanted.get("as_of", access.today))[0])
