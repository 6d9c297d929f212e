"""Insured people."""

from typing import Final

from django.http import HttpResponse

from api.parsing.cursor import read_cursor
from api.parsing.fields import choice, day, text
from api.queries.contracts import find_contract
from api.queries.member import find_person, write_member
from api.queries.members import STATUSES, list_members
from api.serializers.members import MemberDetailSerializer, MemberSerializer
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
from aupolicy.models import Right

_CONTRACT = text("contract", "Number or id of the contract.", longest=36)
_AS_OF = day("as_of", "The day that counts; today unless said.")
LISTING: Final = (
    _CONTRACT,
    _AS_OF,
    choice("status", "Where people stand on the day; insured unless said.", STATUSES),
    *PAGING,
)


class MembersView(Endpoint):
    """People of contracts."""

    @describe(
        "list_members",
        "Insured people as of a day",
        text="Each person once for each contract, with the stretch of cover that the day lies in,"
        " else the next one, else the last. What is known today about the day is told.",
        answer=page_of(MemberSerializer),
        parameters=query_parameters(LISTING),
        group="Members",
    )
    @operation(ApiScope.MEMBERS_READ)
    def get(self, request: ApiRequest) -> HttpResponse:
        """One page."""
        access, wanted = request.access, read_query(request, LISTING)
        contract, limit = wanted.get("contract", ""), wanted.get("limit", DEFAULT_LIMIT)
        after, person = read_cursor(wanted["cursor"], (int, int)) if "cursor" in wanted else (0, 0)
        page = list_members(
            access.rights,
            contract=contract,
            status=wanted.get("status", "insured"),
            day=wanted.get("as_of", access.today),
            after=(after, person),
            limit=limit + 1,
        )
        if contract and not page.items:
            # Nobody is there; or there is no such contract, or no authority to see its people.
            find_contract(access.rights, contract, needed=Right.READ)
        return answer_page(request, page.items, limit=limit, places=page.places)


class MemberView(Endpoint):
    """One person."""

    @describe(
        "get_member",
        "One person with all cover",
        answer=MemberDetailSerializer,
        parameters=query_parameters((_CONTRACT, _AS_OF)),
        group="Members",
    )
    @operation(ApiScope.MEMBERS_READ)
    def get(self, request: ApiRequest, personnel_number: str) -> HttpResponse:
        """By the personnel number or our id."""
        access, wanted = request.access, read_query(request, (_CONTRACT, _AS_OF))
        person = find_person(access.rights, personnel_number, contract=wanted.get("contract", ""))
        return answer(write_member(person, wanted.get("as_of", access.today)))
